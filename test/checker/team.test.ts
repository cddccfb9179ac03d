import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { ExhaustiveSearch, searchExhaustively, type ExhaustiveLimits } from '../../checker/exhaustive.js';
import { sharedArray, type Seat } from '../../checker/team-memory.js';
import { isReady, type Threads } from '../../checker/team.js';
import { helpersOf } from '../../cli/workers/helpers.js';
import type { SearchJob } from '../../cli/workers/search-worker.js';
import type { Bounds } from '../../model/kernel/model.js';
import { machineOf } from '../../model/proposals/index.js';
import attachV3 from '../models/attach-v3.js';
import type { TogglerJob } from './toggler-worker.js';
import { boundsOf, subjectOf, type SubjectName } from '../models/shared.js';

/** The built one starts faster. */
const SEARCH_WORKER = new URL('../../dist/cli/workers/search-worker.js', import.meta.url);
const TOGGLER_WORKER = new URL('toggler-worker.ts', import.meta.url);

function started(name: SubjectName, threads: number): Threads {
  if (typeof name === 'string') return helpersOf<TogglerJob>(TOGGLER_WORKER, { name }, threads);
  const { properties } = subjectOf(name);
  const { proposal, bounds, without } = name;
  const job: SearchJob = {
    ...{ proposal, bounds: boundsOf(proposal, bounds), without: without ?? [], files: [] },
    properties: properties.map((property) => property.name),
  };
  return helpersOf(SEARCH_WORKER, job, threads);
}

