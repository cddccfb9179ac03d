import test from 'ava';
import { searchExhaustively, ExhaustiveSearch, type ExhaustiveLimits } from '../../checker/exhaustive.js';
import { compileFingerprint, oddsOfSharing, oddsText } from '../../checker/fingerprint.js';
import { createFingerprintStore } from '../../checker/fingerprint-store.js';
import { judgeTrace } from '../../checker/judge.js';
import { broken, KEPT, SILENT, speaksAbout, type Property } from '../../checker/property.js';
import type { SearchResult, Verdict } from '../../checker/verdict.js';
import { domain, operation, type Machine } from '../../model/machine/index.js';
import { array, bool, struct } from '../../model/state/index.js';
import { linkFd, machineOf } from '../../model/proposals/index.js';
import { properties } from '../../properties/index.js';
import {
  grid,
  lock,
  machineOver,
  mutualExclusion,
  never,
  stateProperty,
  stepProperty,
  toggler,
  witness,
  type StateOf,
} from '../models/tiny.js';

type Toggler = StateOf<ReturnType<typeof toggler>>;

function searched<S>(
  machine: Machine<S>,
  asked: readonly Property<S>[],
  limits: ExhaustiveLimits = {},
): SearchResult {
  return searchExhaustively(machine, asked, { fingerprints: { seed: 1 }, ...limits });
}

/** What a verdict comes to, with the length of the sequence where there is one. */
function gist(verdict: Verdict): string {
  if (verdict.kind === 'violated') return `violated by ${verdict.counterexample.trace.length}`;
  if (verdict.kind === 'witnessed') return `witnessed by ${verdict.example.length}`;
  return verdict.kind;
}

const allOn = (bits: number) => (s: Toggler) =>
  Array.from({ length: bits }, (_, i) => s.bits.get(i)).every((isOn) => isOn);

test('all states are met by all calls, and it is told with which odds one was missed', (t) => {
  const { closed, stoppedBy, statistics, results } = searched(toggler(10), [
    stateProperty<Toggler>(() => KEPT),
    stepProperty<Toggler>(() => KEPT),
  ]);

  // 2^10 states, ten calls from each, the farthest state ten calls away.
  t.like(statistics, { method: 'exhaustive', states: 1024, transitions: 10_240, depth: 10 });
  t.deepEqual([closed, stoppedBy], [false, 'fingerprints']);
  // 1024 × 1023 pairs, each counted twice, of 2^64 fingerprints.
  t.deepEqual(statistics.fingerprints, { bits: 64, oddsOfSharing: (1024 * 1023) / 2 ** 65 });
  const bound =
    'all states and calls within the bounds, unless two states share a 64-bit fingerprint ' +
    '(odds: at most 1 in 35,000,000,000,000)';
  t.deepEqual(
    results.map(({ verdict }) => verdict),
    [
      { kind: 'holds-up-to', bound },
      { kind: 'holds-up-to', bound },
    ],
  );
});

test('what was never met is undecided, for it may lie behind a state that was missed', (t) => {
  const { results } = searched(lock(), [mutualExclusion, stateProperty(() => SILENT), witness(() => false)]);

  t.deepEqual(
    results.map(({ verdict }) => verdict.kind),
    ['holds-up-to', 'undecided', 'undecided'],
  );
});

test('a counterexample is found again call by call, and is a shortest one', (t) => {
  const machine = toggler(12);
  const property = never<Toggler>('all bits are on', allOn(12));
  const { verdict } = searched(machine, [property]).results[0]!;

  t.true(verdict.kind === 'violated');
  if (verdict.kind !== 'violated') return;
  t.is(verdict.counterexample.trace.length, 12);
  t.is(judgeTrace(machine, property, verdict.counterexample.trace).brokenAt, 11);
});

test('a step that breaks a property is found again behind the state it was made from', (t) => {
  const machine = toggler(8);
  const property = stepProperty<Toggler>(({ before, args }) =>
    args[0] === 3 && allOn(8)(before) ? broken('bit 3 is flipped when all are on') : KEPT,
  );
  const { verdict } = searched(machine, [property]).results[0]!;

  t.true(verdict.kind === 'violated');
  if (verdict.kind !== 'violated') return;
  t.is(judgeTrace(machine, property, verdict.counterexample.trace).brokenAt, 8);
  t.is(verdict.counterexample.trace.length, 9);
});

test('the claims about a proposal come to the same by the same sequences as with whole rows', (t) => {
  const machine = machineOf(linkFd, { processes: 2, fds: 2, programs: 2, attachments: 1, pins: 1 });
  const asked = properties.filter((property) => speaksAbout(property, machine.definition.tags ?? []));
  const rows = searchExhaustively(machine, asked);
  const prints = searched(machine, asked);

  t.true(rows.closed);
  const { states, transitions, depth } = rows.statistics;
  t.like(prints.statistics, { states, transitions, depth, counting: 'every-refusal' });
  const weaker: Readonly<Record<string, string>> = {
    holds: 'holds-up-to',
    vacuous: 'undecided',
    'witness-missing': 'undecided',
  };
  t.deepEqual(
    prints.results.map(({ property, verdict }) => [property, gist(verdict)]),
    rows.results.map(({ property, verdict }) => [property, weaker[verdict.kind] ?? gist(verdict)]),
  );
  t.true(prints.results.some(({ verdict }) => verdict.kind === 'violated' || verdict.kind === 'witnessed'));
});

