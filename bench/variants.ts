/**
 * What is measured. Each variant runs in a process of its own (`measure.ts`), so that none finds code that another has
 * warmed up, and says what it did in how much time.
 */
import { ExhaustiveSearch, RandomSearch, speaksAbout, type Property, type Search } from '../checker/index.js';
import { Machine } from '../model/machine/index.js';
import type { KernelState } from '../model/kernel/model.js';
import { linkFd, machineOf } from '../model/proposals/index.js';
import { properties } from '../properties/index.js';
import { attachMini, attachMiniProperties } from '../test/models/attach-mini.js';
import { searchHandPacked } from './attach-mini/hand-packed.js';
import { hasCompiler, runReference } from './attach-mini/reference.js';
import { SIZES, type KnownSize, type OutsideRun } from './attach-mini/size.js';
import { hasSpin, runSpin } from './attach-mini/spin.js';
import { hasTlc, runTlc } from './attach-mini/tlc.js';
import { runFastCheckCommands } from './fast-check-commands.js';

export interface Measurement {
  readonly milliseconds: number;
  /** Time of the processor, compiler and garbage collector included: says more than the clock while others run too. */
  readonly processorMilliseconds: number;
  /** Of making the program that was measured, if one had to be made: not part of the above. */
  readonly compileMilliseconds?: number;
  /** How often each thing was done, by name. Divided by the time, each gives a rate. */
  readonly counts: Readonly<Record<string, number>>;
  /** Bytes of the search's own tables. */
  readonly tableBytes?: number;
  /** What the process grew by at most while it was searching. */
  readonly grownBytes?: number;
}

export interface Variant {
  /** What `npm run bench -- <group>` measures together. */
  readonly group:
    'exhaustive' | 'exhaustive-large' | 'attach-mini' | 'attach-mini-large' | 'random' | 'peers';
  readonly name: string;
  /** Variants that do the same work name it alike: the first of them is compared with the others. */
  readonly work?: string;
  /** Runs in this process; the result must be a fresh one each time. */
  readonly measure: () => Measurement;
}

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

function runToItsEnd(search: Search): Measurement {
  const resident = process.memoryUsage.rss();
  const times = timesOf(() => {
    while (search.advance(1 << 14));
  });
  const { states, transitions } = search.result().statistics;
  return {
    ...times,
    counts: { states, transitions },
    tableBytes: search.progress().bytes,
    grownBytes: Math.max(0, process.resourceUsage().maxRSS * 1024 - resident),
  };
}

function exhaustive(group: Variant['group'], size: string, bounds: typeof SMALL): Variant[] {
  const search = (asked: (machine: Machine<KernelState>) => Property<KernelState>[]) => () => {
    const machine = rootlet(bounds);
    return runToItsEnd(new ExhaustiveSearch(machine, asked(machine)));
  };
  return [
    { group, name: `rootlet, ${size}, no properties`, measure: search(() => []) },
    { group, name: `rootlet, ${size}, all properties`, measure: search(claimsOf) },
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

function attachMiniSearch(size: KnownSize): Measurement {
  const machine = new Machine(attachMini(size));
  return runToItsEnd(new ExhaustiveSearch(machine, attachMiniProperties));
}

export const variants: readonly Variant[] = [
  ...exhaustive('exhaustive', 'small', SMALL),
  ...exhaustive('exhaustive', 'medium', MEDIUM),
  ...exhaustive('exhaustive-large', 'large', LARGE),
  ...SIZES.flatMap(attachMiniVariants),
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
];
