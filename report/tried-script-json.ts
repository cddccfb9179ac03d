/** A script that was tried, for programs; the fields are described in `docs/explore.md`. */
import { callText, outcomeText } from '../checker/playback.js';
import type { TriedScript } from '../corpus/try-script.js';

/** Raised when a field goes away or means something else; new fields do not raise it. */
const SCHEMA = 1;

export interface TriedScriptHead {
  /** Of Holdfast. */
  readonly version: string;
  readonly file: string;
  readonly proposal: string;
}

export function triedScriptJson({ version, file, proposal }: TriedScriptHead, tried: TriedScript): string {
  const { calls, breaches, expectation, state, next } = tried;
  const object = {
    schema: SCHEMA,
    holdfast: version,
    file,
    proposal,
    calls: calls.map(({ line, call, outcome, because, expected, status }) => ({
      line,
      call,
      outcome: outcomeText(outcome),
      because,
      expected,
      status,
    })),
    expectation,
    breaches: breaches.map(({ property, line, clause, objects }) => ({ property, line, clause, objects })),
    state,
    next: next.map(({ outcome, ...call }) => ({
      call: callText(call),
      outcome: outcomeText(outcome),
      because: outcome.kind === 'refused' ? outcome.guard : undefined,
      alike: call.alike,
    })),
  };
  return `${JSON.stringify(object, undefined, 2)}\n`;
}
