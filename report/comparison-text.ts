/** A comparison as a person reads it: which design keeps which claim, then a line for each scenario. */
import { callText } from '../checker/playback.js';
import { showClaimTable } from './claim-table.js';
import { columns, GAP } from './columns.js';
import type { Comparison, PlayedScenario } from './comparison.js';
import type { Look } from './look.js';
import { showSearches } from './search-lines.js';
import { wrapWords } from './wrap.js';

/** Characters that the outcomes get at least, however narrow the terminal. */
const LEAST_ROOM = 24;

export function showComparison({ version, proposals, scenarios }: Comparison, look: Look): string[] {
  const report = { version, cases: [], proposals };
  return [
    ...showClaimTable(report, look),
    '',
    ...showSearches(proposals, look),
    ...(scenarios.length === 0 ? [] : ['', ...showScenarios(scenarios, look)]),
  ];
}

/** Each scenario with how many designs can say it, and the first step at which these differ. */
function showScenarios(scenarios: readonly PlayedScenario[], { paint, width }: Look): string[] {
  const said = ({ runs, unsaid }: PlayedScenario): string =>
    `${runs.length - unsaid.length} of ${runs.length}`;
  const at = ({ divergence, scenario }: PlayedScenario): string =>
    divergence === undefined ? '' : callText(scenario.steps[divergence.step]!.call);
  const longest = (texts: readonly string[]): number => Math.max(...texts.map((text) => text.length));
  const taken = [scenarios.map(({ name }) => name), ['said by', ...scenarios.map(said)], scenarios.map(at)]
    .map(longest)
    .reduce((sum, length) => sum + length + GAP, 0);
  const room = Math.max(LEAST_ROOM, width - taken);
  const headings = ['Scenarios', 'said by', 'first difference', ''].map(paint.bold);
  const rows = scenarios.map((played) => [
    played.name,
    said(played),
    at(played),
    wrapWords(outcomesText(played), room).join('\n'),
  ]);
  return [
    ...columns([headings, ...rows]),
    '',
    paint.dim(`Step by step: npx holdfast compare --scenario ${scenarios[0]!.name}`),
  ];
}

function outcomesText({ divergence, runs, unsaid }: PlayedScenario): string {
  if (divergence !== undefined) {
    return divergence.groups.map(({ gist, proposals }) => `${gist} in ${proposals.length}`).join(', ');
  }
  return runs.length - unsaid.length > 1 ? 'none: they agree' : '';
}
