/** What of a model a running system has confirmed: every outcome of every operation, how often, and which never. */
import { guardOf, LATE, ERRNOS, type Machine, type OutcomeCode } from '../../model/machine/index.js';

/** A way in which a call of an operation can end. */
export interface Ending {
  readonly operation: string;
  /** `done`, the name of the guard that refuses, or the errno of a refusal after the work has begun. */
  readonly name: string;
  /** The errno told; undefined if the call does its work. */
  readonly errno: string | undefined;
}

export interface ConfirmedEnding extends Ending {
  /** How often the running system ended a call like this. */
  readonly times: number;
}

/** An outcome that the model allowed beside others, where the running system was free to choose. */
export interface AllowedOutcome {
  readonly operation: string;
  readonly outcome: string;
  readonly allowed: number;
  readonly shown: number;
}

export function endingOf<S>(machine: Machine<S>, operation: number, code: OutcomeCode): Ending {
  const op = machine.operations[operation]!;
  if (code >= 0) return { operation: op.name, name: 'done', errno: undefined };
  const guard = guardOf(op, code);
  if (guard) return { operation: op.name, name: guard.name, errno: guard.errno };
  const errno = ERRNOS[LATE - code]!;
  return { operation: op.name, name: errno, errno };
}

/** All endings that a model's operations have; refusals by effects are known only when they are met. */
export function endingsOf<S>(machine: Machine<S>): Ending[] {
  return machine.operations.flatMap((op): Ending[] => [
    { operation: op.name, name: 'done', errno: undefined },
    ...op.guards.map(({ name, errno }) => ({ operation: op.name, name, errno })),
  ]);
}

export function endingKey({ operation, name }: Ending): string {
  return `${operation}/${name}`;
}

export class Coverage<S> {
  private readonly times = new Map<string, ConfirmedEnding>();
  private readonly choices = new Map<
    string,
    { operation: string; outcome: string; allowed: number; shown: number }
  >();

  /** Nothing is counted of operations that are not called. */
  constructor(
    private readonly machine: Machine<S>,
    without: ReadonlySet<string>,
  ) {
    for (const ending of endingsOf(machine))
      if (!without.has(ending.operation)) this.times.set(endingKey(ending), { ...ending, times: 0 });
  }

  /** Counts a call that the model and the running system agreed about. */
  confirm(operation: number, code: OutcomeCode, outcome: string, allowed: readonly string[]): void {
    const ending = endingOf(this.machine, operation, code);
    const key = endingKey(ending);
    this.times.set(key, { ...ending, times: (this.times.get(key)?.times ?? 0) + 1 });
    if (allowed.length > 1)
      for (const other of allowed) this.chose(ending.operation, other, other === outcome);
  }

  private chose(operation: string, outcome: string, isShown: boolean): void {
    const key = `${operation} ${outcome}`;
    const choice = this.choices.get(key) ?? { operation, outcome, allowed: 0, shown: 0 };
    choice.allowed++;
    if (isShown) choice.shown++;
    this.choices.set(key, choice);
  }

  /** In the order of the model's operations and guards. */
  endings(): ConfirmedEnding[] {
    return [...this.times.values()];
  }

  /** Outcomes that the model allowed beside others, as often as it did, and how often they were shown. */
  allowedOutcomes(): AllowedOutcome[] {
    return [...this.choices.values()];
  }
}
