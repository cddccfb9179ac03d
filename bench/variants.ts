/**
 * What is measured. Each variant runs in a process of its own (`measure.ts`), so that none finds code that another has
 * warmed up, and says what it did in how much time.
 */
import { fileURLToPath } from 'node:url';
import {
  ExhaustiveSearch,
  RandomSearch,
  speaksAbout,
  type Property,
  type Search,
  type SearchResult,
} from '../checker/index.js';
import { helpersOf } from '../cli/workers/helpers.js';
import { Machine } from '../model/machine/index.js';
import type { KernelState } from '../model/kernel/model.js';
import { linkFd, linux, machineOf } from '../model/proposals/index.js';
import { properties } from '../properties/index.js';
import { attachMini, attachMiniProperties, type AttachMiniSize } from '../test/models/attach-mini.js';
import { searchHandPacked } from './attach-mini/hand-packed.js';
import { hasCompiler, runReference } from './attach-mini/reference.js';
import { SIZES, type KnownSize, type OutsideRun } from './attach-mini/size.js';
import { hasSpin, runSpin } from './attach-mini/spin.js';
import { hasTlc, runTlc } from './attach-mini/tlc.js';
import { runCommand } from './command.js';
import { runFastCheckCommands } from './fast-check-commands.js';

export interface Measurement {
  readonly milliseconds: number;
  /** Time of the processor, compiler and garbage collector included: says more than the clock while others run too. */
  readonly processorMilliseconds: number;
  /** Of making the program that was measured, if one had to be made: not part of the above. */
  readonly compileMilliseconds?: number;
  /** How often each thing was done, by name. Divided by the time, each gives a rate. */
  readonly counts: Readonly<Record<string, number>>;
  /** The bound at which the search ended, if it did not close the space. */
  readonly stoppedAt?: string;
  /** Bytes of the search's own tables. */
  readonly tableBytes?: number;
  /** What the process grew by at most while it was searching. */
  readonly grownBytes?: number;
}

export interface Variant {
  /** What `npm run bench -- <group>` measures together. */
  readonly group:
    | 'exhaustive'
    | 'exhaustive-large'
    | 'attach-mini'
    | 'attach-mini-large'
    | 'linux'
    | 'random'
    | 'peers'
    | 'sizes'
    | 'start-up'
    | 'commands';
  readonly name: string;
  /** The line of the plot that it is a point of. */
  readonly series?: string;
  /** Variants that do the same work name it alike: the first of them is compared with the others. */
  readonly work?: string;
  /** Runs in this process; the result must be a fresh one each time. */
  readonly measure: () => Measurement;
}

const HELP = new URL('attach-mini/help.ts', import.meta.url);
const HOLDFAST = fileURLToPath(new URL('../dist/cli/holdfast.js', import.meta.url));

/** Calls of a sequence where random sequences are compared. */
const SEQUENCE_LENGTH = 20;
const RANDOM_SEQUENCES = 100_000;
const FAST_CHECK_SEQUENCES = 20_000;

/** The rootlet model, small: 668,008 states. */
const SMALL = { processes: 2, fds: 3, programs: 2, attachments: 2, pins: 1 };
/** 3,341,056 states. */
const MEDIUM = { ...SMALL, pins: 2 };
/** 20,561,476 states. */
const LARGE = { ...SMALL, programs: 3 };

function rootlet(bounds: typeof SMALL): Machine<KernelState> {
  return machineOf(linkFd, bounds);
}

/** The sizes of the plot, from 8,860 states on. */
const ROOTLET_SIZES = [
  { ...SMALL, fds: 2, attachments: 1 },
  { ...SMALL, fds: 2 },
  { ...SMALL, attachments: 1 },
  SMALL,
  MEDIUM,
  { ...SMALL, pins: 3 },
];
/** From 4,308 states on. */
const ATTACH_MINI_SIZES = [
  { processes: 2, hooks: 1, programs: 2, links: 2 },
  { processes: 3, hooks: 1, programs: 1, links: 2 },
  { processes: 3, hooks: 2, programs: 1, links: 2 },
  { processes: 3, hooks: 2, programs: 2, links: 2 },
  ...SIZES.map(({ processes, hooks, programs, links }) => ({ processes, hooks, programs, links })),
];

