/** Holds a proposal that models Linux against a running kernel. */
import type { Trace } from '../checker/index.js';
import { caseOf, printCase, withOutcomes, type Case } from '../corpus/index.js';
import { expectedBy, linuxBindings, RunningLinux } from '../kernel/bindings/index.js';
import type { KernelServer } from '../kernel/channel/process.js';
import { conform, type FoundMismatch } from '../kernel/conform/conform.js';
import { coveringSequences, RandomPlan } from '../kernel/conform/plan.js';
import { FEATURES, probe } from '../kernel/probe/index.js';
import { Sandbox } from '../kernel/sandbox/sandbox.js';
import type { Bounds, KernelState } from '../model/kernel/model.js';
import type { Machine } from '../model/machine/index.js';
import { machineOf, type Proposal } from '../model/proposals/index.js';
import type { KernelRun } from '../report/index.js';

export interface KernelRunOptions {
  readonly bounds: Partial<Bounds>;
  /** Random sequences. */
  readonly runs: number;
  /** Calls of each. */
  readonly length: number;
  readonly seed: number;
  /** How often each ending of each operation is to be met by covering sequences at least; 0 for none of these. */
  readonly covering: number;
  /** Sequences that are made first. */
  readonly given: readonly Trace[];
  /** Operations that are not called. */
  readonly without: readonly string[];
  /** Sandboxes that run side by side. */
  readonly workers: number;
  readonly expedited: boolean;
  /** The kernel to run on; without it the one of this machine. */
  readonly server?: () => Promise<KernelServer>;
  /** Seconds; undefined for no limit. */
  readonly time: number | undefined;
}

export interface Surroundings {
  readonly now: () => number;
  readonly interrupted: () => boolean;
  /** Told before covering sequences are chosen, which takes a while. */
  readonly choosing: () => void;
  readonly progress: (state: { sequences: number; calls: number; mismatches: number }) => void;
}

/** How many of each object a run has unless told otherwise: a sequence needs room for things of several kinds. */
const ROOM: Partial<Bounds> = {
  processes: 3,
  fds: 6,
  programs: 6,
  attachments: 6,
  maps: 2,
  pins: 2,
  devices: 2,
};

export function conformBounds(proposal: Proposal, asked: Partial<Bounds>): Bounds {
  return { ...proposal.bounds, ...ROOM, ...asked };
}

/** Paths of the control groups that the model's `parent` and `child` are. */
const GROUPS = ['parent', 'parent/child'];

/** How long a kernel is given to finish deferred work, in milliseconds: the slowest known takes 0.3 s. */
const PATIENCE = 2000;

/** Random sequences looked through in vain, one after another, before what is not covered yet is given up. */
const COVERING_IN_VAIN = 100_000;

/** Sequences tried on the kernel to make one that mismatches smaller. */
const SHRINK_TRIES = 300;

/** What came of it, and a case for each mismatch. Throws a KernelRunError where the machine, its rights or its kernel do not allow it. */
export async function conformOn(
  proposal: Proposal,
  options: KernelRunOptions,
  surroundings: Surroundings,
): Promise<{ readonly run: KernelRun; readonly cases: readonly Case[] }> {
  const { runs, length, seed, covering, given, time } = options;
  const bounds = conformBounds(proposal, options.bounds);
  const machine = machineOf(proposal, bounds);
  const systems = await openSystems(proposal, bounds, options);
  try {
    const { unsupported } = systems[0]!;
    const without = new Set([...options.without, ...unsupported.keys()]);
    const plan = new RandomPlan(machine, { seed, length, without });
    if (covering > 0) surroundings.choosing();
    const covered =
      covering === 0 ? [] : coveringSequences(machine, { seed, length, without }, covering, COVERING_IN_VAIN);
    const first = [...given, ...covered];
    const start = surroundings.now();
    const result = await conform({
      machine,
      expected: expectedBy(linuxBindings),
      patience: { milliseconds: PATIENCE, wait: pause, now: surroundings.now },
      systems,
      without: new Set(options.without),
      sequence: (n) => first[n] ?? (n < first.length + runs ? plan.sequence(n - first.length) : undefined),
      shrinkTries: SHRINK_TRIES,
      stopped() {
        if (surroundings.interrupted()) return 'interrupted';
        return time !== undefined && surroundings.now() - start > time * 1000 ? 'time' : undefined;
      },
      progress: surroundings.progress,
    });
    const cases = result.mismatches.map((mismatch) =>
      caseOfMismatch(proposal, machine, mismatch, result.system),
    );
    const mismatches = result.mismatches.map(({ trace: _trace, outcomes: _outcomes, ...told }, i) => ({
      ...told,
      text: printCase(cases[i]!),
    }));
    return { run: { ...result, mismatches, milliseconds: surroundings.now() - start }, cases };
  } finally {
    await Promise.all(systems.map((system) => system.close()));
  }
}

