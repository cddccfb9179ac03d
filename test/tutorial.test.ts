/** The tutorial, followed: its files written, its edits made, its commands typed in their order, and what it quotes compared. */
import test, { type ExecutionContext } from 'ava';
import { exec } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { install } from './project/directory.js';
import { packageRoot } from './run-holdfast.js';

interface Block {
  /** `ts`, `js`: a file, or a part of one. `diff`: an edit. `sh`: commands. `text`: what the last command has printed. */
  readonly language: string;
  readonly text: string;
}

/** The sections by their headings, in order. */
const sections = readFileSync(path.join(packageRoot, 'docs/tutorial.md'), 'utf8')
  .split(/^## /m)
  .slice(1)
  .map((section) => ({
    heading: section.split('\n')[0]!,
    blocks: [...section.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language, text]): Block => ({
      language: language!,
      text: text!,
    })),
  }));

const directory = mkdtempSync(path.join(tmpdir(), 'holdfast-tutorial-'));
install(directory);
test.after.always(() => {
  rmSync(directory, { recursive: true });
});

test.serial('every section has something to follow', (t) => {
  t.true(sections.length >= 9);
  for (const { heading, blocks } of sections) t.true(blocks.length > 0, heading);
});

for (const { heading, blocks } of sections) {
  test.serial(`the tutorial can be followed: ${heading}`, async (t) => {
    let printed = '';
    for (const block of blocks) printed = await follow(t, block, printed);
  });
}

test.serial("the tutorial's proposal has less than 60 lines", (t) => {
  const proposal = readFileSync(path.join(directory, 'proposals/device-update.ts'), 'utf8');

  t.true(proposal.split('\n').length < 60);
});

/** Does what a block says; `printed` is what the last command has printed, and so is the result. */
async function follow(t: ExecutionContext, { language, text }: Block, printed: string): Promise<string> {
  switch (language) {
    case 'sh': {
      let output = '';
      for (const { typed, expected } of commandsIn(text)) {
        const came = await run(typed);
        t.is(came.status, expected, `${typed}\n${came.output}`);
        ({ output } = came);
      }
      return output;
    }
    case 'text':
      for (const part of text.split(/^…\n/m))
        t.true(printed.includes(part), `${part}\nis not in\n${printed}`);
      return printed;
    case 'diff':
      edit(text);
      return printed;
    case 'ts':
    case 'js':
      t.true(isThere(text), `no file is, or has, this:\n${text}`);
      return printed;
    default:
      throw new Error(`nobody follows a block of ${language}`);
  }
}

function commandsIn(text: string): { readonly typed: string; readonly expected: number }[] {
  return text
    .trim()
    .split('\n')
    .map((line) => {
      const [typed = '', remark = ''] = line.split(/ +# /);
      return { typed, expected: Number(/exits with (\d+)/.exec(remark)?.[1] ?? 0) };
    });
}

/** Runs a command line, with `npx holdfast` as the built command. */
function run(
  line: string,
): Promise<{ readonly status: number | string | undefined; readonly output: string }> {
  const command = `'${process.execPath}' '${packageRoot}dist/cli/holdfast.js'`;
  const typed = line.replace(/^npx holdfast/, command).replace(/^node /, `'${process.execPath}' `);
  return new Promise((resolve) => {
    exec(typed, { cwd: directory }, (error, stdout, stderr) => {
      resolve({ status: error ? error.code : 0, output: stdout + stderr });
    });
  });
}

/**
 * A block that begins with `// file` is that file: as it is there, or written now. Any other block is a part of a file that is
 * there.
 */
function isThere(text: string): boolean {
  const [, name, content = ''] = /^\/\/ (\S+)\n([^]*)$/.exec(text) ?? [];
  if (name === undefined) return sources().some((file) => readFileSync(file, 'utf8').includes(text));
  const file = path.join(directory, name);
  if (!existsSync(file)) writeFileSync(file, content);
  return readFileSync(file, 'utf8') === content;
}

function sources(): string[] {
  const places = ['proposals', 'properties'].map((place) => path.join(directory, place));
  return places.flatMap((place) => readdirSync(place).map((name) => path.join(place, name)));
}

/** `--- file`, then lines to be found (` `), taken out (`-`) and put in (`+`). */
function edit(text: string): void {
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
