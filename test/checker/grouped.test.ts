import test from 'ava';
import { grouped } from '../../checker/grouped.js';

test('a comma stands behind each three digits, counted from the end', (t) => {
  t.deepEqual([0, 7, 999, 1000, 20_000, 123_456, 1_234_567, 36_893_488_147_419_100_000].map(grouped), [
    '0',
    '7',
    '999',
    '1,000',
    '20,000',
    '123,456',
    '1,234,567',
    '36,893,488,147,419,100,000',
  ]);
});

test('the sign takes no place', (t) => {
  t.is(grouped(-100), '-100');
  t.is(grouped(-1000), '-1,000');
});
