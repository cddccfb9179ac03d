import test from 'ava';
import { readFileSync } from 'node:fs';
import { createLook } from '../../report/look.js';
import { showScenario } from '../../report/scenario-text.js';
import { compareRuns, parseScenario, runScenario } from '../../scenario/index.js';
import { design } from './columns.js';

test("the documentation's scenario can be read, and goes as it says", (t) => {
  const blocks = readFileSync('docs/scenarios.md', 'utf8').split(/^```\w*\n/m);
  const scenario = parseScenario(
    blocks.find((block) => block.startsWith('scenario: two'))!,
    'scenarios.md',
  );
  const runs = ['netlink-xdp', 'tc-filter', 'link-fd', 'expected-fd'].map((name) =>
    runScenario(scenario, design(name)),
  );
  const table = blocks
    .find((block) => block.startsWith('   step '))!
    .trimEnd()
    .split('\n');
  const lines = showScenario(
    { name: 'two-tools', scenario, runs, ...compareRuns(runs) },
    'outcomes',
    createLook(),
  );
  t.deepEqual(lines.slice(3, 3 + table.length), table);
});
