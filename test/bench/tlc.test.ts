import test from 'ava';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { configOf, readTlcRun } from '../../bench/attach-mini/tlc.js';

const CONFIG = fileURLToPath(new URL('../../bench/attach-mini/AttachMini.cfg', import.meta.url));

/** The lines that TLC ends with, as its documentation and its users show them, with the clock of the shell. */
const OUTPUT = `Model checking completed. No error has been found.
  Estimates of the probability that TLC did not check all reachable states
58,470 states generated, 15,664 distinct states found, 0 states left on queue.
The depth of the complete state graph search is 28.
clock 2.500 user 3.000 system 0.250`;

test('what TLC prints is read as states, and as transitions without its first state', (t) => {
  t.deepEqual(readTlcRun(OUTPUT), {
    states: 15_664,
    transitions: 58_469,
    milliseconds: 2500,
    processorMilliseconds: 3250,
  });
});

test('a run of TLC that leaves states, or finds an error, is no measurement', (t) => {
  t.throws(() => readTlcRun(OUTPUT.replace('0 states left', '17 states left')), {
    message: /TLC did not close the space/,
  });
  t.throws(() => readTlcRun(OUTPUT.replace(/^Model.*/, 'Error: Invariant OneLinkPerHook is violated.')), {
    message: /OneLinkPerHook/,
  });
});

test('the configuration of TLC gets the constants of each size', (t) => {
  const text = configOf(readFileSync(CONFIG, 'utf8'), { processes: 2, hooks: 1, programs: 5, links: 3 });

  t.regex(text, /^CONSTANTS\n {2}P = 2\n {2}H = 1\n {2}G = 5\n {2}L = 3\nSPECIFICATION Spec$/m);
});
