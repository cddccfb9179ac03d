import test from 'ava';
import { createLook } from '../../report/look.js';
import { showPlayback } from '../../report/show-playback.js';
import { HOOK_TAKEN } from './fixtures.js';

test('calls stand in columns with what came of them and what they changed', (t) => {
  t.deepEqual(showPlayback(HOOK_TAKEN, createLook()), [
    '   who  call                          outcome  what changed',
    '1  A    prog1 = load(prog)            fd3      + prog1 is loaded',
    '2  A    attach(prog1, eth0)           ok       + eth0 runs prog1',
    '3  B    prog2 = load(prog)            fd3      + prog2 is loaded',
    '4  B    attach_if_empty(prog2, eth0)  EBUSY    refused: device-is-empty',
    '5  B    attach(prog2, eth0)           ok       + eth0 runs prog2',
    '                                               - eth0 runs prog1',
    '6       packet(eth0)                  prog2',
  ]);
});

test('in a narrow terminal what changed stands under the call', (t) => {
  t.deepEqual(showPlayback(HOOK_TAKEN, createLook({ width: 60 })), [
    '   who  call                          outcome',
    '1  A    prog1 = load(prog)            fd3',
    '     + prog1 is loaded',
    '2  A    attach(prog1, eth0)           ok',
    '     + eth0 runs prog1',
    '3  B    prog2 = load(prog)            fd3',
    '     + prog2 is loaded',
    '4  B    attach_if_empty(prog2, eth0)  EBUSY',
    '     refused: device-is-empty',
    '5  B    attach(prog2, eth0)           ok',
    '     + eth0 runs prog2',
    '     - eth0 runs prog1',
    '6       packet(eth0)                  prog2',
  ]);
});

test('a trace without calls says so', (t) => {
  t.deepEqual(showPlayback({ ...HOOK_TAKEN, steps: [] }, createLook()), [
    '(no call: it is so in the first state)',
  ]);
});
