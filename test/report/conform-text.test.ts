import test from 'ava';
import {
  agrees,
  createLook,
  formatConformJson,
  formatConformText,
  type ConformReport,
  type KernelRun,
} from '../../report/index.js';

const RUN: KernelRun = {
  system: 'Linux 6.18.44',
  sequences: 200,
  calls: 2900,
  late: 0,
  milliseconds: 12_000,
  mismatches: [],
  endings: [
    { operation: 'xdp_set', name: 'done', errno: undefined, times: 120 },
    { operation: 'xdp_set', name: 'mode-has-no-link', errno: 'EBUSY', times: 0 },
    { operation: 'load_extension', name: 'done', errno: undefined, times: 0 },
  ],
  allowedOutcomes: [{ operation: 'xdp_link', outcome: 'EBUSY', allowed: 3, shown: 0 }],
  unsupported: new Map([['load_extension', 'freplace: PROG_LOAD: EPERM']]),
  stoppedBy: undefined,
};

const CASE = `case: xdp_link comes to fd4
proposal: linux

x = A.load(xdp)                 -> fd3
A.xdp_link(x, eth0, none)       -> fd4
`;

const MISMATCH: KernelRun = {
  ...RUN,
  mismatches: [
    {
      kind: 'outcome',
      what: 'xdp_link',
      observed: 'fd4',
      allowed: ['EBUSY'],
      times: 2,
      sequence: 17,
      text: CASE,
    },
  ],
};

function report(...runs: readonly KernelRun[]): ConformReport {
  return {
    version: '1',
    proposal: 'linux',
    title: 'as it is',
    bounds: { fds: 3 },
    seed: 1,
    length: 15,
    runs,
  };
}

test('a run without a mismatch says how much was compared, what was never met, and what was left out', (t) => {
  const text = formatConformText(report(RUN), createLook(), 'missing');

  t.is(
    text,
    `linux: as it is

Linux 6.18.44: ✓ no mismatch
  200 sequences, 2,900 calls compared in 12.0 s: 1,000 sequences a minute

Confirmed: 1 of 3 endings of calls; never met: xdp_set/mode-has-no-link
Allowed beside others, and never shown: xdp_link EBUSY (allowed 3 times)
Left out: load_extension: freplace: PROG_LOAD: EPERM
`,
  );
});

test('a mismatch says what was observed, what alone was allowed, and which calls lead there', (t) => {
  const text = formatConformText(report(MISMATCH), createLook({ unicode: false }), 'missing');

  t.true(text.includes('Linux 6.18.44: x 1 mismatch'));
  t.true(
    text.endsWith(`
x xdp_link came to fd4; the model allows only EBUSY
  met in 2 sequences, first in number 17

    case: xdp_link comes to fd4
    proposal: linux

    x = A.load(xdp)                 -> fd3
    A.xdp_link(x, eth0, none)       -> fd4
`),
  );
  t.false(agrees(report(RUN, MISMATCH)));
});

test('with everything asked for there is a column for each kernel', (t) => {
  const other = { ...RUN, system: 'Linux 6.1', endings: RUN.endings.map((one) => ({ ...one, times: 7 })) };

  const lines = formatConformText(report(RUN, other), createLook(), 'all').split('\n');

  t.deepEqual(
    lines.filter((line) => line.startsWith('xdp_set')).map((line) => line.split(/\s+/).slice(1)),
    [
      ['done', '120', '7'],
      ['mode-has-no-link', 'EBUSY', '0', '7'],
    ],
  );
  t.true(lines.some((line) => line.startsWith('Confirmed on Linux 6.1: 3 of 3 endings of calls')));
});

test('the JSON has the same facts, and the calls as a case', (t) => {
  const object = JSON.parse(formatConformJson(report(MISMATCH))) as Record<string, unknown> & {
    runs: { unsupported: unknown; mismatches: { text: string; allowed: string[] }[] }[];
  };

  t.is(object.schema, 1);
  t.is(object.agrees, false);
  t.deepEqual(object.runs[0]!.unsupported, { load_extension: 'freplace: PROG_LOAD: EPERM' });
  t.is(object.runs[0]!.mismatches[0]!.text, CASE);
});
