import test, { type ExecutionContext } from 'ava';
import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import ts from 'typescript';
import { importUserModule, UserModuleError } from '../../project/load-typescript.js';
import * as holdfast from '../../index.js';

const repository = fileURLToPath(new URL('../..', import.meta.url));

/** Writes files into a folder of its own, far from any tsconfig.json and node_modules. */
function write(t: ExecutionContext, files: Record<string, string>): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'holdfast-user-')));
  t.teardown(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

/** Loads a file that cannot be loaded, and gives the place and the complaint. */
async function failureOf(t: ExecutionContext, file: string) {
  const error = await t.throwsAsync(importUserModule(file), { instanceOf: UserModuleError });
  return { file: error.file, line: error.line, column: error.column, detail: error.detail };
}

for (const name of ['mine.ts', 'mine.mts', 'mine.js', 'mine.mjs']) {
  test(`${name} imports the running package under its name`, async (t) => {
    const folder = write(t, { [name]: `import * as seen from 'holdfast';\nexport { seen };\n` });

    const loaded = (await importUserModule(join(folder, name))) as { seen: unknown };

    t.is(loaded.seen, holdfast);
  });
}

test('a holdfast installed beside the file does not come between', async (t) => {
  const folder = write(t, {
    'node_modules/holdfast/package.json': '{ "type": "module", "exports": "./index.js" }',
    'node_modules/holdfast/index.js': 'export const other = true;',
    'mine.ts': `import * as seen from 'holdfast';\nexport { seen };\n`,
  });

  const loaded = (await importUserModule(join(folder, 'mine.ts'))) as { seen: unknown };

  t.is(loaded.seen, holdfast);
});

test("a file imports another of the user's, spelt .js or .ts", async (t) => {
  const folder = write(t, {
    'helper.ts': 'export const one: number = 1;\n',
    'mine.ts': `import { one } from './helper.js';\nimport * as helper from './helper.ts';\nexport const sum = one + helper.one;\n`,
  });

  t.like(await importUserModule(join(folder, 'mine.ts')), { sum: 2 });
});

test("a file may use Node's modules and globals, and leave types out", async (t) => {
  const text = `import { sep } from 'node:path';\nexport const length = (text) => Buffer.from(text).length + sep.length;\n`;
  const folder = write(t, { 'mine.ts': text });

  const { length } = (await importUserModule(join(folder, 'mine.ts'))) as {
    length: (text: string) => number;
  };

  t.is(length('abc'), 4);
});

test('a syntax error is reported with its place', async (t) => {
  const file = join(write(t, { 'mine.ts': 'const a = 1;\nexport const b = a +;\n' }), 'mine.ts');

  t.deepEqual(await failureOf(t, file), {
    file,
    line: 2,
    column: 21,
    detail: 'Expression expected. (TS1109)',
  });
});

test('a syntax error in JavaScript is reported with its place', async (t) => {
  const file = join(write(t, { 'mine.js': 'const a = 1;\nexport const b = a +;\n' }), 'mine.js');

  t.deepEqual(await failureOf(t, file), {
    file,
    line: 2,
    column: 21,
    detail: "SyntaxError: Unexpected token ';'",
  });
});

test('a type error is reported with its place', async (t) => {
  const file = join(
    write(t, { 'mine.ts': 'interface Row {\n  a: number;\n}\nexport const row: Row = { b: 1 };\n' }),
    'mine.ts',
  );

  t.like(await failureOf(t, file), { file, line: 4, column: 27 });
});

test('every type error is in the message', async (t) => {
  const text = `export const a: string = 1;\nexport const b: number = 'b';\n`;
  const file = join(write(t, { 'mine.ts': text }), 'mine.ts');

  const { message } = await t.throwsAsync(importUserModule(file), { instanceOf: UserModuleError });

  t.deepEqual(message.split('\n'), [
    `${file}:1:14: Type 'number' is not assignable to type 'string'. (TS2322)`,
    `${file}:2:14: Type 'string' is not assignable to type 'number'. (TS2322)`,
  ]);
});

for (const name of ['mine.ts', 'mine.mjs']) {
  test(`${name} that imports what holdfast does not offer is told where`, async (t) => {
    const file = join(
      write(t, { [name]: `// first\nimport { noSuchThing } from 'holdfast';\nnoSuchThing();\n` }),
      name,
    );

    t.like(await failureOf(t, file), { file, line: 2, column: 10 });
  });

  test(`${name} that imports a file that is not there is told where`, async (t) => {
    const file = join(write(t, { [name]: `// first\nimport { a } from './nothing.js';\na();\n` }), name);

    t.like(await failureOf(t, file), { file, line: 2, column: 19 });
  });
}

test('a file that throws while it is loaded is named with the line of the throw', async (t) => {
  const text =
    'interface Row {\n  a: number;\n}\nfunction fail(row: Row): never {\n  throw new RangeError(`row ${row.a}`);\n}\nfail({ a: 1 });\n';
  const file = join(write(t, { 'mine.ts': text }), 'mine.ts');

  t.deepEqual(await failureOf(t, file), { file, line: 5, column: 9, detail: 'RangeError: row 1' });
});

test('a syntax error in data that a file reads is placed where the file reads it', async (t) => {
  const file = join(write(t, { 'mine.ts': `const text = '{';\nJSON.parse(text);\n` }), 'mine.ts');

  t.like(await failureOf(t, file), { file, line: 2, column: 6 });
});

test('an imported file that throws is the one that is named', async (t) => {
  const folder = write(t, {
    'deep/helper.ts': `interface Unused {\n  a: number;\n}\nthrow new Error('not today');\n`,
    'mine.ts': `import './deep/helper.js';\n`,
  });

  t.deepEqual(await failureOf(t, join(folder, 'mine.ts')), {
    file: join(folder, 'deep/helper.ts'),
    line: 4,
    column: 7,
    detail: 'Error: not today',
  });
});

test('what is thrown need not be an error', async (t) => {
  const file = join(write(t, { 'mine.ts': `throw 'no';\n` }), 'mine.ts');

  t.like(await failureOf(t, file), {
    file,
    line: undefined,
    detail: `The file threw 'no' while it was loaded.`,
  });
});

test('a file that is not there, or not a module, is refused', async (t) => {
  const folder = write(t, { 'mine.txt': '' });

  t.is((await failureOf(t, join(folder, 'mine.ts'))).detail, 'There is no such file.');
  t.is((await failureOf(t, folder)).detail, 'This is not a file.');
  t.is(
    (await failureOf(t, join(folder, 'mine.txt'))).detail,
    'The name of a file to load must end in .ts, .mts, .js, .mjs.',
  );
});

test('a built package loads TypeScript in plain Node', (t) => {
  const compiled = (name: string) =>
    ts.transpileModule(readFileSync(join(repository, `${name}.ts`), 'utf8'), {
      compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
    }).outputText;
  const folder = write(t, {
    'package/package.json': '{ "name": "holdfast", "type": "module" }',
    'package/dist/index.js': 'export const double = (x) => 2 * x;\n',
    'package/dist/index.d.ts': 'export declare const double: (x: number) => number;\n',
    'package/dist/project/load-typescript.js': compiled('project/load-typescript'),
    'package/dist/package-place.js': compiled('package-place'),
    'package/dist/project/typescript-hooks.js': compiled('project/typescript-hooks'),
    'user/good.ts': `import { double } from 'holdfast';\nexport const four: number = double(2);\n`,
    'user/bad.ts': `import { double } from 'holdfast';\nexport const four: number = double('2');\n`,
  });
  symlinkSync(join(repository, 'node_modules'), join(folder, 'package/node_modules'));
  const loader = pathToFileURL(join(folder, 'package/dist/project/load-typescript.js')).href;
  const script = `import { importUserModule } from '${loader}';
    console.log((await importUserModule('good.ts')).four);
    await importUserModule('bad.ts').catch((error) => console.log(error.name, error.line, error.column));`;

  const output = execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: join(folder, 'user'),
    encoding: 'utf8',
  });

  t.is(output, '4\nUserModuleError 2 36\n');
});
