/** Ties the words of a case to the machine it is for: verbs to operations, names to the calls that handed numbers out. */
import { ERRNOS, type Machine, type Operation } from '../model/machine/index.js';
import type { Trace, TraceCall } from '../checker/trace.js';
import type { CaseLine, WrittenCalls } from './case.js';
import { chooseForm, isMisfit } from './forms.js';
import { remedyFor } from './nearest.js';
import { Scope, type NamedResult } from './scope.js';
import { CaseSyntaxError } from './syntax-error.js';

export interface BoundCase {
  readonly trace: Trace;
  /** What the case calls the numbers handed out, by index of the call. */
  readonly names: ReadonlyMap<number, string>;
  /** What the case says each call came to; undefined where it says nothing. */
  readonly expected: readonly (string | undefined)[];
}

/**
 * The calls of a case as calls of a machine. Throws a {@link CaseSyntaxError} for a word that the machine does not know, and
 * for a call that none of its operations fits.
 */
export function bindCase<S>(read: WrittenCalls, machine: Machine<S>): BoundCase {
  const scope = new Scope();
  const trace: TraceCall[] = [];
  const names = new Map<number, string>();
  read.calls.forEach((call, index) => {
    const form = bindCall(read, machine, scope, index);
    trace.push(form);
    if (call.result === undefined) return;
    names.set(index, call.result);
    scope.define(call.result, namedResult(machine, index, form));
  });
  return { trace, names, expected: read.calls.map(({ outcome }) => outcome) };
}

/**
 * One more call, behind those of a trace whose results have these names. Throws a {@link CaseSyntaxError} as {@link bindCase}
 * does; `file` is what it says.
 */
export function bindNext<S>(
  call: CaseLine,
  machine: Machine<S>,
  { trace, names }: Pick<BoundCase, 'trace' | 'names'>,
  file: string,
): TraceCall {
  const scope = new Scope();
  trace.forEach((before, index) => {
    const name = names.get(index);
    if (name !== undefined) scope.define(name, namedResult(machine, index, before));
  });
  return bindCall({ calls: [call], at: { file } }, machine, scope, 0);
}

function bindCall<S>(read: WrittenCalls, machine: Machine<S>, scope: Scope, index: number): TraceCall {
  const call = read.calls[index]!;
  const form = chooseForm(machine, call, scope);
  if (isMisfit(form)) {
    const remedy = laterDefinition(read, index, form.name) ?? form.remedy;
    throw new CaseSyntaxError(read.at.file, call.at.line, form.column, form.problem, remedy);
  }
  const op = machine.operations[form.operation]!;
  checkOutcome(read, machine, op, call);
  if (call.result !== undefined) checkName(read, machine, op, call);
  return form;
}

/** A remedy, if a name is used above the call that gives it. */
function laterDefinition(read: WrittenCalls, index: number, name: string | undefined): string | undefined {
  if (name === undefined || read.calls.slice(0, index).some(({ result }) => result === name))
    return undefined;
  const definition = read.calls.find(({ result }) => result === name);
  if (definition === undefined) return undefined;
  return `it is the result of line ${definition.at.line}, and can only be used below that`;
}

function namedResult<S>(machine: Machine<S>, index: number, call: TraceCall): NamedResult {
  const op = machine.operations[call.operation]!;
  const { domain, owner } = op.returns!;
  const position = owner === undefined ? -1 : Object.keys(op.params).indexOf(owner);
  const value = call.args[position];
  const isValue = typeof value === 'number';
  return {
    index,
    domain: domain.name,
    owner: isValue ? { value, name: op.params[owner!]!.values[value] ?? 'nobody' } : undefined,
  };
}

function checkName<S>(
  read: WrittenCalls,
  machine: Machine<S>,
  op: Operation<S>,
  { result, verb, at }: CaseLine,
): void {
  const fault = (problem: string, remedy: string): CaseSyntaxError =>
    new CaseSyntaxError(read.at.file, at.line, at.result, problem, remedy);
  if (op.returns === undefined) {
    throw fault(`'${verb}' hands out nothing that could be called '${result!}'`, `leave out '${result!} ='`);
  }
  if (isReserved(machine, result!)) {
    throw fault(`'${result!}' is a value, and cannot be a name`, 'choose another name for the result');
  }
}

/** Whether a word means a number, or the missing one, and so cannot name a result. */
export function isReserved<S>(machine: Machine<S>, word: string): boolean {
  if (word === 'none') return true;
  const domains = machine.operations.flatMap(({ params, returns }) => [
    ...Object.values(params),
    ...(returns === undefined ? [] : [returns.domain]),
  ]);
  return domains.some(({ issued, values }) => issued !== undefined && values.includes(word));
}

/**
 * An outcome may be out of date, and then a replay says so; but it must be one that some call can come to. What an
 * operation that only looks has seen can be any words.
 */
function checkOutcome<S>(
  read: WrittenCalls,
  machine: Machine<S>,
  op: Operation<S>,
  { outcome, at }: CaseLine,
): void {
  if (outcome === undefined || op.observe) return;
  const values = machine.operations.flatMap(({ returns }) => returns?.domain.values ?? []);
  const known = ['ok', ...ERRNOS, 'impossible', ...(op.returns?.domain.values ?? [])];
  if (known.includes(outcome) || values.some((value) => isAlike(value, outcome))) return;
  const problem = `a call cannot come to '${outcome}'`;
  throw new CaseSyntaxError(read.at.file, at.line, at.outcome, problem, remedyFor(outcome, known));
}

/** Whether two values differ by number only: a larger machine may have handed it out. */
function isAlike(value: string, other: string): boolean {
  return value.replace(/\d+$/, '') === other.replace(/\d+$/, '') && /\d$/.test(other);
}
