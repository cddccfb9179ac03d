/** The calls that can be made behind a trace, and what each would come to. */
import { IMPOSSIBLE, type Machine, type Operation, type OutcomeCode } from '../model/machine/index.js';
import { NONE } from '../model/state/index.js';
import { argumentLists, callsMade } from './calls.js';
import { ModelFault } from './faults.js';
import { hasActor } from './judge.js';
import { callWords, outcomeOf, play, type Playback, type PlayedCall } from './playback.js';
import { usedValues } from './shrink.js';
import { isResult, Recorder, type Argument, type Trace, type TraceCall } from './trace.js';

/** A call that was not made; what it would hand out has no name yet. */
export interface PossibleCall extends PlayedCall {
  /** To be put behind the trace. */
  readonly call: TraceCall;
  /** How many calls were left out because they differ from this one in names only. */
  readonly alike: number;
}

/**
 * All calls that can be made behind a trace: first those that would be accepted, then those that would be refused; each part by
 * actor, and for each actor in the order of the operations. `names` are those of the trace's results, as in {@link play}.
 *
 * Of calls that differ in names only, the first stands for all: those of interchangeable values that the trace has not used, and
 * those of numbers that stand for nothing, where they come to the same.
 *
 * Leaves the machine in the state behind the trace. Throws a ModelFault if an operation throws.
 */
export function possibleCalls<S>(
  machine: Machine<S>,
  trace: Trace,
  names: ReadonlyMap<number, string> = new Map(),
): PossibleCall[] {
  const playback = play(machine, trace, names);
  const recorder = new Recorder(machine);
  for (const { operation, args, code } of callsMade(machine, trace)) recorder.add(operation, args, code);
  const here = new Int32Array(machine.words);
  machine.save(here, 0);
  const used = usedValues(machine, trace);
  const writer = new Writer(machine, playback);
  const found = machine.operations.flatMap((op, operation) => {
    const calls = new Map<string, PossibleCall>();
    for (const args of argumentLists(machine, operation)) {
      machine.load(here, 0);
      machine.remember();
      const likeness = likenessOf(machine, op, args, used);
      const call = recorder.written(operation, args);
      const code = callOrFault(machine, trace, call, args);
      if (code === IMPOSSIBLE) continue;
      // Two numbers that stand for nothing need not be alike where a call makes use of them.
      const key = `${likeness} ${code} ${likeness.includes(NOTHING) ? stateKey(machine) : ''}`;
      const known = calls.get(key);
      if (known) calls.set(key, { ...known, alike: known.alike + 1 });
      else calls.set(key, { call, ...writer.write(op, call.args, args, code), alike: 0 });
    }
    return [...calls.values()];
  });
  machine.load(here, 0);
  return found.sort((a, b) => rankOf(machine, a) - rankOf(machine, b));
}

function callOrFault<S>(
  machine: Machine<S>,
  trace: Trace,
  call: TraceCall,
  args: readonly number[],
): OutcomeCode {
  try {
    return machine.call(call.operation, args);
  } catch (cause) {
    const { name } = machine.operations[call.operation]!;
    throw new ModelFault(machine.name, name, [...trace, call], cause);
  }
}

const NOTHING = 'nothing';

/** Equal for calls that can differ in names only. To be asked in front of the call. */
function likenessOf<S>(
  machine: Machine<S>,
  op: Operation<S>,
  args: readonly number[],
  used: ReadonlyMap<string, readonly number[]>,
): string {
  const renamed = new Map<string, number[]>();
  const words = Object.values(op.params).map((domain, i) => {
    const value = args[i]!;
    if (value !== NONE && domain.issued && !standsForSomething(machine, op, args, i)) return NOTHING;
    if (!domain.interchangeable || value === NONE || used.get(domain.name)?.includes(value)) return value;
    // Of those not used yet, only the order in which they appear tells two calls apart.
    const fresh = renamed.get(domain.name) ?? [];
    renamed.set(domain.name, fresh);
    if (!fresh.includes(value)) fresh.push(value);
    return `new${fresh.indexOf(value)}`;
  });
  return words.join();
}

/** Whether there is an object behind a number that could have been handed out. */
function standsForSomething<S>(
  { definition, state }: Machine<S>,
  op: Operation<S>,
  args: readonly number[],
  position: number,
): boolean {
  const { name, issued } = Object.values(op.params)[position]!;
  if (!definition.objectBehind) return true;
  const object = definition.objectBehind(state, name, issued === 'actor' ? args[0]! : NONE, args[position]!);
  return object !== NONE && (definition.isLive?.(state, object) ?? true);
}

function stateKey<S>({ memory, words }: Machine<S>): string {
  return memory.memory.subarray(0, words).join();
}

/** Writes calls with the names that a playback gives. */
class Writer<S> {
  /** By name, the call it means. */
  private readonly meant: ReadonlyMap<string | undefined, number>;

  constructor(
    private readonly machine: Machine<S>,
    private readonly playback: Playback,
  ) {
    this.meant = new Map(playback.steps.map(({ result }, i) => [result, i]));
  }

  /** A call that was just made. */
  write(
    op: Operation<S>,
    written: readonly Argument[],
    args: readonly number[],
    code: OutcomeCode,
  ): PlayedCall {
    const { steps } = this.playback;
    const named = written.map((argument, i) => (this.isNamed(argument) ? argument : args[i]!));
    const words = callWords(op, named, (result) => steps[result]!.result!);
    const outcome = outcomeOf(this.machine, op, code, args, (object) => this.nameOf(object));
    return { ...words, result: undefined, outcome };
  }

  /** A name that was given again means the later number; the earlier one is then written as a number. */
  private isNamed(argument: Argument): boolean {
    return (
      isResult(argument) && this.meant.get(this.playback.steps[argument.result]!.result) === argument.result
    );
  }

  private nameOf(object: number): string {
    const { definition, state } = this.machine;
    return this.playback.names[object] ?? definition.kindOf?.(state, object) ?? `object ${object}`;
  }
}

/** Accepted calls before refused ones, and those of nobody behind those of an actor. */
function rankOf<S>(machine: Machine<S>, { call, outcome }: PossibleCall): number {
  const actor = hasActor(machine.operations[call.operation]!) ? (call.args[0] as number) : MANY_ACTORS;
  return outcome.kind === 'refused' ? MANY_ACTORS + 1 + actor : actor;
}

/** More than any machine has. */
const MANY_ACTORS = 1 << 16;
