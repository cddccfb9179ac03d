/** A trace played in full: every call in words, what came of it, and what it changed. What reports and cases are made of. */
import {
  errnoOf,
  guardOf,
  IMPOSSIBLE,
  isRefusal,
  type Domain,
  type Machine,
  type Operation,
  type OutcomeCode,
} from '../model/machine/index.js';
import { NONE, toPlain, type Plain } from '../model/state/index.js';
import { isResult, runTrace, type Argument, type Trace } from './trace.js';

/** What a call came to, in words. */
export type PlayedOutcome =
  | { readonly kind: 'ok' }
  /** It handed out a number, written as the domain writes it: `fd3`. */
  | { readonly kind: 'value'; readonly value: string }
  | { readonly kind: 'refused'; readonly errno: string; readonly guard: string | undefined }
  /** It only looked: what it saw, in order. */
  | { readonly kind: 'saw'; readonly words: readonly string[] }
  /** It could not be made at all. */
  | { readonly kind: 'impossible' };

export interface PlayedStep {
  /** Who called; undefined where the operation has no actor. */
  readonly actor: string | undefined;
  readonly operation: string;
  readonly verb: string;
  /** The arguments behind the actor, in words. */
  readonly args: readonly string[];
  /** What later calls call the number it handed out. */
  readonly result: string | undefined;
  readonly outcome: PlayedOutcome;
  /** What is true after the call and was not before, and the other way round. */
  readonly gained: readonly string[];
  readonly lost: readonly string[];
  /** All that is true after the call. */
  readonly facts: readonly string[];
  /** The whole state after the call, as plain data. */
  readonly state: Plain;
}

export interface Playback {
  readonly machine: string;
  readonly initial: Plain;
  /** What is true in the first state. */
  readonly initialFacts: readonly string[];
  readonly steps: readonly PlayedStep[];
  /** What the objects are called that results stand for, by object number, after the last step. */
  readonly names: Readonly<Record<number, string>>;
}

/** The objects of a clause by name; one that no result stands for is called by its number. */
export function namedObjects(
  playback: Playback,
  objects: Readonly<Record<string, number>>,
): Record<string, string> {
  const named = Object.entries(objects).map(
    ([part, object]) =>
      [part, playback.names[object] ?? (object === NONE ? 'nothing' : `object ${object}`)] as const,
  );
  return Object.fromEntries(named);
}

/** How an outcome is written on one line: `ok`, `fd3`, `EBUSY`, or the words for what was seen. */
export function outcomeText(outcome: PlayedOutcome): string {
  switch (outcome.kind) {
    case 'ok':
      return 'ok';
    case 'value':
      return outcome.value;
    case 'refused':
      return outcome.errno;
    case 'saw':
      return outcome.words.length === 0 ? 'nothing' : outcome.words.join(' ');
    case 'impossible':
      return 'impossible';
  }
}

/** A call in words. */
export type PlayedCall = Pick<PlayedStep, 'actor' | 'operation' | 'verb' | 'args' | 'result' | 'outcome'>;

/** How a call is written on one line, without its outcome: `fw1 = A.load(rootlet, placeholder1, fw1)`. */
export function callText(step: Pick<PlayedCall, 'actor' | 'verb' | 'args' | 'result'>): string {
  const call = `${step.actor === undefined ? '' : `${step.actor}.`}${step.verb}(${step.args.join(', ')})`;
  return step.result === undefined ? call : `${step.result} = ${call}`;
}

/**
 * Plays a trace. `given` may name the results of some calls (by index of the call); the others get names made from the
 * kind of object they stand for.
 */
export function play<S>(
  machine: Machine<S>,
  trace: Trace,
  given: ReadonlyMap<number, string> = new Map(),
): Playback {
  const namer = new Namer(machine, trace, given);
  const steps: PlayedStep[] = [];
  const { definition, memory } = machine;
  const factsNow = (): string[] => definition.facts?.(machine.state, (object) => namer.nameOf(object)) ?? [];
  machine.reset();
  const initial = toPlain(memory, memory.after);
  const initialFacts = factsNow();
  let known = initialFacts;
  runTrace(machine, trace, (index, code, args) => {
    const call = trace[index]!;
    const op = machine.operations[call.operation]!;
    const words = callWords(op, call.args, (result) => namer.resultName(result));
    const result = namer.after(index, op, code, args);
    const outcome = outcomeOf(machine, op, code, args, (object) => namer.nameOf(object));
    const facts = factsNow();
    steps.push({
      ...words,
      result,
      outcome,
      gained: facts.filter((fact) => !known.includes(fact)),
      lost: known.filter((fact) => !facts.includes(fact)),
      facts,
      state: toPlain(memory, memory.after),
    });
    known = facts;
  });
  return { machine: machine.name, initial, initialFacts, steps, names: namer.objectNames() };
}

/** A value of a domain as it is written in a trace. */
export function valueText(domain: Domain, value: number): string {
  return value === NONE ? 'none' : (domain.values[value] ?? `${domain.name}#${value}`);
}

