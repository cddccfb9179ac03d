import test from 'ava';
import { toAscii } from '../../report/ascii.js';
import { foldBehind, foldCommand, foldWords } from '../../report/fold.js';

test('words are kept whole as long as they fit', (t) => {
  t.deepEqual(foldWords('a claim that somebody made', 20), ['a claim that', 'somebody made']);
});

test('a word that does not fit is broken behind a slash, else behind another sign, else anywhere', (t) => {
  t.deepEqual(foldWords('see some/where/on/the/way', 20), ['see', 'some/where/on/the/', 'way']);
  t.deepEqual(foldWords('held-link-never-overridden', 20), ['held-link-never-', 'overridden']);
  t.deepEqual(foldWords('x'.repeat(45), 20), ['x'.repeat(20), 'x'.repeat(20), 'x'.repeat(5)]);
});

test('an address that is broken stands in angle brackets, and what follows it outside', (t) => {
  t.deepEqual(foldWords('(https://lore.kernel.org/bpf/1),', 30), ['(<https://lore.kernel.org/bpf/', '1>),']);
});

test('lines behind the first are as far in as the text behind the head', (t) => {
  t.deepEqual(foldBehind('[1] ', 'one two three four five six', 20), [
    '[1] one two three',
    '    four five six',
  ]);
});

test('a command is continued with a backslash, and inside a word without a blank', (t) => {
  t.deepEqual(foldCommand('npx holdfast list', '  ', 30), ['  npx holdfast list']);
  t.deepEqual(foldCommand('npx holdfast show link-fd here', '  ', 30), [
    '  npx holdfast show link-fd \\',
    '  here',
  ]);
  t.deepEqual(foldCommand(`cat ${'y'.repeat(40)} z`, '  ', 30), [
    '  cat \\',
    `  ${'y'.repeat(26)}\\`,
    `${'y'.repeat(14)} \\`,
    '  z',
  ]);
});

test('signs are spelled in ASCII, letters lose their accents, the rest is a question mark', (t) => {
  t.is(toAscii('Höiland — „ja“ … ≤ 4 → ✗'), 'Hoiland -- ?ja" ... <= 4 -> ?');
});
