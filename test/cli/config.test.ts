import test, { type ExecutionContext } from 'ava';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { directoryWith, proposalText } from '../project/directory.js';
import { holdfast } from '../run-holdfast.js';

const claim = ['--property', 'held-link-never-overridden', '--exhaustive', '--depth', '4', '--no-progress'];

/** A project with a proposal `mine`, whose one claim that falls is not expected, and a property `never-loaded` that falls too. */
function project(t: ExecutionContext): string {
  return directoryWith(t, {
    'holdfast.config.mjs': `import { defineConfig } from 'holdfast';
export default defineConfig({ proposals: './designs', properties: ['./claims/never-loaded.mjs'], cases: './cases' });
`,
    'designs/mine.mjs': proposalText('mine'),
    'claims/never-loaded.mjs': `import { broken } from 'holdfast';
export const neverLoaded = {
  name: 'never-loaded',
  kind: 'state',
  claim: 'Nothing is loaded.',
  source: 'this test',
  situation: 'always',
  speaksAbout: 'all',
  check: (s) => (s.programs[0].live ? broken('a program is loaded') : true),
};
`,
    'sub/x': '',
  });
}

test.serial("a project's proposals and properties are known by name, from any directory in it", (t) => {
  const directory = project(t);

  const { stdout, stderr } = holdfast(['list'], { cwd: path.join(directory, 'sub') });

  t.regex(stdout, /^mine +XDP by netlink/m, stderr);
  t.regex(stdout, /^netlink-xdp /m);
  t.regex(stdout, /^never-loaded +Nothing is loaded\.$/m);
});

test.serial("without arguments, a project's own proposals are checked, against its own claims too", (t) => {
  const directory = project(t);

  const { status, stdout, stderr } = holdfast(['check', '--exhaustive', '--depth', '4', '--no-progress'], {
    cwd: directory,
  });

  t.is(status, 1, stderr);
  t.regex(stdout, /✗ mine held-link-never-overridden: broken by 4 calls/);
  t.regex(stdout, /✗ mine never-loaded: broken by 1 call\n/);
  t.notRegex(stdout, /netlink-xdp/);
});

test.serial('what is found is added to the cases of the project, and replayed from there', (t) => {
  const directory = project(t);

  const added = holdfast(['check', ...claim, '--add'], { cwd: directory });
  t.is(added.stderr, 'added cases/mine/held-link-never-overridden.case\n');
  t.true(existsSync(path.join(directory, 'cases/mine/held-link-never-overridden.case')));

  const replayed = holdfast(['replay'], { cwd: path.join(directory, 'sub') });
  t.regex(replayed.stdout, /^1 replayed: 1 as expected, 0 not\.$/m, replayed.stderr);
});

test.serial('a built-in proposal is checked in a project when it is named', (t) => {
  const { status, stdout } = holdfast(['check', 'netlink-xdp', ...claim], { cwd: project(t) });

  t.is(status, 0, stdout);
  t.regex(stdout, /1 claim checked on 1 proposal: 0 kept, 1 broken as expected\./);
});

test.serial('a config can be named, or left aside', (t) => {
  const directory = project(t);
  const elsewhere = directoryWith(t, {});

  const config = path.join(directory, 'holdfast.config.mjs');
  t.regex(holdfast(['list', 'proposals', '--config', config], { cwd: elsewhere }).stdout, /^mine /m);
  t.notRegex(holdfast(['--no-config', 'list', 'proposals'], { cwd: directory }).stdout, /^mine /m);
  const missing = holdfast(['list', '--config', 'holdfast.config.ts'], { cwd: elsewhere });
  t.is(missing.status, 65);
  t.regex(missing.stderr, /holdfast\.config\.ts: There is no such file\./);
});

test.serial('a misspelt setting in TypeScript is told its place and the nearest one', (t) => {
  const directory = directoryWith(t, {
    'holdfast.config.ts': `import { defineConfig } from 'holdfast';

export default defineConfig({
  propsals: './designs',
});
`,
  });

  const { status, stderr } = holdfast(['list'], { cwd: directory });

  t.is(status, 65);
  t.true(stderr.includes(`${directory}/holdfast.config.ts:4:3: `), stderr);
  t.regex(stderr, /Did you mean to write 'proposals'\?/);
});