/** Linux with a second device and nothing left out. Nobody has closed this space. */
const LINUX = { processes: 2, devices: 2, programs: 3 };
const LINUX_STATES = 1_000_000;

function claimsOf(machine: Machine<KernelState>): Property<KernelState>[] {
  return properties.filter((property) => speaksAbout(property, machine.definition.tags ?? []));
}

type Times = Pick<Measurement, 'milliseconds' | 'processorMilliseconds'>;

function timesOf(work: () => void): Times {
  const used = process.cpuUsage();
  const start = performance.now();
  work();
  const milliseconds = performance.now() - start;
  const { user, system } = process.cpuUsage(used);
  return { milliseconds, processorMilliseconds: (user + system) / 1000 };
}

function runToItsEnd(search: Search, maxStates?: number): Measurement {
  const resident = process.memoryUsage.rss();
  const found: SearchResult[] = [];
  const times = timesOf(() => {
    while (search.advance(1 << 16));
    // Some verdicts need states to be looked at again.
    found.push(search.result());
  });
  const { statistics, stoppedBy } = found[0]!;
  const { states, transitions } = statistics;
  return {
    ...times,
    counts: { states, transitions },
    ...(stoppedBy === 'states' ? { stoppedAt: `${maxStates!.toLocaleString('en')} states` } : {}),
    tableBytes: search.progress().bytes,
    grownBytes: Math.max(0, process.resourceUsage().maxRSS * 1024 - resident),
  };
}

const WATCHED = { 'no properties': false, 'all properties': true };

function rootletSearch(bounds: typeof SMALL, withProperties: boolean): Measurement {
  const machine = rootlet(bounds);
  return runToItsEnd(new ExhaustiveSearch(machine, withProperties ? claimsOf(machine) : []));
}

function exhaustive(group: Variant['group'], size: string, bounds: typeof SMALL): Variant[] {
  return Object.entries(WATCHED).map(([watched, withProperties]) => ({
    group,
    name: `rootlet, ${size}, ${watched}`,
    measure: () => rootletSearch(bounds, withProperties),
  }));
}

function linuxSearch(maxStates: number, withProperties: boolean): Measurement {
  const machine = machineOf(linux, LINUX);
  const asked = withProperties ? claimsOf(machine) : [];
  return runToItsEnd(new ExhaustiveSearch(machine, asked, { maxStates }), maxStates);
}

/** The points of the plot: each series from its smallest size on. */
function sizes(): Variant[] {
  const point = (series: string, size: string, measure: () => Measurement): Variant => ({
    group: 'sizes',
    name: `${series}, ${size}`,
    series,
    measure,
  });
  const text = (bounds: object): string =>
    Object.entries(bounds)
      .map(([name, bound]) => `${name} ${bound}`)
      .join(', ');
  return [
    ...ROOTLET_SIZES.map((size) =>
      point('rootlet, no properties', text(size), () => rootletSearch(size, false)),
    ),
    ...ROOTLET_SIZES.slice(0, -1).map((size) =>
      point('rootlet, all properties', text(size), () => rootletSearch(size, true)),
    ),
    ...ATTACH_MINI_SIZES.map((size) =>
      point('attach-mini, its three properties', text(size), () => attachMiniSearch(size)),
    ),
    ...[10_000, 100_000, 1_000_000].map((maxStates) =>
      point('linux, all properties', `${text(LINUX)}, cut off`, () => linuxSearch(maxStates, true)),
    ),
  ];
}

/** Start of Node included; the one without Holdfast is what no command can do without. */
function commands(): Variant[] {
  const command = (group: Variant['group'], ...args: string[]): Variant => ({
    group,
    name: `holdfast ${args.join(' ')}`,
    measure: () => ({ ...runCommand([HOLDFAST, ...args]), counts: {} }),
  });
  return [
    {
      group: 'start-up',
      name: 'Node alone',
      measure: () => ({ ...runCommand(['--eval', '0']), counts: {} }),
    },
    command('start-up', 'list'),
    command('start-up', 'check', 'netlink-xdp', '--depth', '3', '--exhaustive'),
    command('commands', 'check'),
    command('commands', 'compare'),
    command('commands', 'guards', 'netlink-xdp'),
  ];
}

