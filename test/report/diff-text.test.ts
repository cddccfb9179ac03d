import test from 'ava';
import { distinguish } from '../../checker/distinguish.js';
import { interfaceDifferences } from '../../checker/interface.js';
import { align, type Sides } from '../../checker/alignment.js';
import { play } from '../../checker/playback.js';
import { formatDiffJson } from '../../report/diff-json.js';
import { formatDiffText } from '../../report/diff-text.js';
import type { DiffReport } from '../../report/diff.js';
import { createLook } from '../../report/look.js';
import { box } from '../models/box.js';
import { lock } from '../models/lock.js';

type Machines = Sides<ReturnType<typeof lock>> | Sides<ReturnType<typeof box>>;

/** What two machines come to, as the command would have it, with a time that does not change. */
function reportOf(both: Machines): DiffReport {
  const machines = both as Sides<ReturnType<typeof lock>>;
  const { distinctions, closed, statistics } = distinguish(machines);
  return {
    version: '0.0.0',
    designs: [
      { title: 'old', heading: 'old', without: [] },
      { title: 'new', heading: 'new', without: [] },
    ],
    bounds: { processes: 2, pins: 0 },
    interface: interfaceDifferences(machines, align(machines)),
    differences: distinctions.map(({ traces, ...distinction }) => ({
      ...distinction,
      playbacks: [play(machines[0], traces[0]), play(machines[1], traces[1])],
    })),
    closed,
    statistics,
    milliseconds: 1234,
  };
}

const look = createLook({ width: 80 });

test('what only one has, the calls side by side, and the verdict', (t) => {
  const report = reportOf([lock(), lock({ busy: 'EAGAIN', canBeBroken: true })]);
  // 3 joint states: the lock is free, A's or B's. From each, 2 processes make 3 calls.
  t.is(
    formatDiffText(report, look),
    `old and new
within processes=2

Only one of them has:
old  take        lock-is-free (EBUSY)
new  operations  break()
     take        lock-is-free (EAGAIN)

1. take: refused in both, with EBUSY (lock-is-free) in old and EAGAIN
  (lock-is-free) in new [2 calls]

               old           new
   1 A.take()  ok            ok
▶  2 A.take()  EBUSY         EAGAIN
               lock-is-free  lock-is-free

2. break in new alone: then see(front) shows A in old and nobody in new;
  see(back) shows A in old and nobody in new [2 calls]

                old           new
   1 A.take()   ok            ok
   2 A.break()  (not called)  ok
   see(front)   A             nobody
▶  see(back)    A             nobody

old and new are told apart in 2 ways, the shortest by 2 calls. All sequences
  within the bounds were looked at, each up to its first difference.
3 joint states, 18 joint calls, 1.2 s
`,
  );
});

test('differences in short, a line each', (t) => {
  const text = formatDiffText(reportOf([lock(), lock({ busy: 'EAGAIN', canBeBroken: true })]), look, 'none');
  t.true(text.includes('\n1. take: refused in both, with EBUSY (lock-is-free) in old and EAGAIN'));
  t.true(text.includes('\n2. break in new alone: then see(front) shows A in old and nobody in new;'));
  t.false(text.includes('A.take()'));
});

test('what cannot be told apart', (t) => {
  t.is(
    formatDiffText(reportOf([lock(), lock()]), look),
    `old and new
within processes=2

Both have the same operations, arguments and checks.

old and new cannot be told apart by any sequence of calls within the bounds.
3 joint states, 12 joint calls, 1.2 s
`,
  );
});

test('an object that is alive on one side only is named', (t) => {
  const report = reportOf([box({ isClosed: true }), box({ isClosed: true, leaks: true })]);
  t.true(formatDiffText(report, look).includes('1. close: then item is alive in new only [2 calls]'));
});

test('json says the same', (t) => {
  const report = reportOf([lock(), lock({ busy: 'EAGAIN', canBeBroken: true })]);
  const {
    toldApart,
    differences,
    interface: only,
    search,
  } = JSON.parse(formatDiffJson(report)) as {
    toldApart: boolean;
    differences: Record<string, unknown>[];
    interface: unknown[];
    search: Record<string, unknown>;
  };
  t.true(toldApart);
  t.deepEqual(only[0], { only: 1, what: 'operation', operation: 'break', text: 'break()' });
  t.deepEqual(
    differences.map(({ operation, how, calls }) => [operation, how, calls]),
    [
      ['take', 'errno', 2],
      ['break', 'contrast', 2],
    ],
  );
  t.deepEqual(differences[0]!.refusals, [
    { errno: 'EBUSY', guard: 'lock-is-free' },
    { errno: 'EAGAIN', guard: 'lock-is-free' },
  ]);
  const steps = differences[1]!.steps as unknown[][];
  t.is(steps.length, 4);
  t.is(steps[1]![0], null);
  t.true(search.closed);
});