/** Threads that are there before the search goes on, and the seats they were given. */
function awaited(threads: Threads): { threads: Threads; seats: Seat[] } {
  const seats: Seat[] = [];
  return {
    seats,
    threads: {
      ...threads,
      startAt: 0,
      start(seat) {
        seats.push(seat);
        const helper = threads.start(seat);
        while (!isReady(seat)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
        return helper;
      },
    },
  };
}

/** All that a search comes to, in the order in which it found it; or what it throws. */
function outcomeOf(name: SubjectName, limits: ExhaustiveLimits, portion: number) {
  const { machine, properties } = subjectOf(name);
  try {
    const search = new ExhaustiveSearch(machine, properties, limits);
    while (search.advance(portion));
    const states = search.states();
    const rows = digestOf(states.rows().subarray(0, states.count() * machine.words));
    const { account, parents } = search.checkpoint() ?? {};
    return { result: search.result(), account, rows, parents: digestOf(parents) };
  } catch (error) {
    const { message, trace } = error as Error & { trace?: unknown };
    return { message, trace };
  }
}

function digestOf(numbers: Int32Array = new Int32Array(0)): string {
  return createHash('sha256').update(new Uint8Array(numbers.slice().buffer)).digest('hex');
}

/**
 * Searches with threads until they had something to do, and says whether they ever had: on a busy machine one thread may be through
 * before the others are awake.
 */
function untilTheyHelped(
  start: () => Threads,
  search: (threads: Threads) => void,
  didHelp = (seats: readonly Seat[]): boolean => seats.some(isSomethingCounted),
): boolean {
  for (let attempt = 0; attempt < 10; attempt++) {
    const { threads, seats } = awaited(start());
    search(threads);
    if (didHelp(seats)) return true;
  }
  return false;
}

const isSomethingCounted = ({ counts }: Seat): boolean => counts.some((count) => count > 0);

const SMALL: Partial<Bounds> = { processes: 2, fds: 2, programs: 2, attachments: 2, pins: 1 };

/** Ways in which a search ends before it has seen everything, or counts otherwise. */
const WAYS: Readonly<Record<string, ExhaustiveLimits>> = {
  'to a depth': { depth: 6 },
  'counting every refusal, with little memory': { counting: 'every-refusal', maxBytes: 1_000_000 },
};

/** Fewer states than most designs have within these bounds: so their searches stop in the middle of a level. */
const SOME_STATES = 6000;

const DESIGNS = ['netlink-xdp', 'tc-filter', 'link-fd', 'btf-copy'];

const CASES: readonly (readonly [proposal: string, way: string, limits: ExhaustiveLimits])[] = [
  ...DESIGNS.map((name) => [name, 'to so many states', { maxStates: SOME_STATES }] as const),
  ['prog-array', 'up to symmetry', { symmetry: true, maxStates: SOME_STATES }],
  ...Object.entries(WAYS).map(([way, limits]) => ['chain-call', way, limits] as const),
];

for (const [proposal, way, limits] of CASES) {
  test(`two threads come to the same about ${proposal} as one: ${way}`, (t) => {
    const isTiny = proposal === 'netlink-xdp';
    const subject = { proposal, bounds: isTiny ? { ...SMALL, processes: 3, fds: 3 } : SMALL };
    const alone = outcomeOf(subject, limits, 1 << 13);
    const search = (threads: Threads): void => {
      t.deepEqual(outcomeOf(subject, { ...limits, threads }, 1 << 13), alone);
    };
    t.true(untilTheyHelped(() => started(subject, 2), search));
  });
}

test('three threads come to the same about Linux as one', (t) => {
  const subject = { proposal: 'linux', bounds: {} };
  const alone = outcomeOf(subject, { maxStates: 5 * SOME_STATES }, 1 << 13);
  const search = (threads: Threads): void => {
    t.deepEqual(outcomeOf(subject, { maxStates: 5 * SOME_STATES, threads }, 1 << 13), alone);
  };
  t.true(untilTheyHelped(() => started(subject, 3), search));
});

for (const name of ['two claims are broken', 'a claim throws', 'a rule throws'] as const) {
  test(`where ${name} in the middle of a level, the first place is told as by one thread`, (t) => {
    const alone = outcomeOf(name, {}, 1 << 13);
    for (const portion of [1 << 13, 700]) {
      const { threads } = awaited(started(name, name === 'two claims are broken' ? 3 : 2));
      t.deepEqual(outcomeOf(name, { threads }, portion), alone);
    }
  });
}

test('a check that is missing makes the same claims fall', (t) => {
  const subject = { proposal: 'link-fd', bounds: SMALL, without: ['device-is-free'] };
  const { threads } = awaited(started(subject, 2));
  const alone = outcomeOf(subject, {}, 1 << 13);
  t.true(alone.result!.results.some(({ verdict }) => verdict.kind === 'violated'));
  t.deepEqual(outcomeOf(subject, { threads }, 1 << 13), alone);
});

test('one thread goes on from where several came to, and the other way round', (t) => {
  const subject = { proposal: 'link-fd', bounds: SMALL };
  const whole = outcomeOf(subject, {}, 1 << 13);
  for (const [first, then] of [
    [1, 2],
    [2, 1],
  ]) {
    const limitsOf = (threads: number): ExhaustiveLimits =>
      threads > 1 ? { threads: awaited(started(subject, threads)).threads } : {};
    const { machine, properties } = subjectOf(subject);
    const begun = new ExhaustiveSearch(machine, properties, limitsOf(first!));
    for (let i = 0; i < 3; i++) begun.advance(1 << 12);
    const from = structuredClone(begun.checkpoint()!);
    const { account, rows, parents } = outcomeOf(subject, { from, ...limitsOf(then!) }, 1 << 12);
    t.deepEqual(
      { account, rows, parents },
      { account: whole.account, rows: whole.rows, parents: whole.parents },
    );
  }
});

test('a thread loads a proposal of one’s own, written in TypeScript, while the search waits', (t) => {
  const file = fileURLToPath(new URL('../models/attach-v3.ts', import.meta.url));
  const bounds = { ...attachV3.bounds, processes: 2, programs: 3 };
  const job = { proposal: attachV3.name, properties: [], bounds, without: [], files: [file] };
  const limits = { maxStates: SOME_STATES };
  const alone = searchExhaustively(machineOf(attachV3, bounds), [], limits);
  const search = (threads: Threads): void => {
    t.deepEqual(searchExhaustively(machineOf(attachV3, bounds), [], { ...limits, threads }), alone);
  };
  t.true(untilTheyHelped(() => helpersOf(SEARCH_WORKER, job, 2), search));
});

for (const mishap of ['ends', 'throws', 'does not come back'] as const) {
  test(`where a thread ${mishap}, the search goes on alone, and nothing is lost`, (t) => {
    const befell = sharedArray(1);
    const job: TogglerJob = { name: 'nothing happens', mishap, befell };
    const start = (): Threads => ({ ...helpersOf(TOGGLER_WORKER, job, 2), patience: 1000 });
    const alone = outcomeOf('nothing happens', {}, 1 << 12);
    const search = (threads: Threads): void => {
      t.deepEqual(outcomeOf('nothing happens', { threads }, 1 << 12), alone);
    };
    t.true(untilTheyHelped(start, search, () => befell[0] === 1));
  });
}

test('helpers that never come are not waited for', (t) => {
  const subject = { proposal: 'netlink-xdp', bounds: SMALL };
  const threads: Threads = {
    helpers: 2,
    startAt: 0,
    patience: 1000,
    start: () => ({ follow: () => undefined }),
  };
  t.deepEqual(outcomeOf(subject, { threads }, 1 << 13), outcomeOf(subject, {}, 1 << 13));
});

test('fingerprints are not kept by several threads', (t) => {
  const { machine, properties } = subjectOf('two claims are broken');
  const threads = started('two claims are broken', 2);
  t.throws(() => new ExhaustiveSearch(machine, properties, { threads, fingerprints: { seed: 1 } }), {
    instanceOf: RangeError,
  });
});
