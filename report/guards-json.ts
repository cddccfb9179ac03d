/** Which guards and references are load-bearing, for programs; the fields are described in `docs/guards.md`. */
import {
  standingOf,
  unprotected,
  type GuardsReport,
  type TestedProposal,
  type TestedSwitch,
} from './guards.js';
import { findingObject } from './json.js';

/** Raised when a field goes away or means something else; new fields do not raise it. */
const SCHEMA = 1;

export function formatGuardsJson({ version, proposals }: GuardsReport): string {
  const object = { schema: SCHEMA, holdfast: version, proposals: proposals.map(proposalObject) };
  return `${JSON.stringify(object, undefined, 2)}\n`;
}

function proposalObject(proposal: TestedProposal) {
  const { name, title, bounds, states, stoppedBy, milliseconds, kept, isWhole, tested } = proposal;
  return {
    name,
    title,
    bounds,
    states,
    stoppedBy,
    milliseconds,
    kept,
    unprotected: isWhole ? unprotected(proposal) : undefined,
    switchedOff: tested.map(switchObject),
  };
}

function switchObject(one: TestedSwitch) {
  const { name, outcome, reason } = one;
  const base = { name, standing: standingOf(one), reason, kind: outcome.kind };
  switch (outcome.kind) {
    case 'falls':
      return { ...base, depth: outcome.depth, fallen: outcome.fallen.map(findingObject) };
    case 'fails':
      return { ...base, message: outcome.message, calls: outcome.calls };
    case 'unneeded':
      return { ...base, sameStates: outcome.sameStates };
    case 'undecided':
      return { ...base, depth: outcome.depth };
    case 'idle':
    case 'errno':
      return base;
  }
}
