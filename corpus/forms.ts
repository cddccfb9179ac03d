/**
 * Which operation a call means. Several may share a verb (`load(prog)`, `load(rootlet, placeholder1, fw1)`); it is the one
 * whose parameters fit what is written.
 */
import { NONE } from '../model/state/index.js';
import type { Domain, Machine, Operation } from '../model/machine/index.js';
import type { Argument } from '../checker/trace.js';
import type { CaseLine } from './case.js';
import { remedyFor } from './nearest.js';
import { canUse, isForeign, type Scope } from './scope.js';

export interface ChosenForm {
  /** Index into the machine's operations. */
  readonly operation: number;
  readonly args: readonly Argument[];
}

/** Why no operation fits. */
export interface Misfit {
  readonly column: number;
  readonly problem: string;
  readonly remedy: string;
  /** The word at fault, if the name of a result is needed there. */
  readonly name?: string;
}

/** Tells a call whose words were read from one that fits nothing. */
export function isMisfit(choice: ChosenForm | Misfit): choice is Misfit {
  return 'problem' in choice;
}

/** Finds the operation that a call means, given the names known above it. */
export function chooseForm<S>(machine: Machine<S>, call: CaseLine, scope: Scope): ChosenForm | Misfit {
  const called = machine.operations.filter((op) => isCalled(op, call.verb));
  if (called.length === 0) return unknownVerb(machine, call);
  const withActor = called.filter((op) => hasActor(op) === (call.actor !== undefined));
  if (withActor.length === 0) return wrongActor(called, call);
  const caller = callerIn(withActor, call);
  if (caller === 'unknown') return unknownActor(withActor, call);
  const sized = withActor.filter((op) => parametersOf(op).length === call.args.length);
  if (sized.length === 0) return wrongCount(withActor, call);
  const fits = sized.map((op) => ({ op, args: fitArguments(op, call, caller, scope) }));
  const fitting = fits.filter(({ args }) => args.every((fit) => fit.kind === 'fits'));
  if (fitting.length === 0) return wrongValue(fits, call, caller, scope);
  if (fitting.length > 1 && !haveSameParameters(fitting.map(({ op }) => op))) return ambiguous(fitting, call);
  const { op, args } = fitting.find((form) => form.op.name === call.verb) ?? fitting[0]!;
  const values = args.flatMap((fit) => (fit.kind === 'fits' ? [fit.argument] : []));
  return {
    operation: machine.operations.indexOf(op),
    args: caller === undefined ? values : [caller, ...values],
  };
}

/** How an operation is called, with the names of its parameters: `A.load(target, subprogram, program)`. */
function formOf<S>(op: Operation<S>, actor: string | undefined): string {
  const names = parametersOf(op).map(([name]) => name);
  return `${actor === undefined ? '' : `${actor}.`}${op.verb}(${names.join(', ')})`;
}

/** By its verb; or, where a verb is not enough to tell two forms apart, by the name of the operation. */
function isCalled<S>(op: Operation<S>, word: string): boolean {
  return op.verb === word || op.name === word;
}

function hasActor<S>(op: Operation<S>): boolean {
  return Object.keys(op.params)[0] === 'actor';
}

/** The parameters behind the actor. */
function parametersOf<S>(op: Operation<S>): [string, Domain][] {
  return Object.entries(op.params).slice(hasActor(op) ? 1 : 0);
}

/** The actor as a value of its domain; undefined if nobody calls. */
function callerIn<S>(forms: readonly Operation<S>[], call: CaseLine): number | undefined | 'unknown' {
  if (call.actor === undefined) return undefined;
  const value = forms[0]!.params['actor']!.values.indexOf(call.actor);
  return value < 0 ? 'unknown' : value;
}

type Fit = { readonly kind: 'fits'; readonly argument: Argument } | { readonly kind: 'foreign' | 'wrong' };

function fitArguments<S>(op: Operation<S>, call: CaseLine, caller: number | undefined, scope: Scope): Fit[] {
  return parametersOf(op).map(([, domain], i) => fitArgument(domain, call.args[i]!, caller, scope));
}

function fitArgument(domain: Domain, text: string, caller: number | undefined, scope: Scope): Fit {
  const named = domain.issued === undefined ? undefined : scope.find(text);
  if (named !== undefined) {
    if (canUse(named, domain, caller)) return { kind: 'fits', argument: { result: named.index } };
    return { kind: isForeign(named, domain, caller) ? 'foreign' : 'wrong' };
  }
  if (domain.optional && text === 'none') return { kind: 'fits', argument: NONE };
  const value = domain.values.indexOf(text);
  return value < 0 ? { kind: 'wrong' } : { kind: 'fits', argument: value };
}