test('stopped early it says both how far it looked and the odds', (t) => {
  const { stoppedBy, results } = searched(toggler(10), [stateProperty<Toggler>(() => KEPT)], { depth: 3 });

  t.is(stoppedBy, 'depth');
  const { verdict } = results[0]!;
  t.true(verdict.kind === 'holds-up-to');
  if (verdict.kind !== 'holds-up-to') return;
  t.regex(verdict.bound, /^all sequences of up to 3 calls, unless two states share .* \(odds: at most 1 in /);
});

test('it stays within its memory, and ends there with what is known', (t) => {
  const maxBytes = 2_000_000;
  const search = new ExhaustiveSearch(toggler(20), [stateProperty<Toggler>(() => KEPT)], {
    fingerprints: { seed: 1 },
    maxBytes,
  });
  while (search.advance(1000)) t.true(search.progress().bytes <= maxBytes);
  const { stoppedBy, statistics } = search.result();

  t.is(stoppedBy, 'memory');
  t.true(search.progress().bytes <= maxBytes);
  t.true(statistics.states > 10_000, `${statistics.states} states`);
});

/** 16 bits that can be flipped, and 240 that cannot: 2^16 states of eight words. */
function wideToggler() {
  const bits = domain(
    'bit',
    Array.from({ length: 16 }, (_, i) => `bit${i}`),
  );
  return machineOver(struct({ bits: array(16, bool), others: array(240, bool) }), {
    operations: [
      operation({
        verb: 'flip',
        summary: 'flips a bit',
        params: { bit: bits },
        effect: (s, bit) => s.bits.set(bit, !s.bits.get(bit)),
      }),
    ],
  });
}

test('states of eight words take less memory', (t) => {
  const bytesOf = (limits: ExhaustiveLimits): number => {
    const { statistics } = searchExhaustively(wideToggler(), [], limits);
    t.is(statistics.states, 1 << 16);
    return statistics.bytes;
  };

  t.true(bytesOf({ fingerprints: { seed: 1 } }) < 0.75 * bytesOf({}));
});

test('rows of states that were looked at are dropped when there is no room, and those that wait are kept', (t) => {
  const store = createFingerprintStore(2, 1000, 1);
  // Rows of i and -i, in thousands; each thousand is looked at before the next one is offered.
  for (let start = 0; start < 100_000; start += 1000) {
    store.forgetBefore(start);
    const rows = Int32Array.from({ length: 2000 }, (_, i) => (i % 2 === 0 ? 1 : -1) * (start + (i >> 1)));
    store.offer(rows, 1000, start - 1);
    store.resolve();
  }

  t.is(store.count(), 100_000);
  t.true(store.rows().length <= 2 * 4096, `${store.rows().length} words`);
  const last = 2 * (99_999 - store.firstKept());
  t.deepEqual([...store.rows().subarray(last - 2, last + 2)], [99_998, -99_998, 99_999, -99_999]);
  t.is(store.parents()[99_999], 98_999);
  t.deepEqual([...store.firstRow()], [0, 0]);
  t.true(store.has(Int32Array.of(0, 77, -77), 1));
  t.false(store.has(Int32Array.of(77, 77), 0));
});

test('a fingerprint depends on every bit of the row and on the seed', (t) => {
  const printOf = (row: readonly number[], seed: number): string => {
    const print = new Int32Array(2);
    compileFingerprint(3, seed)(Int32Array.from(row), 0, print, 0);
    return print.join();
  };
  const met = new Set([printOf([0, 0, 0], 1), printOf([0, 0, 0], 2)]);
  for (let bit = 0; bit < 96; bit++)
    met.add(
      printOf(
        [0, 1, 2].map((word) => (bit >> 5 === word ? 1 << (bit & 31) : 0)),
        1,
      ),
    );

  t.is(met.size, 98);
});

test('over the seeds, rows that differ little share each byte of a fingerprint as seldom as chance has it', (t) => {
  const rows = Array.from({ length: 400 }, (_, i) => Int32Array.of((i & 15) << 28, i >> 4));
  const print = new Int32Array(2);
  const bytes = new Uint8Array(print.buffer);
  const shared = [...bytes].map(() => 0);
  for (let seed = 0; seed < 200; seed++) {
    const fingerprint = compileFingerprint(2, seed);
    const met = shared.map(() => new Uint32Array(256));
    for (const row of rows) {
      fingerprint(row, 0, print, 0);
      bytes.forEach((byte, i) => (shared[i]! += met[i]![byte]!++));
    }
  }
  // 200 seeds × (400 × 399 / 2) pairs / 2^8 = 62,344.
  for (const pairs of shared) t.true(pairs > 52_000 && pairs < 73_000, `${pairs} pairs`);
});

test('the odds are those of the birthday bound, told in two digits and never too small', (t) => {
  t.is(oddsOfSharing(1), 0);
  t.is(oddsText(1), 'none');
  // 2^65 / (10^6 × 999,999) = 36,893,525.
  t.is(oddsText(1_000_000), 'at most 1 in 36,000,000');
  // 2^65 / (2^31 (2^31 - 1)) = 8.000000004.
  t.is(oddsText(2 ** 31), 'at most 1 in 8');
});

test('what needs the states themselves is refused', (t) => {
  const search = new ExhaustiveSearch(grid(3, 3), [], { fingerprints: { seed: 1 } });
  while (search.advance(100));

  t.throws(() => search.states(), { message: /does not know its states any more/ });
  t.throws(() => new ExhaustiveSearch(lock(), [], { symmetry: true, fingerprints: { seed: 1 } }), {
    message: /leave out symmetry/,
  });
});
