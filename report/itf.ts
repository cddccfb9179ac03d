/**
 * The Informal Trace Format of Apalache and Quint: a counterexample as a sequence of states.
 * https://apalache-mc.org/docs/adr/015adr-trace.html
 */
import { callText, outcomeText, type Playback } from '../checker/playback.js';
import type { Plain } from '../model/state/index.js';
import { accountSummary, type Account } from './account.js';

/** Numbers are JSON integers, which the format allows up to 2^53; the fields of a model's state are far smaller. */
export type ItfValue = Plain | string;

export interface ItfState {
  readonly '#meta': { readonly index: number };
  readonly [variable: string]: ItfValue | { readonly index: number };
}

export interface ItfTrace {
  readonly '#meta': Readonly<Record<string, string>>;
  readonly vars: readonly string[];
  readonly states: readonly ItfState[];
}

/** The counterexample as a trace; without one, a trace without states, which the format allows. */
export function formatItf(account: Account | undefined): string {
  const trace = account
    ? itfTrace(account.playback, { source: account.proposal.name, description: accountSummary(account) })
    : { '#meta': { ...FORMAT, description: 'no counterexample' }, vars: [], states: [] };
  return `${JSON.stringify(trace, undefined, 2)}\n`;
}

const FORMAT = { format: 'ITF', 'format-description': 'https://apalache-mc.org/docs/adr/015adr-trace.html' };

/**
 * A played trace: the first state, and the state after each call. The variables are the fields of the state, `action` (the
 * call that led there; `init` at first) and `outcome` (what it came to).
 */
export function itfTrace(playback: Playback, meta: Readonly<Record<string, string>> = {}): ItfTrace {
  const variables = Object.keys(fields(playback.initial));
  const action = freeName('action', variables);
  const outcome = freeName('outcome', variables);
  const states = [
    { [action]: 'init', [outcome]: '', ...fields(playback.initial) },
    ...playback.steps.map((step) => ({
      [action]: callText(step),
      [outcome]: outcomeText(step.outcome),
      ...fields(step.state),
    })),
  ];
  return {
    '#meta': { ...FORMAT, source: playback.machine, ...meta },
    vars: [action, outcome, ...variables],
    states: states.map((state, index) => ({ '#meta': { index }, ...state })),
  };
}

function fields(state: Plain): Readonly<Record<string, Plain>> {
  return isRecord(state) ? state : { state };
}

function isRecord(state: Plain): state is { readonly [name: string]: Plain } {
  return typeof state === 'object' && !Array.isArray(state);
}

function freeName(wanted: string, taken: readonly string[]): string {
  return taken.includes(wanted) ? freeName(`${wanted}_`, taken) : wanted;
}