function random(withProperties: boolean): Measurement {
  const machine = rootlet(SMALL);
  const search = new RandomSearch(machine, withProperties ? claimsOf(machine) : [], {
    runs: RANDOM_SEQUENCES,
    seed: 42,
    minLength: SEQUENCE_LENGTH,
    maxLength: SEQUENCE_LENGTH,
    // Without some of the operations a sequence can come to where nothing is possible, and end early.
    swarm: false,
  });
  const times = timesOf(() => {
    while (search.advance(1000));
  });
  const { runs, transitions, refusals } = search.result().statistics;
  return { ...times, counts: { sequences: runs, calls: transitions + refusals } };
}

function fastCheckCommands(): Measurement {
  const machine = rootlet(SMALL);
  const asked = claimsOf(machine);
  const made: ReturnType<typeof runFastCheckCommands>[] = [];
  const times = timesOf(() => {
    made.push(runFastCheckCommands(machine, asked, FAST_CHECK_SEQUENCES, SEQUENCE_LENGTH));
  });
  const { sequences, drawn, calls } = made[0]!;
  return { ...times, counts: { sequences, drawn, calls } };
}

/** The same states and transitions, whoever searches. */
function checked(size: KnownSize, measurement: Measurement): Measurement {
  const { states, transitions } = measurement.counts;
  if (states === size.states && transitions === size.transitions) return measurement;
  throw new Error(`attach-mini ${size.name} came to ${states} states and ${transitions} transitions`);
}

function attachMiniVariants(size: KnownSize): Variant[] {
  const work = `attach-mini ${size.name}`;
  const variant = (how: string, measure: () => Measurement): Variant => ({
    group: size.name === 'S' ? 'attach-mini' : 'attach-mini-large',
    name: `${work}, ${how}`,
    work,
    measure: () => checked(size, measure()),
  });
  const outside = ({ states, transitions, ...times }: OutsideRun): Measurement => ({
    ...times,
    counts: { states, transitions },
  });
  return [
    variant('in the authoring layer', () => attachMiniSearch(size)),
    variant('in the authoring layer, two threads', () => attachMiniSearch(size, 2)),
    variant('packed by hand in TypeScript', () => {
      const found: ReturnType<typeof searchHandPacked>[] = [];
      const times = timesOf(() => found.push(searchHandPacked(size)));
      const { states, transitions, tableBytes } = found[0]!;
      return { ...times, counts: { states, transitions }, tableBytes };
    }),
    ...(hasCompiler() ? [variant('by hand in C', () => outside(runReference(size)))] : []),
    ...(hasSpin()
      ? (['depth first', 'breadth first'] as const).map((order) =>
          variant(`in SPIN, ${order}`, () => outside(runSpin(size, order))),
        )
      : []),
    ...(hasTlc() ? [variant('in TLC', () => outside(runTlc(size)))] : []),
  ];
}

function attachMiniSearch(size: AttachMiniSize, threads = 1): Measurement {
  const machine = new Machine(attachMini(size));
  const help = threads > 1 ? { threads: helpersOf(HELP, size, threads) } : {};
  return runToItsEnd(new ExhaustiveSearch(machine, attachMiniProperties, help));
}

export const variants: readonly Variant[] = [
  ...exhaustive('exhaustive', 'small', SMALL),
  ...exhaustive('exhaustive', 'medium', MEDIUM),
  ...exhaustive('exhaustive-large', 'large', LARGE),
  ...SIZES.flatMap(attachMiniVariants),
  ...Object.entries(WATCHED).map(([watched, withProperties]): Variant => ({
    group: 'linux',
    name: `linux, ${watched}`,
    measure: () => linuxSearch(LINUX_STATES, withProperties),
  })),
  { group: 'random', name: `sequences of ${SEQUENCE_LENGTH}, no properties`, measure: () => random(false) },
  { group: 'random', name: `sequences of ${SEQUENCE_LENGTH}, all properties`, measure: () => random(true) },
  {
    group: 'peers',
    name: `sequences of ${SEQUENCE_LENGTH}, all properties`,
    measure: () => random(true),
  },
  {
    group: 'peers',
    name: `fast-check fc.commands, up to ${SEQUENCE_LENGTH} drawn, all properties`,
    measure: fastCheckCommands,
  },
  ...sizes(),
  ...commands(),
];
