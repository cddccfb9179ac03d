/** Makes the calls of a script, and says of each whether it came to what was expected; and then, what can be done next. */
import type { Machine } from '../model/machine/index.js';
import { judgeTrace } from '../checker/judge.js';
import { namedObjects, outcomeText, play, type Playback, type PlayedOutcome } from '../checker/playback.js';
import { possibleCalls, type PossibleCall } from '../checker/possible-calls.js';
import type { Property } from '../checker/property.js';
import { viewState, type StateView } from '../checker/state-view.js';
import { bindCase } from './bind.js';
import type { Expectation, Script } from './case.js';
import { findingOf, type Finding } from './finding.js';
import { whyImpossible } from './impossible.js';
import { printCall } from './print.js';

/** The outcome that a script writes where it wants to be told. */
export const ASKED = '?';

export interface TriedCall {
  readonly line: number;
  /** As it is written, without its outcome. */
  readonly call: string;
  readonly outcome: PlayedOutcome;
  /** What kept it from succeeding: a guard, or the precondition without which it cannot be made. */
  readonly because: string | undefined;
  /** What the script says it comes to; undefined where it asks, or says nothing. */
  readonly expected: string | undefined;
  readonly status: 'as-expected' | 'otherwise' | 'told' | 'made';
}

/** A claim that the calls break. */
export interface ScriptBreach {
  readonly property: string;
  readonly claim: string;
  /** Of the call that breaks it; 0 if it is broken before any call. */
  readonly line: number;
  readonly clause: string;
  /** The names of the objects it is broken for, by the part they play. */
  readonly objects: Readonly<Record<string, string>>;
}

/** What the calls come to for the property that the script names. */
export interface TriedExpectation {
  readonly property: string;
  readonly expected: Expectation;
  readonly got: Finding['kind'];
}

export interface TriedScript {
  readonly calls: readonly TriedCall[];
  /** The claims that the calls break, in the order of the properties. */
  readonly breaches: readonly ScriptBreach[];
  /** Given if the script names a property and says what it expects of it. */
  readonly expectation: TriedExpectation | undefined;
  /** Behind the last call. */
  readonly state: StateView;
  readonly next: readonly PossibleCall[];
}

/**
 * Makes all calls of a script, whatever they come to. Throws a {@link CaseSyntaxError} if a call does not fit the machine, and
 * what the rules of the machine or a property throw.
 */
export function tryScript<S>(
  script: Script,
  machine: Machine<S>,
  properties: readonly Property<S>[],
): TriedScript {
  const bound = bindCase({ ...script, calls: script.calls.map(withoutQuestion) }, machine);
  const { trace } = bound;
  const playback = play(machine, trace, bound.names);
  const names = namesIn(playback);
  const reasons = whyImpossible(machine, trace);
  const calls = script.calls.map((call, i): TriedCall => {
    const { outcome } = playback.steps[i]!;
    return {
      line: call.at.line,
      call: printCall(call),
      outcome,
      because: outcome.kind === 'refused' ? outcome.guard : reasons.get(i),
      expected: withoutQuestion(call).outcome,
      status: statusOf(call.outcome, outcomeText(outcome)),
    };
  });
  const breaches = properties.flatMap((property): ScriptBreach[] => {
    if (property.kind === 'witness') return [];
    const { broken, brokenAt = -1 } = judgeTrace(machine, property, trace);
    if (!broken) return [];
    const { name, claim } = property;
    const line = script.calls[brokenAt]?.at.line ?? 0;
    // What an object number stood for when the claim was broken, says the playback up to there.
    const objects = namedObjects(play(machine, trace.slice(0, brokenAt + 1), names), broken.objects);
    return [{ property: name, claim, line, clause: broken.clause, objects }];
  });
  const asked = properties.find(({ name }) => name === script.property);
  const expectation = asked &&
    script.expect && {
      property: asked.name,
      expected: script.expect,
      got: findingOf(machine, asked, trace).kind,
    };
  return {
    calls,
    breaches,
    expectation,
    state: viewState(machine, trace, names),
    next: possibleCalls(machine, trace, names),
  };
}

/** The names of results, also of those that the script gives none. */
function namesIn({ steps }: Playback): ReadonlyMap<number, string> {
  return new Map(steps.flatMap(({ result }, i) => (result === undefined ? [] : [[i, result] as const])));
}

/** Whether all came to what the script expects. */
export function isAsExpected({ calls, expectation }: TriedScript): boolean {
  return calls.every(({ status }) => status !== 'otherwise') && expectation?.got === expectation?.expected;
}

function withoutQuestion(call: Script['calls'][number]): Script['calls'][number] {
  return call.outcome === ASKED ? { ...call, outcome: undefined } : call;
}

function statusOf(expected: string | undefined, got: string): TriedCall['status'] {
  if (expected === undefined) return 'made';
  if (expected === ASKED) return 'told';
  return expected === got ? 'as-expected' : 'otherwise';
}
