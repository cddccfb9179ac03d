/** A comparison for programs; the fields are described in `docs/scenarios.md`. */
import { callText } from '../checker/playback.js';
import type { RunStep } from '../scenario/index.js';
import { claimRows } from './claims.js';
import type { Comparison, PlayedScenario } from './comparison.js';
import { verdictObject } from './json.js';
import { statusOf } from './status.js';

/** Raised when a field goes away or means something else; new fields do not raise it. */
const SCHEMA = 1;

export function formatComparisonJson(comparison: Comparison): string {
  const { version, proposals, scenarios } = comparison;
  const object = {
    schema: SCHEMA,
    holdfast: version,
    claims: claimRows({ proposals }).map(({ property, kind, findings }) => ({
      property,
      kind,
      verdicts: findings.flatMap((finding, i) =>
        finding === undefined
          ? []
          : [{ proposal: proposals[i]!.name, status: statusOf(finding), ...verdictObject(finding.verdict) }],
      ),
    })),
    scenarios: scenarios.map(scenarioObject),
  };
  return `${JSON.stringify(object, undefined, 2)}\n`;
}

function scenarioObject({ name, scenario, runs, unsaid, divergence }: PlayedScenario) {
  return {
    name,
    title: scenario.title,
    origins: scenario.origins,
    steps: scenario.steps.map(({ call, line }) => ({ step: callText(call), line })),
    divergence,
    unsaid,
    runs: runs.map(({ proposal, steps }) => ({ proposal, steps: steps.map(stepObject) })),
  };
}

function stepObject({ outcome, calls }: RunStep) {
  return {
    ...outcome,
    calls: calls.map((call) => ({ call: callText(call), outcome: { ...call.outcome } })),
  };
}
