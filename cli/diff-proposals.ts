/** Two proposals searched at once, and the differences played side by side. */
import {
  DistinguishSearch,
  interfaceDifferences,
  play,
  type Distinction,
  type Progress,
  type SameOperations,
  type Sides,
} from '../checker/index.js';
import { FULL_TABLE_ERRNOS, kernelAspects } from '../model/kernel/aspects.js';
import type { Bounds, KernelState } from '../model/kernel/model.js';
import type { Machine } from '../model/machine/index.js';
import { machineOf, type Proposal } from '../model/proposals/index.js';
import type { ComparedDesign, DiffReport, ShownDistinction } from '../report/index.js';
import type { Control } from './workers/control.js';

/** What can be asked of a comparison; all of it can be sent to a worker. */
export interface DiffOptions {
  readonly designs: Sides<ComparedDesign>;
  readonly same: readonly SameOperations[];
  readonly bounds: Bounds;
  readonly depth: number | undefined;
  /** Seconds. */
  readonly time: number | undefined;
  readonly maxStates: number;
  /** Bytes of the search's tables. */
  readonly maxBytes: number;
}

/** Joint states between two looks at the clock. */
const PORTION = 1 << 11;

/** The machines of two proposals within the same bounds, each with a memory of its own. */
export function machinesOf(
  [first, second]: Sides<Proposal>,
  { bounds, designs }: Pick<DiffOptions, 'bounds' | 'designs'>,
): Sides<Machine<KernelState>> {
  const [one, other] = designs;
  return [machineOf(first, bounds, one), machineOf(second, bounds, other)];
}

export function diffProposals(
  machines: Sides<Machine<KernelState>>,
  options: DiffOptions,
  control: Control<Progress>,
): Omit<DiffReport, 'version'> {
  const { designs, same, bounds, depth, time, maxStates, maxBytes } = options;
  const search = new DistinguishSearch(machines, {
    same,
    aspects: kernelAspects,
    fullErrnos: FULL_TABLE_ERRNOS,
    ...(depth === undefined ? {} : { depth }),
    maxStates,
    maxBytes,
  });
  const started = control.now();
  const end = time === undefined ? Infinity : started + time * 1000;
  while (search.advance(PORTION)) {
    control.progress(search.progress());
    if (control.interrupted()) search.stop('interrupted');
    else if (control.now() >= end) search.stop('time');
  }
  const milliseconds = Math.round(control.now() - started);
  const { distinctions, closed, stoppedBy, statistics } = search.result();
  return {
    designs,
    bounds: { ...bounds },
    interface: interfaceDifferences(machines, search.alignment),
    differences: distinctions.map((distinction) => shown(machines, distinction)),
    closed,
    ...(stoppedBy === undefined ? {} : { stoppedBy }),
    statistics,
    milliseconds,
  };
}

/** The calls of both sides played; what the first side calls a result, the second calls it too. */
function shown(
  machines: Sides<Machine<KernelState>>,
  { traces, ...distinction }: Distinction,
): ShownDistinction {
  const first = play(machines[0], traces[0]);
  const names = new Map<number, string>();
  for (const [a, b] of distinction.calls) {
    const result = first.steps[a]?.result;
    const isHandedOut = machines[1].operations[traces[1][b]?.operation ?? -1]?.returns !== undefined;
    if (result !== undefined && isHandedOut) names.set(b, result);
  }
  return { ...distinction, playbacks: [first, play(machines[1], traces[1], names)] };
}
