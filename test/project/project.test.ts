import test, { type ExecutionContext } from 'ava';
import path from 'node:path';
import { findConfig } from '../../project/find-config.js';
import { UserModuleError } from '../../project/load-typescript.js';
import { directoryOf, itemsOfProject, loadProject } from '../../project/project.js';
import { directoryWith, proposalText } from './directory.js';

test('the config of the nearest directory counts', (t) => {
  const root = directoryWith(t, {
    'holdfast.config.mjs': '',
    'deep/holdfast.config.ts': '',
    'deep/er/x': '',
  });

  t.is(findConfig(path.join(root, 'deep/er')), path.join(root, 'deep/holdfast.config.ts'));
  t.is(findConfig(root), path.join(root, 'holdfast.config.mjs'));
});

test('of two configs in one directory, the TypeScript one counts', (t) => {
  const root = directoryWith(t, { 'holdfast.config.js': '', 'holdfast.config.ts': '' });

  t.is(findConfig(root), path.join(root, 'holdfast.config.ts'));
});

test('no config is looked for above a repository', (t) => {
  const root = directoryWith(t, {
    'holdfast.config.ts': '',
    'repository/.git/HEAD': '',
    'repository/sub/x': '',
  });

  t.is(findConfig(path.join(root, 'repository/sub')), undefined);
});

test('the config of the root of a repository counts', (t) => {
  const root = directoryWith(t, { 'holdfast.config.ts': '', '.git/HEAD': '', 'sub/x': '' });

  t.is(findConfig(path.join(root, 'sub')), path.join(root, 'holdfast.config.ts'));
});

/** Writes a config in JavaScript and files beside it, and gives what is wrong with them. */
async function problemOf(t: ExecutionContext, config: string, files: Readonly<Record<string, string>> = {}) {
  const root = directoryWith(t, { ...files, 'holdfast.config.mjs': config });
  const load = async (): Promise<unknown> =>
    itemsOfProject(await loadProject(path.join(root, 'holdfast.config.mjs')));
  const { file, line, column, detail } = await t.throwsAsync(load(), { instanceOf: UserModuleError });
  return { file: path.relative(root, path.resolve(file)), line, column, detail };
}

test('a setting that there is not is told its place and the nearest one', async (t) => {
  t.deepEqual(await problemOf(t, `export default {\n  cases: './cases',\n  propsals: './designs',\n};\n`), {
    file: 'holdfast.config.mjs',
    line: 3,
    column: 3,
    detail: `there is no setting 'propsals'; did you mean 'proposals'?`,
  });
});

test('a path that is not there is told its place and the nearest one, through defineConfig and a list', async (t) => {
  const config = `import { defineConfig } from 'holdfast';\nconst mine = { proposals: ['./one.mjs', './designs'] };\nexport default defineConfig(mine);\n`;

  t.deepEqual(
    await problemOf(t, config, { 'one.mjs': proposalText('one'), 'design/two.mjs': proposalText('two') }),
    {
      file: 'holdfast.config.mjs',
      line: 2,
      column: 41,
      detail: `there is no './designs' here; did you mean 'design'?`,
    },
  );
});

test('what is no path is told its place', async (t) => {
  t.deepEqual(await problemOf(t, `export default { proposals: ['./a.ts', 7] };`), {
    file: 'holdfast.config.mjs',
    line: 1,
    column: 40,
    detail: `'proposals' is a path, or a list of paths, in quotes`,
  });
  t.like(await problemOf(t, `export default {\n  'cases': ['./a', './b'],\n};`), {
    line: 2,
    column: 13,
    detail: `'cases' is one path, in quotes`,
  });
});

test('a config without a default export is told what to write', async (t) => {
  t.regex((await problemOf(t, `export const config = {};`)).detail, /export default defineConfig\(\{ … \}\)/);
});

test('a directory means its files, save tests, declarations and the config', async (t) => {
  const root = directoryWith(t, {
    'holdfast.config.mjs': `export default { proposals: '.' };`,
    'b.mjs': proposalText('b'),
    'a.mjs': proposalText('a'),
    'a.test.mjs': `throw new Error('a test is not loaded');`,
    'a.d.ts': 'export declare const nothing: never;',
    'notes.txt': '',
  });

  const { proposals } = await itemsOfProject(await loadProject(path.join(root, 'holdfast.config.mjs')));

  t.deepEqual(
    proposals.map(({ name }) => name),
    ['a', 'b'],
  );
});

test('a file that exports nothing of its kind is named', async (t) => {
  const problem = await problemOf(t, `export default { proposals: './designs' };`, {
    'designs/helper.mjs': 'export const helper = 1;',
  });

  t.is(problem.file, 'designs/helper.mjs');
  t.is(
    problem.detail,
    'There is no proposal in this file, which exports only helper. Export what defineProposal(…) returns, or keep the file elsewhere.',
  );
});

test('two files that use one name are both named', async (t) => {
  const problem = await problemOf(t, `export default { proposals: ['./one.mjs', './two.mjs'] };`, {
    'one.mjs': proposalText('mine'),
    'two.mjs': proposalText('mine'),
  });

  t.is(problem.file, 'two.mjs');
  t.regex(
    problem.detail,
    /^There is a proposal 'mine' in .*one\.mjs already: give one of them another name\.$/,
  );
});

test('a file may export again what another one exports', async (t) => {
  const root = directoryWith(t, {
    'holdfast.config.mjs': `export default { proposals: ['./one.mjs', './two.mjs'] };`,
    'one.mjs': proposalText('mine'),
    'two.mjs': `export { default } from './one.mjs';`,
  });

  const { proposals } = await itemsOfProject(await loadProject(path.join(root, 'holdfast.config.mjs')));

  t.is(proposals.length, 1);
});

test('the directory of a setting is the first that is no file, whether it is there yet or not', async (t) => {
  const root = directoryWith(t, {
    'holdfast.config.mjs': `export default { proposals: ['./one.mjs', './designs'], cases: './cases' };`,
    'one.mjs': '',
  });
  const project = await loadProject(path.join(root, 'holdfast.config.mjs'));

  t.is(path.resolve(directoryOf(project, 'proposals')!), path.join(root, 'designs'));
  t.is(path.resolve(directoryOf(project, 'cases')!), path.join(root, 'cases'));
  t.is(directoryOf(project, 'scenarios'), undefined);
});
