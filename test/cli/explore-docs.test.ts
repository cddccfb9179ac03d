/** What docs/explore.md shows is what the commands print. */
import test from 'ava';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { holdfast, packageRoot } from '../run-holdfast.js';

const page = readFileSync(path.join(packageRoot, 'docs/explore.md'), 'utf8');
const blocks = [...page.matchAll(/^```text\n([\s\S]*?)^```$/gm)].map(([, text]) => text!);

test('the exploration that is shown can be had', (t) => {
  const shown = blocks.find((text) => text.startsWith('netlink-xdp 0> '))!;
  const input = [...shown.matchAll(/^netlink-xdp (?:\w+:)?\d+> (.*)$/gm)]
    .map(([, line]) => `${line!}\n`)
    .join('');
  const claims = ['-p', 'held-link-never-detached-by-others', '--bounds', 'processes=2'];
  const { status, stdout, stderr } = holdfast(['explore', 'netlink-xdp', ...claims], { input });
  t.is(status, 0, stderr);
  t.is(stdout.split('\n').slice(2).join('\n'), shown);
});

test('the calls that are run come to what is shown', (t) => {
  const [input, told] = blocks.slice(blocks.findIndex((text) => text.startsWith('proposal: ')));
  const { status, stdout, stderr } = holdfast(['run', '-'], { input: input! });
  t.is(status, 0, stderr);
  t.is(stdout.split('\n').slice(2, 7).join('\n'), told!.trimEnd());
});

test('the commands that are shown work', (t) => {
  const commands = [...page.matchAll(/^npx holdfast (.*)$/gm)].map(([, line]) => line!.split(' '));
  t.true(commands.length >= 4);
  for (const command of commands) t.is(holdfast(command, { input: '' }).status, 0, command.join(' '));
});

test('the commands that are listed are those that there are', (t) => {
  const { stdout } = holdfast(['explore', 'link-fd'], { input: 'help\n' });
  const known = [...stdout.matchAll(/^([a-z]+)(?= |,)/gm)].map(([, word]) => word!).slice(1);
  t.true(known.includes('walk'));
  for (const word of known) t.regex(page, new RegExp(`\`${word}[ \`]`), word);
});
