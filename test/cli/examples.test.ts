/** Every example in the help of every command, typed. */
import test from 'ava';
import { exec } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { manualOf } from '../../cli/manual.js';
import { createProgram } from '../../cli/program.js';
import { newcomersDirectory, readmeBlocks } from '../newcomer.js';
import { packageRoot } from '../run-holdfast.js';

const examples = manualOf(createProgram())
  .flatMap(({ text }) => [...text.matchAll(/^## Examples\n\n```sh\n([\s\S]*?)^```$/gm)])
  .flatMap(([, block]) => block!.trim().split('\n'));

test('there are examples', (t) => {
  t.true(examples.length >= 10);
});

for (const example of new Set(examples)) {
  const [command = '', remark = ''] = example.split(/ +# /);
  const expected = Number(/exits with (\d+)/.exec(remark)?.[1] ?? 0);
  test.serial(`the example works: ${command}`, async (t) => {
    const directory = newcomersDirectory();
    t.teardown(() => {
      rmSync(directory, { recursive: true });
    });
    const written = readmeBlocks.find(({ text }) => text.startsWith('case: '))!.text;
    writeFileSync(path.join(directory, 'case-from-a-mail.txt'), written);
    const { status, stdout, stderr } = await run(command, directory);
    t.is(status, expected, stderr);
    const writesAFile = / > | --output /.test(command);
    if (!writesAFile) t.not(stdout, '');
  });
}

interface Run {
  readonly status: number | string | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line in a directory, with nothing to read. */
function run(command: string, cwd: string): Promise<Run> {
  const env = { ...process.env, PATH: `${commandDirectory(cwd)}:${process.env.PATH ?? ''}` };
  return new Promise((resolve) => {
    const child = exec(command, { cwd, env, shell: '/bin/bash' }, (error, stdout, stderr) => {
      resolve({ status: error ? error.code : 0, stdout, stderr });
    });
    child.stdin?.end();
  });
}

/** A directory in which `holdfast` is the built command. */
function commandDirectory(within: string): string {
  const directory = path.join(within, 'bin');
  mkdirSync(directory);
  const script = `#!/bin/sh\nexec '${process.execPath}' '${packageRoot}dist/cli/holdfast.js' "$@"\n`;
  writeFileSync(path.join(directory, 'holdfast'), script, { mode: 0o755 });
  return directory;
}
