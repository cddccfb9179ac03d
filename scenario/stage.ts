/** One design at work: makes the calls of a scenario's steps, one by one, and keeps account of the descriptors handed out. */
import { ModelFault } from '../checker/faults.js';
import { Recorder, type Trace } from '../checker/trace.js';
import { ATTACHMENTS, MAPS, actorName, objectBehind, type KernelState } from '../model/kernel/index.js';
import { IMPOSSIBLE, errnoOf, guardOf, type Machine } from '../model/machine/index.js';
import { tableOf } from '../model/state/index.js';
import { chooseCall, type ChosenCall, type Known } from './choose-call.js';
import { StepEnd } from './outcome.js';
import { Holds, type Role } from './things.js';

/** What a call handed out. */
export interface Made {
  /** What it is of; undefined for a number that is no descriptor. */
  readonly role: Role | undefined;
  /** The name of the numbers it is one of: `fd`, `handle`. */
  readonly domain: string;
  readonly value: number;
}

export class Stage {
  readonly holds = new Holds();
  /** What the scenario calls the numbers handed out, by index of the call. */
  readonly names = new Map<number, string>();
  /** What the calls that only look have seen, by index of the call. */
  readonly sights = new Map<number, readonly number[]>();
  private readonly recorder: Recorder<KernelState>;

  constructor(readonly machine: Machine<KernelState>) {
    this.recorder = new Recorder(machine);
    machine.reset();
  }

  get trace(): Trace {
    return this.recorder.trace;
  }

  /**
   * Makes the call that a verb means here; `name` is what the scenario calls what comes of it. Ends the step if there is no such
   * call (`elseWhy` says why), if the actor lacks a descriptor for it, or if it is refused.
   */
  call(
    verb: string,
    known: Known,
    elseWhy: string,
    name: string | undefined,
  ): ChosenCall & { readonly made: Made | undefined } {
    const chosen = chooseCall(this.machine, verb, known);
    if (chosen === undefined) throw new StepEnd({ kind: 'cannot-be-said', why: elseWhy });
    if ('missing' in chosen) throw noDescriptor(known.actor!, chosen.missing.thing.name);
    const made = this.make(chosen);
    if (made !== undefined && name !== undefined) {
      this.names.set(this.trace.length - 1, made.role === 'map' ? `${name}_map` : name);
    }
    return { ...chosen, made };
  }

  private make({ operation, args }: ChosenCall): Made | undefined {
    const { machine } = this;
    const op = machine.operations[operation]!;
    const code = this.invoke(operation, args);
    if (code === IMPOSSIBLE) {
      const bar = op.possible.find(({ test }) => !test(machine.state, ...args))?.name ?? 'what it needs';
      throw new StepEnd({ kind: 'cannot-be-said', why: `'${op.name}' is not possible: ${bar} fails` });
    }
    this.recorder.add(operation, args, code);
    if (code < 0) {
      throw new StepEnd({ kind: 'refused', errno: errnoOf(op, code), guard: guardOf(op, code)?.name });
    }
    if (op.observe) this.sights.set(this.trace.length - 1, op.observe(machine.state, ...args));
    if (op.returns === undefined) return undefined;
    const owner = Object.keys(op.params).indexOf(op.returns.owner ?? '');
    const isDescriptor = op.returns.domain.issued === 'actor';
    const role = isDescriptor ? roleOf(objectBehind(machine.state, args[owner]!, code)) : undefined;
    return { role, domain: op.returns.domain.name, value: code };
  }

  private invoke(operation: number, args: readonly number[]): number {
    try {
      return this.machine.call(operation, args);
    } catch (cause) {
      const { name } = this.machine.operations[operation]!;
      // The trace of a fault ends with the call that fails.
      this.recorder.add(operation, args, IMPOSSIBLE);
      throw new ModelFault(this.machine.name, name, this.trace, cause);
    }
  }
}

/** The end of a step for which an actor has no descriptor. */
export function noDescriptor(actor: number, thing: string): StepEnd {
  return new StepEnd({ kind: 'out-of-reach', why: `${actorName(actor)} has no descriptor of ${thing}` });
}

function roleOf(object: number): Role {
  switch (tableOf(object)) {
    case ATTACHMENTS:
      return 'link';
    case MAPS:
      return 'map';
    default:
      return 'program';
  }
}
