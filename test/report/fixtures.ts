/** Small reports built by hand. */
import type { Playback, PlayedStep } from '../../checker/playback.js';
import type { SearchStatistics, Verdict } from '../../checker/verdict.js';
import type {
  CaseOutcome,
  CheckedProposal,
  Finding,
  Report,
  Search,
  ShownCounterexample,
} from '../../report/index.js';

export function aTrace(calls: number): { operation: number; args: number[] }[] {
  return Array.from({ length: calls }, () => ({ operation: 0, args: [] }));
}

export const HOLDS: Verdict = { kind: 'holds' };
export const HOLDS_UP_TO: Verdict = {
  kind: 'holds-up-to',
  bound: 'all sequences of up to 7 calls (stopped by: states)',
};
export const VACUOUS: Verdict = { kind: 'vacuous' };
export const MISSING: Verdict = { kind: 'witness-missing' };
export const UNDECIDED: Verdict = { kind: 'undecided', why: 'not met within all sequences of up to 7 calls' };

export function violated(calls: number, clause = 'the hook runs what its owner did not put there'): Verdict {
  return { kind: 'violated', counterexample: { trace: aTrace(calls), clause, objects: {} } };
}

export function witnessed(calls: number): Verdict {
  return { kind: 'witnessed', example: aTrace(calls) };
}

export const ALL_VERDICTS: readonly Verdict[] = [
  HOLDS,
  HOLDS_UP_TO,
  violated(3),
  VACUOUS,
  witnessed(5),
  MISSING,
  UNDECIDED,
];

export function aFinding(property: string, verdict: Verdict, more: Partial<Finding> = {}): Finding {
  return {
    property,
    claim: 'The one who attached decides when to detach.',
    source: 'https://lore.kernel.org/bpf/1',
    kind: 'state',
    verdict,
    spoke: 1,
    ...more,
  };
}

const NO_STATISTICS: SearchStatistics = {
  method: 'exhaustive',
  states: 1234,
  transitions: 56789,
  refusals: 100,
  depth: 9,
  runs: 0,
  bytes: 4096,
  counting: 'as-needed',
  operations: [
    { operation: 'load', done: 3, refused: { 'fd-is-free': 1 }, refusedLate: {}, keptBack: { programs: 2 } },
  ],
  boundsMet: ['programs'],
};

export function aSearch(statistics: Partial<SearchStatistics> = {}, more: Partial<Search> = {}): Search {
  return { statistics: { ...NO_STATISTICS, ...statistics }, closed: true, milliseconds: 420, ...more };
}

export function aProposal(
  name: string,
  findings: readonly Finding[],
  more: Partial<CheckedProposal> = {},
): CheckedProposal {
  return { name, title: `the design ${name}`, bounds: {}, without: [], searches: [], findings, ...more };
}

export function aReport(proposals: readonly CheckedProposal[], cases: readonly CaseOutcome[] = []): Report {
  return { version: '0.1.0', cases, proposals };
}

export function aStep(verb: string, args: readonly string[], more: Partial<PlayedStep> = {}): PlayedStep {
  return {
    actor: 'A',
    operation: verb,
    verb,
    args,
    result: undefined,
    outcome: { kind: 'ok' },
    gained: [],
    lost: [],
    facts: [],
    state: { count: 0 },
    ...more,
  };
}

/** Two processes, one device: B takes the hook that A's program was attached to. */
export const HOOK_TAKEN: Playback = {
  machine: 'netlink-xdp',
  initial: { hooks: [-1], alive: true },
  initialFacts: [],
  steps: [
    aStep('load', ['prog'], {
      result: 'prog1',
      outcome: { kind: 'value', value: 'fd3' },
      gained: ['prog1 is loaded'],
      facts: ['prog1 is loaded'],
      state: { hooks: [-1], alive: true },
    }),
    aStep('attach', ['prog1', 'eth0'], {
      gained: ['eth0 runs prog1'],
      facts: ['prog1 is loaded', 'eth0 runs prog1'],
      state: { hooks: [0], alive: true },
    }),
    aStep('load', ['prog'], {
      actor: 'B',
      result: 'prog2',
      outcome: { kind: 'value', value: 'fd3' },
      gained: ['prog2 is loaded'],
      facts: ['prog1 is loaded', 'prog2 is loaded', 'eth0 runs prog1'],
      state: { hooks: [0], alive: true },
    }),
    aStep('attach_if_empty', ['prog2', 'eth0'], {
      actor: 'B',
      outcome: { kind: 'refused', errno: 'EBUSY', guard: 'device-is-empty' },
      facts: ['prog1 is loaded', 'prog2 is loaded', 'eth0 runs prog1'],
      state: { hooks: [0], alive: true },
    }),
    aStep('attach', ['prog2', 'eth0'], {
      actor: 'B',
      gained: ['eth0 runs prog2'],
      lost: ['eth0 runs prog1'],
      facts: ['prog1 is loaded', 'prog2 is loaded', 'eth0 runs prog2'],
      state: { hooks: [1], alive: true },
    }),
    aStep('packet', ['eth0'], {
      actor: undefined,
      outcome: { kind: 'saw', words: ['prog2'] },
      facts: ['prog1 is loaded', 'prog2 is loaded', 'eth0 runs prog2'],
      state: { hooks: [1], alive: true },
    }),
  ],
  names: {},
};

export function aCounterexample(more: Partial<ShownCounterexample> = {}): ShownCounterexample {
  return {
    playback: HOOK_TAKEN,
    clause: 'B replaced what A attached',
    objects: { program: 'prog1', hook: 'eth0' },
    reproduce: 'npx holdfast show netlink-xdp owner-decides',
    ...more,
  };
}

/** A violation of 6 calls, with its counterexample. */
export function aBroken(property: string, more: Partial<Finding> = {}): Finding {
  return aFinding(property, violated(6, 'B replaced what A attached'), {
    counterexample: aCounterexample(),
    ...more,
  });
}