/** Who calls what with which arguments, in words. */
export function callWords<S>(
  op: Operation<S>,
  args: readonly Argument[],
  resultName: (result: number) => string,
): Pick<PlayedStep, 'actor' | 'operation' | 'verb' | 'args'> {
  const params = Object.entries(op.params);
  const words = params.map(([, domain], i) => {
    const argument = args[i]!;
    return isResult(argument) ? resultName(argument.result) : valueText(domain, argument);
  });
  const hasActor = params[0]?.[0] === 'actor';
  return {
    actor: hasActor ? words[0] : undefined,
    operation: op.name,
    verb: op.verb,
    args: hasActor ? words.slice(1) : words,
  };
}

/** What a call that was just made came to, in words. */
export function outcomeOf<S>(
  machine: Machine<S>,
  op: Operation<S>,
  code: OutcomeCode,
  args: readonly number[],
  nameOf: (object: number) => string,
): PlayedOutcome {
  if (code === IMPOSSIBLE) return { kind: 'impossible' };
  if (isRefusal(code)) return { kind: 'refused', errno: errnoOf(op, code), guard: guardOf(op, code)?.name };
  if (op.observe) {
    const seen = op.observe(machine.state, ...args.slice(0, Object.keys(op.params).length));
    return {
      kind: 'saw',
      words: machine.definition.sight?.(machine.state, seen, nameOf) ?? seen.map(String),
    };
  }
  if (op.returns) return { kind: 'value', value: valueText(op.returns.domain, code) };
  return { kind: 'ok' };
}

/**
 * Names for results and the objects behind them. An object is called after the first result that stood for it; where one
 * trace has several objects of a kind, they are numbered.
 */
class Namer<S> {
  private readonly names = new Map<number, string>();
  private readonly objects = new Map<number, string>();
  private readonly taken: Set<string>;
  /** How many objects of each kind the trace makes, to know which kinds need numbers. */
  private readonly totals: ReadonlyMap<string, number>;
  private readonly seen = new Map<string, number>();

  constructor(
    private readonly machine: Machine<S>,
    trace: Trace,
    given: ReadonlyMap<number, string>,
  ) {
    this.taken = new Set(given.values());
    for (const [index, name] of given) this.names.set(index, name);
    this.totals = countKinds(machine, trace);
  }

  resultName(index: number): string {
    return this.names.get(index) ?? `result${index + 1}`;
  }

  nameOf(object: number): string {
    if (object === NONE) return 'nothing';
    return (
      this.objects.get(object) ??
      this.machine.definition.kindOf?.(this.machine.state, object) ??
      `object ${object}`
    );
  }

  objectNames(): Readonly<Record<number, string>> {
    return Object.fromEntries(this.objects);
  }

  /** To be called after each call: names what it handed out, and returns the name. */
  after(index: number, op: Operation<S>, code: OutcomeCode, args: readonly number[]): string | undefined {
    if (!op.returns || code < 0) return undefined;
    const owner = ownerOf(op, args);
    const object = objectOf(this.machine, op, owner, code);
    const isNew =
      object !== NONE && !(this.machine.definition.isLive?.(this.machine.before, object) ?? false);
    const fresh = isNew ? this.newName(object) : undefined;
    let name = this.names.get(index);
    if (name === undefined) {
      name = this.free(fresh ?? this.furtherName(op, owner, object, code));
      this.names.set(index, name);
    }
    if (isNew) this.objects.set(object, name);
    return name;
  }

  /** Objects that were given a name are counted as well: the second program is `prog2`, whatever the first is called. */
  private newName(object: number): string {
    const kind = this.machine.definition.kindOf?.(this.machine.state, object) ?? 'object';
    const count = (this.seen.get(kind) ?? 0) + 1;
    this.seen.set(kind, count);
    if ((this.totals.get(kind) ?? 0) < 2) return kind;
    return `${kind}${/\d$/.test(kind) ? '_' : ''}${count}`;
  }

  private furtherName(op: Operation<S>, owner: number, object: number, code: OutcomeCode): string {
    if (object === NONE) return valueText(op.returns!.domain, code);
    const params = Object.values(op.params);
    const ownerIndex = Object.keys(op.params).indexOf(op.returns!.owner ?? '');
    const place = ownerIndex < 0 ? 'again' : valueText(params[ownerIndex]!, owner);
    return `${this.nameOf(object)}_${place}`;
  }

  private free(wanted: string): string {
    let name = wanted;
    for (let i = 2; this.taken.has(name); i++) name = `${wanted}_${i}`;
    this.taken.add(name);
    return name;
  }
}

function ownerOf<S>(op: Operation<S>, args: readonly number[]): number {
  const index = Object.keys(op.params).indexOf(op.returns?.owner ?? '');
  return index < 0 ? NONE : args[index]!;
}

function objectOf<S>(machine: Machine<S>, op: Operation<S>, owner: number, code: number): number {
  return machine.definition.objectBehind?.(machine.state, op.returns!.domain.name, owner, code) ?? NONE;
}

function countKinds<S>(machine: Machine<S>, trace: Trace): ReadonlyMap<string, number> {
  const totals = new Map<string, number>();
  runTrace(machine, trace, (index, code, args) => {
    const op = machine.operations[trace[index]!.operation]!;
    if (!op.returns || code < 0) return;
    const object = objectOf(machine, op, ownerOf(op, args), code);
    if (object === NONE || (machine.definition.isLive?.(machine.before, object) ?? false)) return;
    const kind = machine.definition.kindOf?.(machine.state, object) ?? 'object';
    totals.set(kind, (totals.get(kind) ?? 0) + 1);
  });
  return totals;
}
