import test from 'ava';
import { CheckpointError, type Checkpoint, type CheckpointAccount } from '../../checker/checkpoint.js';
import { ExhaustiveSearch, type ExhaustiveLimits } from '../../checker/exhaustive.js';
import { speaksAbout, type Property } from '../../checker/property.js';
import type { SearchResult } from '../../checker/verdict.js';
import type { Bounds, KernelState } from '../../model/kernel/model.js';
import { Machine } from '../../model/machine/index.js';
import { machineOf, proposals } from '../../model/proposals/index.js';
import { properties } from '../../properties/index.js';
import { attachMini } from '../models/attach-mini.js';
import { files, lock, mutualExclusion } from '../models/tiny.js';

const BOUNDS: Partial<Bounds> = { processes: 2, fds: 2, programs: 2, attachments: 2, pins: 1 };

/** After which part of its states a search is interrupted: soon enough for most to be found later, and late enough for most to be known. */
const PARTS = [0.3, 0.8];

/** A machine that has found nothing and remembers nothing. */
function fresh(name: string): { machine: Machine<KernelState>; claims: Property<KernelState>[] } {
  const machine = machineOf(
    proposals.find((proposal) => proposal.name === name)!,
    BOUNDS,
  );
  const claims = properties.filter((property) => speaksAbout(property, machine.definition.tags ?? []));
  return { machine, claims };
}

/** What a checkpoint is once it was in a file. */
function stored({ rows, parents, account }: Checkpoint): Checkpoint {
  const read = JSON.parse(JSON.stringify(account)) as CheckpointAccount;
  return { rows: rows.slice(), parents: parents.slice(), account: read };
}

/** All that a search comes to, but for the size of its tables: they grow in other steps. */
function answerOf(search: { result(): SearchResult }) {
  const { statistics, ...result } = search.result();
  return { ...result, statistics: { ...statistics, bytes: 0 } };
}

function finished<S>(search: ExhaustiveSearch<S>): ExhaustiveSearch<S> {
  while (search.advance(1 << 12));
  return search;
}

const WAYS: Readonly<Record<string, ExhaustiveLimits>> = {
  'with all it has': {},
  'up to symmetry': { symmetry: true },
  'to a depth': { depth: 5 },
  'counting every refusal': { depth: 6, counting: 'every-refusal' },
};

for (const name of ['link-fd', 'netlink-xdp']) {
  for (const [way, limits] of Object.entries(WAYS)) {
    test(`a search of ${name} ${way} that was interrupted comes to the same as one that was not`, (t) => {
      const whole = fresh(name);
      const uninterrupted = finished(new ExhaustiveSearch(whole.machine, whole.claims, limits));
      const expected = answerOf(uninterrupted);
      for (const part of PARTS) {
        const first = fresh(name);
        const interrupted = new ExhaustiveSearch(first.machine, first.claims, limits);
        t.true(interrupted.advance(1 + part * uninterrupted.progress().states));
        const from = stored(interrupted.checkpoint()!);

        const second = fresh(name);
        const resumed = new ExhaustiveSearch(second.machine, second.claims, { ...limits, from });

        t.is(resumed.progress().states, from.parents.length);
        t.deepEqual(answerOf(finished(resumed)), expected, `interrupted after ${part}`);
      }
    });
  }
}

test('a search interrupted again and again comes to the same', (t) => {
  const mini = attachMini({ processes: 2, hooks: 2, programs: 2, links: 2 });
  const expected = answerOf(finished(new ExhaustiveSearch(new Machine(mini), [])));
  let search = new ExhaustiveSearch(new Machine(mini), []);
  let interruptions = 0;
  while (search.advance(500)) {
    search = new ExhaustiveSearch(new Machine(mini), [], { from: stored(search.checkpoint()!) });
    interruptions++;
  }
  t.true(interruptions > 3);
  t.deepEqual(answerOf(search), expected);
});

test('what was found before an interruption is still known', (t) => {
  const { machine, claims } = fresh('netlink-xdp');
  const search = new ExhaustiveSearch(machine, claims);
  while (search.advance(32) && search.progress().violated.length === 0);
  const { violated } = search.progress();
  t.true(violated.length > 0);
  const again = fresh('netlink-xdp');
  const from = stored(search.checkpoint()!);
  t.deepEqual(new ExhaustiveSearch(again.machine, again.claims, { from }).progress().violated, violated);
});

test('a search stopped by a limit goes on under a wider one', (t) => {
  const { machine, claims } = fresh('link-fd');
  const expected = answerOf(finished(new ExhaustiveSearch(machine, claims)));
  const narrow = fresh('link-fd');
  const stopped = finished(new ExhaustiveSearch(narrow.machine, narrow.claims, { maxStates: 3000 }));
  t.is(stopped.result().stoppedBy, 'states');
  const from = stored(stopped.checkpoint()!);

  const wide = fresh('link-fd');
  t.deepEqual(answerOf(finished(new ExhaustiveSearch(wide.machine, wide.claims, { from }))), expected);

  const same = fresh('link-fd');
  const again = new ExhaustiveSearch(same.machine, same.claims, { maxStates: 3000, from });
  t.deepEqual(answerOf(finished(again)), answerOf(stopped));
});

test('a search that is done, or has come to its depth, has nothing left to do', (t) => {
  for (const limits of [{}, { depth: 2 }]) {
    const done = finished(new ExhaustiveSearch(lock(), [mutualExclusion], limits));
    const from = stored(done.checkpoint()!);
    const again = new ExhaustiveSearch(lock(), [mutualExclusion], { ...limits, from });
    t.false(again.advance(1));
    t.deepEqual(answerOf(again), answerOf(done));
  }
});

test('the states of another machine are refused', (t) => {
  const search = new ExhaustiveSearch(files(), []);
  search.advance(1);
  const from = stored(search.checkpoint()!);
  const error = t.throws(() => new ExhaustiveSearch(fresh('link-fd').machine, [], { from }), {
    instanceOf: CheckpointError,
  });
  t.is(error.obstacle, 'other rules');
});

test('states that rules switched on or off do not lead to are refused', (t) => {
  const proposal = proposals.find(({ name }) => name === 'link-fd')!;
  const search = new ExhaustiveSearch(machineOf(proposal, BOUNDS), []);
  search.advance(500);
  const from = stored(search.checkpoint()!);
  const other = machineOf(proposal, BOUNDS, { without: ['device-is-free'] });
  const error = t.throws(() => new ExhaustiveSearch(other, [], { from }), { instanceOf: CheckpointError });
  t.is(error.obstacle, 'other rules');
});

test('states for which there is no memory are refused', (t) => {
  const { machine } = fresh('link-fd');
  const search = finished(new ExhaustiveSearch(machine, [], { maxStates: 20_000 }));
  const from = stored(search.checkpoint()!);
  // A fresh search needs less: its tables have room for 4096 states.
  const maxBytes = new ExhaustiveSearch(fresh('link-fd').machine, []).progress().bytes;
  const error = t.throws(() => new ExhaustiveSearch(fresh('link-fd').machine, [], { from, maxBytes }), {
    instanceOf: CheckpointError,
  });
  t.is(error.obstacle, 'memory');
});

test('a search that had to leave out what it found has no checkpoint', (t) => {
  const { machine } = fresh('link-fd');
  const maxBytes = new ExhaustiveSearch(fresh('link-fd').machine, []).progress().bytes;
  const search = finished(new ExhaustiveSearch(machine, [], { maxBytes }));
  t.is(search.result().stoppedBy, 'memory');
  t.is(search.checkpoint(), undefined);
});
