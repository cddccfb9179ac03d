/**
 * JSON for programs; the fields are described in `docs/formats.md`. Keys come in a fixed order, and only what stands under
 * `milliseconds` differs between two runs with the same inputs.
 */
import type { PlayedStep, Playback } from '../checker/playback.js';
import type { OperationStatistics, Verdict } from '../checker/verdict.js';
import type {
  CaseOutcome,
  CheckedProposal,
  Finding,
  Report,
  Search,
  ShownCounterexample,
  ShownNearness,
} from './report.js';
import { triedIn } from './statistics-text.js';
import { statusOf, tallyOf } from './status.js';

/** Raised when a field goes away or means something else; new fields do not raise it. */
export const SCHEMA = 1;

export function formatJson(report: Report): string {
  return `${JSON.stringify(reportObject(report), undefined, 2)}\n`;
}

function reportObject({ version, part, cases, proposals }: Report) {
  return {
    schema: SCHEMA,
    holdfast: version,
    part: part && { shard: { ...part.shard }, asked: { ...part.asked } },
    summary: tallyOf(proposals.flatMap(({ findings }) => findings)),
    cases: cases.map(caseObject),
    proposals: proposals.map(proposalObject),
  };
}

function caseObject({ file, title, status, message }: CaseOutcome) {
  return { file, title, status, message };
}

function proposalObject({ name, title, bounds, without, searches, findings }: CheckedProposal) {
  return {
    name,
    title,
    bounds,
    without,
    searches: searches.map(searchObject),
    findings: findings.map(findingObject),
  };
}

function searchObject({ statistics, closed, stoppedBy, milliseconds, seed, shard }: Search) {
  const {
    method,
    states,
    transitions,
    refusals,
    depth,
    runs,
    bytes,
    boundsMet,
    counting,
    operations,
    coverage,
    upToSymmetry,
    fingerprints,
  } = statistics;
  return {
    method,
    seed,
    shard: shard && { ...shard },
    closed,
    stoppedBy,
    milliseconds,
    states,
    upToSymmetry,
    transitions,
    refusals,
    depth,
    runs,
    bytes,
    boundsMet,
    counting,
    coverage: coverage && { ...coverage },
    fingerprints: fingerprints && { ...fingerprints },
    operations: operations.map(operationObject),
  };
}

function operationObject(statistics: OperationStatistics) {
  const { operation, done, refused, refusedLate, keptBack } = statistics;
  return { operation, tried: triedIn(statistics), done, refused, refusedLate, keptBack };
}

function nearnessObject({ met, missing, playback }: ShownNearness) {
  return { met, missing, steps: stepObjects(playback) };
}

export function findingObject(finding: Finding) {
  const { property, claim, source, kind, verdict, spoke, expectedReason, counterexample, example, nearest } =
    finding;
  return {
    property,
    kind,
    status: statusOf(finding),
    verdict: verdictObject(verdict),
    spoke,
    claim,
    source,
    expectedReason,
    counterexample: counterexample && counterexampleObject(counterexample),
    example: example && stepObjects(example),
    nearest: nearest && nearnessObject(nearest),
  };
}

export function verdictObject(verdict: Verdict) {
  const { kind } = verdict;
  switch (kind) {
    case 'holds-up-to':
      return { kind, bound: verdict.bound };
    case 'violated':
      return { kind, calls: verdict.counterexample.trace.length };
    case 'witnessed':
      return { kind, calls: verdict.example.length };
    case 'undecided':
      return { kind, why: verdict.why };
    case 'holds':
    case 'vacuous':
    case 'witness-missing':
      return { kind };
  }
}

function counterexampleObject({ playback, clause, objects, reproduce, caseFile }: ShownCounterexample) {
  return { clause, objects, steps: stepObjects(playback), reproduce, caseFile };
}

export function stepObjects({ steps }: Playback) {
  return steps.map(stepObject);
}

export function stepObject({ actor, operation, verb, args, result, outcome, gained, lost }: PlayedStep) {
  return { actor, operation, verb, args, result, outcome: { ...outcome }, gained, lost };
}