/** A mismatch as a case: the outcomes are the kernel's, so that it replays once the model has been put right. */
function caseOfMismatch(
  proposal: Proposal,
  machine: Machine<KernelState>,
  { kind, what, observed, trace, outcomes }: FoundMismatch,
  system: string,
): Case {
  const title = kind === 'outcome' ? `${what} comes to ${observed}` : `${what}: ${observed}`;
  const about = { title, proposal: proposal.name, expect: undefined, origins: [`a run on ${system}`] };
  const made = caseOf(machine, undefined, { trace }, about);
  // A mismatch that did not come again while it was made smaller: what the calls came to is the model's.
  return outcomes.every((outcome) => outcome === undefined) ? made : withOutcomes(made, outcomes);
}

async function openSystems(
  proposal: Proposal,
  bounds: Bounds,
  options: KernelRunOptions,
): Promise<RunningLinux[]> {
  const { expedited, server, workers } = options;
  const opened: RunningLinux[] = [];
  try {
    for (let i = 0; i < workers; i++) {
      const sandbox = await Sandbox.open({
        devices: Array.from({ length: bounds.devices }, () => 'veth' as const),
        groups: GROUPS,
        otherNetwork: true,
        expedited,
        ...(server === undefined ? {} : { server }),
      });
      const unsupported = opened[0]?.unsupported ?? (await unsupportedOn(sandbox, proposal, bounds));
      opened.push(await RunningLinux.open(sandbox, bounds, linuxBindings, unsupported));
    }
    return opened;
  } catch (error) {
    await Promise.all(opened.map((system) => system.close()));
    throw error;
  }
}

/** Operations that cannot be made on a kernel, each with the reason: there is no such call, or what it needs is missing. */
async function unsupportedOn(
  sandbox: Sandbox,
  proposal: Proposal,
  bounds: Bounds,
): Promise<Map<string, string>> {
  const called = machineOf(proposal, bounds).operations.filter(({ spontaneous }) => !spontaneous);
  const bound = new Set(linuxBindings.flatMap(({ calls }) => Object.keys(calls)));
  const needs = new Map(linuxBindings.flatMap((binding) => Object.entries(binding.needs ?? {})));
  const needed = new Set(called.flatMap(({ name }) => needs.get(name) ?? []));
  const probed = await probe(
    sandbox,
    FEATURES.filter(({ name }) => needed.has(name)),
  );
  const missing = new Map(probed.flatMap((one) => (one.available ? [] : [[one.name, one.reason] as const])));
  const unsupported = new Map<string, string>();
  for (const { name } of called) {
    const lacking = (needs.get(name) ?? []).find((feature) => missing.has(feature));
    if (!bound.has(name)) unsupported.set(name, 'there is no such call on a running kernel');
    else if (lacking !== undefined) unsupported.set(name, `${lacking}: ${missing.get(lacking)!}`);
  }
  return unsupported;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
