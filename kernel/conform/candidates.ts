/**
 * The states a running system may be in, as the model sees it. There is more than one where the system does work by itself, some
 * time after a call: the operations that nobody calls (`spontaneous`) may have happened or not. What is observed narrows it down.
 */
import { argumentLists } from '../../checker/calls.js';
import { IMPOSSIBLE, type Machine, type OutcomeCode } from '../../model/machine/index.js';
import type { ExpectedView, Identities, View } from './system.js';

export interface Candidate {
  readonly row: Int32Array;
  readonly identities: Identities;
}

/** A candidate after a call, and what the call came to in it. */
export interface Predicted {
  readonly code: OutcomeCode;
  /** What an operation that only looks saw, in words; empty for others. */
  readonly saw: readonly string[];
  readonly after: Candidate;
}

/** More states than this at once are a fault of the model: its spontaneous steps never settle. */
const MOST_CANDIDATES = 256;

export class Candidates<S> {
  private readonly spontaneous: readonly number[];

  constructor(
    readonly machine: Machine<S>,
    private readonly expected: ExpectedView<S>,
  ) {
    this.spontaneous = machine.operations.flatMap((op, i) => (op.spontaneous ? [i] : []));
  }

  first(): Candidate {
    return { row: this.machine.initialRow.slice(), identities: new Map() };
  }

  /** These candidates, and all that the system may have made of them by itself. */
  settling(from: readonly Candidate[]): Candidate[] {
    const found = new Map(from.map((candidate) => [keyOf(candidate), candidate]));
    for (const candidate of found.values()) {
      for (const operation of this.spontaneous) {
        for (const next of this.steps(candidate, operation)) {
          if (!found.has(keyOf(next))) found.set(keyOf(next), next);
        }
      }
      if (found.size > MOST_CANDIDATES)
        throw new Error(
          `'${this.machine.name}' has more than ${MOST_CANDIDATES} states that a call may have led to`,
        );
    }
    return [...found.values()];
  }

  /** What a step that nobody calls makes of a candidate, for all of its arguments with which it does something. */
  private steps(candidate: Candidate, operation: number): Candidate[] {
    const { machine } = this;
    const next: Candidate[] = [];
    for (const args of argumentLists(machine, operation)) {
      machine.load(candidate.row, 0);
      if (machine.call(operation, args) >= 0) next.push(this.current(candidate.identities));
    }
    return next;
  }

  /** What a call comes to in a candidate; undefined if it cannot be made there at all. */
  predict(candidate: Candidate, operation: number, args: readonly number[]): Predicted | undefined {
    const { machine } = this;
    const op = machine.operations[operation]!;
    machine.load(candidate.row, 0);
    if (op.observe) {
      const seen = machine.isPossible(operation, args) ? op.observe(machine.state, ...args) : undefined;
      if (seen === undefined) return undefined;
      const saw = machine.definition.sight?.(machine.state, seen, nameIn(candidate)) ?? [];
      return { code: 0, saw, after: candidate };
    }
    const code = machine.call(operation, args);
    if (code === IMPOSSIBLE) return undefined;
    return { code, saw: [], after: this.current(candidate.identities) };
  }

  /** The machine's state, with what is still there of the identities. */
  private current(identities: Identities): Candidate {
    const { machine } = this;
    const row = new Int32Array(machine.words);
    machine.save(row, 0);
    const { definition, state } = machine;
    const left = [...identities].filter(([object]) => definition.isLive?.(state, object) ?? true);
    return { row, identities: new Map(left) };
  }

  /**
   * Says what the number that a call handed out refers to. Returns undefined if the model knows that object by another name: then
   * the running system handed out something else.
   */
  identified(
    { code, after }: Predicted,
    operation: number,
    args: readonly number[],
    made: string,
  ): Candidate | undefined {
    const { machine } = this;
    const { returns, params } = machine.operations[operation]!;
    if (!returns) return after;
    machine.load(after.row, 0);
    const owner = returns.owner === undefined ? -1 : args[Object.keys(params).indexOf(returns.owner)]!;
    const object = machine.definition.objectBehind?.(machine.state, returns.domain.name, owner, code) ?? -1;
    const known = after.identities.get(object);
    if (known !== undefined && known !== made) return undefined;
    return { row: after.row, identities: new Map(after.identities).set(object, made) };
  }

  /** What the running system looks like if it is in this state. */
  viewOf(candidate: Candidate): View {
    this.machine.load(candidate.row, 0);
    return this.expected(this.machine.state, nameIn(candidate));
  }
}

function nameIn({ identities }: Candidate): (object: number) => string {
  return (object) => identities.get(object) ?? `object ${object}`;
}

function keyOf({ row, identities }: Candidate): string {
  return `${row.join()} ${[...identities].sort(([a], [b]) => a - b).join(' ')}`;
}
