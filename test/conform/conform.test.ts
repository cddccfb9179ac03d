/** A model held against a system that behaves like it, and against one with a planted difference. */
import test from 'ava';
import { conform, type ConformOptions } from '../../kernel/conform/conform.js';
import { coveringSequences, RandomPlan } from '../../kernel/conform/plan.js';
import { linkFd, machineOf, netlinkXdp, type Proposal } from '../../model/proposals/index.js';
import type { KernelState } from '../../model/kernel/model.js';
import { factsView, SimulatedSystem } from './simulated.js';

const SEED = 7;

/** Room for a second link of one process. */
const BOUNDS = { fds: 4 };

function options(
  proposal: Proposal,
  without: readonly string[] = [],
  runs = 60,
): ConformOptions<KernelState> {
  const machine = machineOf(proposal, BOUNDS);
  const plan = new RandomPlan(machine, { seed: SEED, length: 15, without: new Set() });
  return {
    machine,
    expected: factsView(machine),
    patience: { milliseconds: 0, wait: () => Promise.resolve(), now: () => 0 },
    systems: [new SimulatedSystem(machineOf(proposal, BOUNDS, { without }))],
    without: new Set(),
    sequence: (number) => (number < runs ? plan.sequence(number) : undefined),
    shrinkTries: 500,
    stopped: () => undefined,
    progress: () => undefined,
  };
}

test('a system that behaves as the model says shows no mismatch', async (t) => {
  const { mismatches, sequences, calls } = await conform(options(linkFd));

  t.deepEqual(mismatches, []);
  t.is(sequences, 60);
  t.true(calls > 600);
});

test('a refusal that the system does not have is found, and shrunk to the calls it takes', async (t) => {
  const { mismatches } = await conform(options(linkFd, ['attach/device-is-free']));

  const [first] = mismatches.filter(({ what }) => what === 'attach');
  t.is(first!.kind, 'outcome');
  t.deepEqual(first!.allowed, ['EBUSY']);
  // A program, attached, and attached again.
  t.is(first!.trace.length, 3);
  t.deepEqual(first!.outcomes, ['fd3', 'fd4', 'fd5']);
});

test('an effect that the system does not have is found by looking', async (t) => {
  const { mismatches } = await conform(options(netlinkXdp, ['hold:pins'], 300));

  t.true(mismatches.some(({ kind }) => kind === 'view'));
});

test('endings that were confirmed are counted, and those never met are there with none', async (t) => {
  const { endings } = await conform(options(linkFd));
  const times = (operation: string, name: string): number =>
    endings.find((ending) => ending.operation === operation && ending.name === name)!.times;

  t.true(times('load', 'done') > 0);
  t.true(times('attach', 'device-is-free') > 0);
  t.is(endings.filter(({ operation }) => operation === 'crash').length, 1);
});

test('covering sequences meet each ending that random ones come to, as often as is asked', async (t) => {
  const machine = machineOf(linkFd, BOUNDS);
  const planned = coveringSequences(machine, { seed: SEED, length: 15, without: new Set() }, 3, 30_000);

  const { endings } = await conform({ ...options(linkFd), sequence: (number) => planned[number] });

  t.true(planned.length < 300);
  const rare = endings.filter(({ times }) => times < 3);
  t.deepEqual(
    rare.map(({ operation, name }) => `${operation}/${name}`),
    // Every program of this design that is no extension has both subprograms.
    ['load-extension/target-has-the-subprogram'],
  );
});

test('calls that the system does not have are left out of a sequence', async (t) => {
  const machine = machineOf(linkFd, BOUNDS);
  const withoutDup = new SimulatedSystem(machineOf(linkFd, BOUNDS), 0, new Map([['dup', 'not here']]));
  const { mismatches, endings } = await conform({ ...options(linkFd), machine, systems: [withoutDup] });

  t.deepEqual(mismatches, []);
  t.true(endings.filter(({ operation }) => operation === 'dup').every(({ times }) => times === 0));
});

test('several systems share the sequences, and each sequence is made once', async (t) => {
  const one = await conform(options(linkFd));
  const two = await conform({
    ...options(linkFd),
    systems: [new SimulatedSystem(machineOf(linkFd, BOUNDS)), new SimulatedSystem(machineOf(linkFd, BOUNDS))],
  });

  t.is(two.sequences, one.sequences);
  t.is(two.calls, one.calls);
  t.deepEqual(two.endings, one.endings);
});

test('a run that is stopped tells what it came to so far', async (t) => {
  let left = 5;
  const { sequences, stoppedBy } = await conform({
    ...options(linkFd),
    stopped: () => (left-- > 0 ? undefined : 'time'),
  });

  t.is(sequences, 5);
  t.is(stoppedBy, 'time');
});