function haveSameParameters<S>(forms: readonly Operation<S>[]): boolean {
  const shapes = forms.map((op) => JSON.stringify(parametersOf(op).map(([, domain]) => domain)));
  return new Set(shapes).size === 1;
}

function unknownVerb<S>(machine: Machine<S>, { verb, at }: CaseLine): Misfit {
  const problem = `'${machine.name}' has no operation '${verb}'`;
  if (machine.definition.operations.some((op) => isCalled(op, verb))) {
    return { column: at.verb, problem, remedy: "it is switched off; remove it from 'without'" };
  }
  const verbs = [...new Set(machine.operations.map((op) => op.verb))];
  return { column: at.verb, problem, remedy: remedyFor(verb, verbs) };
}

function wrongActor<S>(forms: readonly Operation<S>[], { actor, verb, at }: CaseLine): Misfit {
  if (actor === undefined) {
    const first = forms[0]!.params['actor']?.values[0] ?? 'A';
    const remedy = `write who does, as in '${first}.${verb}(…)'`;
    return { column: at.verb, problem: `somebody must call '${verb}'`, remedy };
  }
  return { column: at.actor, problem: `nobody calls '${verb}'`, remedy: `leave out '${actor}.'` };
}

function unknownActor<S>(forms: readonly Operation<S>[], { actor, at }: CaseLine): Misfit {
  const { name, values } = forms[0]!.params['actor']!;
  return { column: at.actor, problem: `there is no ${name} '${actor!}'`, remedy: remedyFor(actor!, values) };
}

function wrongCount<S>(forms: readonly Operation<S>[], { actor, verb, args, at }: CaseLine): Misfit {
  const count = args.length === 1 ? 'one argument' : `${args.length} arguments`;
  const known = forms.map((op) => formOf(op, actor)).join(' or ');
  return { column: at.verb, problem: `'${verb}' does not take ${count}`, remedy: `write ${known}` };
}

function ambiguous<S>(
  forms: readonly { readonly op: Operation<S> }[],
  { actor, verb, at }: CaseLine,
): Misfit {
  const known = forms.map(({ op }) => formOf(op, actor)).join(' and as ');
  const remedy = 'give another name to the result that is called like a value';
  return { column: at.verb, problem: `'${verb}' can be read as ${known}`, remedy };
}

interface Attempt<S> {
  readonly op: Operation<S>;
  readonly args: readonly Fit[];
}

/** Speaks of the form that is nearest to what is written. */
function wrongValue<S>(
  attempts: readonly Attempt<S>[],
  call: CaseLine,
  caller: number | undefined,
  scope: Scope,
): Misfit {
  const points = { fits: 2, foreign: 1, wrong: 0 };
  const score = ({ args }: Attempt<S>): number => args.reduce((sum, { kind }) => sum + points[kind], 0);
  const nearest = attempts.reduce((best, attempt) => (score(attempt) > score(best) ? attempt : best));
  const i = nearest.args.findIndex(({ kind }) => kind !== 'fits');
  const [parameter, domain] = parametersOf(nearest.op)[i]!;
  const text = call.args[i]!;
  const column = call.at.args[i]!;
  const named = scope.find(text);
  if (nearest.args[i]!.kind === 'foreign') {
    const problem = `'${text}' is ${article(domain)} of ${named!.owner?.name ?? 'nobody'}`;
    return { column, problem, remedy: `send it to ${call.actor ?? 'the caller'} first` };
  }
  const usable = domain.issued === undefined ? [] : scope.usable(domain, caller);
  const known = [...usable, ...domain.values, ...(domain.optional ? ['none'] : [])];
  const problem = `'${text}' cannot be the ${parameter} of '${call.verb}'`;
  return {
    column,
    problem: `${problem}, which is ${article(domain)}`,
    remedy: remedyFor(text, known),
    ...(domain.issued === undefined ? {} : { name: text }),
  };
}

/** A domain's value, in words. */
function article({ name }: Domain): string {
  if (name === 'fd') return 'a descriptor';
  return `${/^[aeiou]/.test(name) ? 'an' : 'a'} ${name}`;
}
