/** The assertions in the suites that users have: AVA is what runs this one, and the others are run as they run them. */
import test from 'ava';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fromTemplate } from '../../project/templates.js';
import { packageRoot } from '../run-holdfast.js';
import { directoryWith, install } from './directory.js';

function run(directory: string, args: readonly string[]): { status: number | null; output: string } {
  const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' };
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: directory,
    env,
    encoding: 'utf8',
  });
  return { status, output: stdout + stderr };
}

/** What `holdfast new proposal mine` writes: in TypeScript, and two of its claims fall after four calls. */
const proposal = fromTemplate('proposal', 'mine');

/** The same with all that it does not keep expected. */
const defended = proposal.replace(
  '  bounds:',
  `  expected: {
    'held-link-never-overridden': 'an update names the device',
    'holder-knows-what-runs': 'an update names the device',
  },
  bounds:`,
);

/** The last row of the shortest counterexample. */
const lastCall = /✗ mine held-link-never-overridden: broken by 4 calls\n[^]*4 +B +update\(prog2, eth0\) +ok/;

test.serial('node:test runs a whole project, TypeScript and all', (t) => {
  const directory = directoryWith(t, {
    'holdfast.config.ts': `export default { proposals: './mine.ts' };`,
    'mine.ts': proposal,
    'mine.test.mjs': `import test from 'node:test';
import { assertProject } from 'holdfast';

test('what we propose keeps its promises', () => assertProject({ depth: 3 }));
test('looked at further, it does not', () => assertProject({ depth: 4 }));
`,
  });
  install(directory);

  const { status, output } = run(directory, ['--test', '--test-reporter=tap', 'mine.test.mjs']);

  t.is(status, 1);
  t.regex(output, /^ok 1 - what we propose keeps its promises$/m);
  t.regex(output, /^not ok 2 - looked at further, it does not$/m);
  t.regex(output, lastCall);
});

test.serial('Vitest runs a proposal that it has compiled itself', (t) => {
  const directory = directoryWith(t, {
    'package.json': '{ "type": "module" }',
    'mine.ts': proposal,
    'mine.test.ts': `import { assertClaims } from 'holdfast';
import { test } from 'vitest';
import mine from './mine.ts';

test('as far as 3 calls', () => assertClaims(mine, { depth: 3 }));
test('as far as 4 calls', () => assertClaims(mine, { depth: 4 }));
`,
  });
  install(directory, ['vitest']);

  const { status, output } = run(directory, ['node_modules/vitest/vitest.mjs', 'run']);

  t.is(status, 1, output);
  t.regex(output, /1 failed \| 1 passed/);
  t.regex(output, lastCall);
  t.regex(output, /mine\.test\.ts:6/);
});

const page = readFileSync(path.join(packageRoot, 'docs/projects.md'), 'utf8');

/** How each runner is started, on the file that its block of the page is written to. */
const runners: readonly (readonly [name: string, file: string, args: readonly string[]])[] = [
  ['Vitest', 'mine.vitest.test.ts', ['node_modules/vitest/vitest.mjs', 'run']],
  ['node:test', 'mine.node.test.mjs', ['--test', 'mine.node.test.mjs']],
  ['AVA', 'mine.ava.test.mjs', ['node_modules/ava/entrypoints/cli.mjs', '--timeout=1m', 'mine.ava.test.mjs']],
];

for (const [name, file, args] of runners) {
  test.serial(`what the page on projects says for ${name} passes where all is as expected`, (t) => {
    const [, lines] = new RegExp(`^// ${name}\n([^]*?)^\`\`\``, 'm').exec(page) ?? [];
    const directory = directoryWith(t, {
      'package.json': '{ "type": "module" }',
      'holdfast.config.mjs': `export default { proposals: './mine.ts' };`,
      'mine.ts': defended,
      [file]: lines!,
    });
    install(directory, ['ava', 'vitest']);

    const { status, output } = run(directory, args);

    t.is(status, 0, output);
    t.regex(output, /1 passed|pass 1|1 test passed/);
  });
}
