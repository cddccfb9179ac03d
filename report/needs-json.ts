/** What broken claims need, for programs; the fields are described in `docs/needs.md`. */
import { findingObject, stepObjects, verdictObject } from './json.js';
import {
  worthOf,
  type ClaimNeeds,
  type NamedRestriction,
  type NeededRestriction,
  type NeededSet,
  type NeedsReport,
  type ProposalNeeds,
} from './needs.js';

/** Raised when a field goes away or means something else; new fields do not raise it. */
const SCHEMA = 1;

export function formatNeedsJson({ version, size, proposals }: NeedsReport): string {
  const object = { schema: SCHEMA, holdfast: version, size, proposals: proposals.map(proposalObject) };
  return `${JSON.stringify(object, undefined, 2)}\n`;
}

function proposalObject({ claims, ...proposal }: ProposalNeeds) {
  const { name, title, bounds, restrictions, searches, states, transitions, milliseconds, stoppedBy } =
    proposal;
  return {
    name,
    title,
    bounds,
    restrictions,
    searches,
    states,
    transitions,
    milliseconds,
    stoppedBy,
    claims: claims.map(claimObject),
  };
}

function claimObject({ finding, sets }: ClaimNeeds) {
  return { ...findingObject(finding), sets: sets.map(setObject) };
}

function setObject(set: NeededSet) {
  const { restrictions, verdict, needed } = set;
  return {
    worth: worthOf(set),
    restrictions: restrictions.map(restrictionObject),
    verdict: verdictObject(verdict),
    needed: needed.map(neededObject),
  };
}

function restrictionObject({ name, sentence }: NamedRestriction) {
  return { name, sentence };
}

function neededObject({ restriction, instead, clause, playback }: NeededRestriction) {
  return {
    restriction: restriction.name,
    instead: instead.map(({ name }) => name),
    clause,
    steps: stepObjects(playback),
  };
}
