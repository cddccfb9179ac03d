import test from 'ava';
import { halveName, oneLine, wrapName, wrapWords } from '../../report/wrap.js';

test('a sentence is broken between words', (t) => {
  t.deepEqual(wrapWords('one two three', 8), ['one two', 'three']);
});

test('a word that is too long has a line of its own', (t) => {
  t.deepEqual(wrapWords('see https://lore.kernel.org/bpf/ there', 10), [
    'see',
    'https://lore.kernel.org/bpf/',
    'there',
  ]);
});

test('a name is broken after hyphens', (t) => {
  t.deepEqual(wrapName('close-detaches-exactly-one', 16), ['close-detaches-', 'exactly-one']);
});

test('a name is halved where both halves are about as long', (t) => {
  t.deepEqual(halveName('explicit-replace'), ['explicit-', 'replace']);
  t.deepEqual(halveName('a-very-long-design'), ['a-very-', 'long-design']);
  t.deepEqual(halveName('tcx'), ['tcx']);
});

test('line ends and control characters become blanks', (t) => {
  t.is(oneLine('one\r\ntwo\u0007three'), 'one two three');
});
