/** Makes cases out of traces. */
import type { Machine } from '../model/machine/index.js';
import { outcomeText, play, type Playback } from '../checker/playback.js';
import type { Property } from '../checker/property.js';
import { isResult, type Trace } from '../checker/trace.js';
import { bindCase, isReserved } from './bind.js';
import { textOf, type CallText, type Case, type CaseText } from './case.js';
import { isName } from './parse-call.js';
import { caseFrom } from './print.js';
import { replayCase } from './replay.js';
import { CaseSyntaxError } from './syntax-error.js';

/** What a case says besides its calls. Free text is brought onto one line. */
export type CaseAbout = Pick<CaseText, 'title' | 'proposal' | 'expect'> &
  Partial<Pick<CaseText, 'origins' | 'bounds'>>;

/** A trace, and what some of its results are called, by index of the call. */
export interface NamedTrace {
  readonly trace: Trace;
  readonly names?: ReadonlyMap<number, string>;
}

/**
 * A case made of a trace, about a property or about none, with the outcomes of now, and with the rules switched off that are switched off in the machine.
 * Give the bounds of the machine where they may matter; {@link withoutNeedlessBounds} takes them out again.
 *
 * Throws a {@link CaseSyntaxError} if the machine uses words that cannot be written in a case, and a RangeError if the trace
 * is none of this machine.
 */
export function caseOf<S>(
  machine: Machine<S>,
  property: Pick<Property<S>, 'name'> | undefined,
  { trace, names: given = new Map() }: NamedTrace,
  about: CaseAbout,
): Case {
  const head: Omit<CaseText, 'calls'> = {
    title: oneLine(about.title),
    proposal: about.proposal,
    property: property?.name,
    expect: about.expect,
    origins: (about.origins ?? []).map(oneLine),
    bounds: about.bounds ?? {},
    without: machine.without,
    comments: [],
    headerComments: {},
    closing: [],
  };
  const made = (names: ReadonlyMap<number, string>, callee: 'verb' | 'operation'): Case => {
    const calls = callsOf(play(machine, trace, names), names, callee);
    return caseFrom({ ...head, calls }, `${about.proposal}/${property?.name ?? 'calls'}.case`);
  };
  // Names and verbs as people would write them; plainer ones if what is written could be read in another way.
  const [spoken, plain] = [spokenNames(machine, trace, given), plainNames(machine, trace)];
  const drafts = [
    () => made(spoken, 'verb'),
    () => made(spoken, 'operation'),
    () => made(plain, 'verb'),
    () => made(plain, 'operation'),
  ];
  for (const draft of drafts) {
    const written = draft();
    if (means(written, machine, trace)) return written;
  }
  throw new RangeError(
    `a trace of '${machine.name}' cannot be written: it uses values or results that there are not`,
  );
}

/** The case with other outcomes: as something else than the machine answered the calls. Undefined leaves one out. */
export function withOutcomes(made: Case, outcomes: readonly (string | undefined)[]): Case {
  const text = textOf(made);
  const calls = text.calls.map((call, i) => ({ ...call, outcome: outcomes[i] }));
  return caseFrom({ ...text, calls }, made.at.file);
}

/** The case without its bounds, if it replays in a machine with room enough just as it does within them; else the same. */
export function withoutNeedlessBounds<S>(
  made: Case,
  machineFor: (read: Case) => Machine<S>,
  property: Property<S>,
): Case {
  const free = caseFrom({ ...textOf(made), bounds: {} }, made.at.file);
  return replayCase(free, machineFor(free), property).kind === 'as-expected' ? free : made;
}

function callsOf(
  { steps }: Playback,
  names: ReadonlyMap<number, string>,
  callee: 'verb' | 'operation',
): CallText[] {
  return steps.map((step, i) => ({
    result: names.get(i),
    actor: step.actor,
    verb: step[callee],
    args: step.args,
    outcome: outcomeText(step.outcome),
    comments: [],
    remark: undefined,
    paragraph: false,
  }));
}

/** The names of a playback, and names for refused calls that others refer to; words that cannot be names are replaced. */
function spokenNames<S>(
  machine: Machine<S>,
  trace: Trace,
  given: ReadonlyMap<number, string>,
): Map<number, string> {
  const { steps } = play(machine, trace, given);
  const names = plainNames(machine, trace);
  const isFree = (name: string): boolean => ![...names.values()].includes(name);
  steps.forEach(({ result }, i) => {
    if (result !== undefined && isName(result) && !isReserved(machine, result) && isFree(result))
      names.set(i, result);
  });
  return names;
}

/** `result1`, `result2`, … for the calls whose results have a name, or need one. */
function plainNames<S>(machine: Machine<S>, trace: Trace): Map<number, string> {
  const { steps } = play(machine, trace);
  const used = new Set(
    trace.flatMap(({ args }) => args.flatMap((arg) => (isResult(arg) ? [arg.result] : []))),
  );
  const named = steps.flatMap(({ result }, i) => (result !== undefined || used.has(i) ? [i] : []));
  return new Map(named.map((i) => [i, `result${i + 1}`]));
}

/** Whether a case, read again, is this trace. */
function means<S>(draft: Case, machine: Machine<S>, trace: Trace): boolean {
  try {
    return JSON.stringify(bindCase(draft, machine).trace) === JSON.stringify(trace);
  } catch (error) {
    if (error instanceof CaseSyntaxError) return false;
    throw error;
  }
}

function oneLine(text: string): string {
  return text.replace(/[\s\p{Cc}\p{Cf}\p{Cs}]+/gu, ' ').trim();
}
