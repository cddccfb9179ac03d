/** What the README tells a newcomer to type, typed. */
import test from 'ava';
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { newcomersDirectory, readmeBlocks as blocks } from './newcomer.js';
import { holdfast, packageRoot } from './run-holdfast.js';

const commands = blocks
  .filter(({ language }) => language === 'sh')
  .flatMap(({ text }) => text.split('\n'))
  .filter((line) => line.startsWith('npx holdfast '));

test('the README has commands to try', (t) => {
  t.true(commands.length >= 10);
});

for (const line of commands) {
  const [command = '', remark = ''] = line.split('#').map((part) => part.trim());
  const expected = Number(/exits with (\d+)/.exec(remark)?.[1] ?? 0);
  test(`the README's command works: ${command}`, (t) => {
    const directory = newcomersDirectory();
    t.teardown(() => {
      rmSync(directory, { recursive: true });
    });
    const { status, stdout, stderr } = holdfast(command.split(/\s+/).slice(2), { cwd: directory });
    t.is(status, expected, stderr);
    t.not(stdout, '');
  });
}

test("the README's test runs, with the package installed beside it", (t) => {
  const directory = newcomersDirectory();
  t.teardown(() => {
    rmSync(directory, { recursive: true });
  });
  const modules = path.join(directory, 'node_modules');
  mkdirSync(modules);
  symlinkSync(packageRoot, path.join(modules, 'holdfast'));
  symlinkSync(path.join(packageRoot, 'node_modules/fast-check'), path.join(modules, 'fast-check'));
  const run = spawnSync(process.execPath, ['my-test.mjs'], { cwd: directory, encoding: 'utf8' });
  t.is(run.stdout, 'nobody overrides a held link\n', run.stderr);
});

test('the counterexample at the top of the README is what the command prints', (t) => {
  const shown = blocks.find(({ text }) => text.startsWith('✗ netlink-xdp'))!.text.trimEnd();
  const { stdout } = holdfast([
    'check',
    'netlink-xdp',
    '-p',
    'held-link-never-overridden',
    '--all',
    '--exhaustive',
  ]);
  // The file of the case that is stored for it, and what else is below, depend on the corpus.
  t.true(stdout.includes(shown), stdout);
});

test('the case in the README replays as it says', (t) => {
  const written = blocks.find(({ text }) => text.startsWith('case: '))!.text;
  const { status, stdout } = holdfast(['replay', '-'], { input: written });
  t.is(status, 0, stdout);
});
