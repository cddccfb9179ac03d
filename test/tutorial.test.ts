/** The tutorial, followed: its files written, its edits made, its commands typed in their order, and what it quotes compared. */
import test from 'ava';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { install } from './project/directory.js';
import { packageRoot } from './run-holdfast.js';

interface Block {
  /** `ts`: a file, or a part of one. `diff`: an edit. `sh`: commands. `text`: what the command before has printed. */
  readonly language: string;
  readonly text: string;
  readonly line: number;
}

const tutorial = readFileSync(path.join(packageRoot, 'docs/tutorial.md'), 'utf8');

const blocks = [...tutorial.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(
  ({ 1: language, 2: text, index }): Block => ({
    language: language!,
    text: text!,
    line: tutorial.slice(0, index).split('\n').length,
  }),
);

test('every block of the tutorial is of a kind that is followed', (t) => {
  const kinds = new Set(blocks.map(({ language }) => language));

  t.deepEqual([...kinds].sort(), ['diff', 'js', 'sh', 'text', 'ts']);
});

test('the tutorial can be followed from an empty directory', (t) => {
  t.timeout(300_000);
  const directory = mkdtempSync(path.join(tmpdir(), 'holdfast-tutorial-'));
  t.teardown(() => {
    rmSync(directory, { recursive: true });
  });
  install(directory);
  let printed = '';
  for (const { language, text, line } of blocks) {
    const at = `docs/tutorial.md:${line}`;
    switch (language) {
      case 'sh':
        for (const { typed, expected } of commandsIn(text)) {
          const { status, output } = run(typed, directory);
          t.is(status, expected, `${at}: ${typed}\n${output}`);
          printed = output;
        }
        break;
      case 'text':
        for (const part of text.split(/^…\n/m))
          t.true(printed.includes(part), `${at} quotes\n${part}\nof\n${printed}`);
        break;
      case 'diff':
        edit(directory, text);
        break;
      default:
        t.true(isThere(directory, text), `${at}: no file is, or has, this`);
    }
  }
  const proposal = readFileSync(path.join(directory, 'proposals/device-update.ts'), 'utf8');
  t.true(proposal.split('\n').length < 60);
});

function commandsIn(text: string): { readonly typed: string; readonly expected: number }[] {
  return text
    .trim()
    .split('\n')
    .map((line) => {
      const [typed = '', remark = ''] = line.split(/ +# /);
      return { typed, expected: Number(/exits with (\d+)/.exec(remark)?.[1] ?? 0) };
    });
}

/** Runs a command line in a directory, with `npx holdfast` as the built command. */
function run(line: string, cwd: string): { readonly status: number | null; readonly output: string } {
  const command = `'${process.execPath}' '${packageRoot}dist/cli/holdfast.js'`;
  const typed = line.replace(/^npx holdfast/, command).replace(/^node /, `'${process.execPath}' `);
  const { status, stdout, stderr } = spawnSync(typed, { cwd, shell: true, encoding: 'utf8' });
  return { status, output: stdout + stderr };
}

/**
 * A block that begins with `// file` is that file: as it is there, or written now. Any other block is a part of a file that is
 * there.
 */
function isThere(directory: string, text: string): boolean {
  const [, name, content = ''] = /^\/\/ (\S+)\n([^]*)$/.exec(text) ?? [];
  if (name === undefined)
    return sourcesIn(directory).some((file) => readFileSync(file, 'utf8').includes(text));
  const file = path.join(directory, name);
  if (!existsSync(file)) writeFileSync(file, content);
  return readFileSync(file, 'utf8') === content;
}

function sourcesIn(directory: string): string[] {
  const places = ['proposals', 'properties'].map((place) => path.join(directory, place));
  return places.flatMap((place) => readdirSync(place).map((name) => path.join(place, name)));
}

/** `--- file`, then lines to be found (` `), taken out (`-`) and put in (`+`). */
function edit(directory: string, text: string): void {
  const [head = '', ...lines] = text.trimEnd().split('\n');
  const file = path.join(directory, head.replace(/^--- /, ''));
  const before = linesOf(lines, ' -');
  const parts = readFileSync(file, 'utf8').split(before);
  if (parts.length !== 2) throw new Error(`${file} has this ${parts.length - 1} times:\n${before}`);
  writeFileSync(file, parts.join(linesOf(lines, ' +')));
}

function linesOf(lines: readonly string[], marks: string): string {
  return lines
    .filter((line) => marks.includes(line.charAt(0)))
    .map((line) => `${line.slice(1)}\n`)
    .join('');
}
