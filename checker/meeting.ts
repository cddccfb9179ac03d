/** The shortest sequence of calls that meets two refusals which together break a property. */
import type { Machine, OutcomeCode } from '../model/machine/index.js';
import { callBetween } from './calls.js';
import type { Broken, RefusalsProperty } from './property.js';
import { breachBetween } from './refusals.js';
import { RefusedCalls, type RefusedCall } from './refused-calls.js';
import { Recorder, type Trace } from './trace.js';

/** A refused call, and the node at which the sequence meets it. */
interface Met {
  readonly call: RefusedCall;
  readonly at: number;
}

/** A state, with the refusals that lie on the way to it: a refused call changes nothing, and so can be made on the way. */
interface Node {
  readonly row: Int32Array;
  readonly parent: number;
  readonly depth: number;
  readonly met: readonly Met[];
}

export interface Meeting {
  readonly trace: Trace;
  readonly broken: Broken;
}

/** What the search for a meeting came to. */
export interface MeetingSearch {
  readonly meeting?: Meeting;
  /** All sequences of at most that many calls were looked at, or all up to the one found. */
  readonly closed: boolean;
}

/** Enough for sequences of six and more calls; what takes more is not found. */
const NODES = 1 << 15;

/**
 * Searches breadth first, over states together with the causes met on the way.
 * @param depth calls of the longest sequence
 * @param matters the causes to look for: the fewer there are, the fewer nodes one state makes
 */
export function shortestMeeting<S>(
  machine: Machine<S>,
  property: RefusalsProperty,
  matters: (operation: number, code: OutcomeCode) => boolean,
  depth: number,
): MeetingSearch {
  const refused = new RefusedCalls(machine, matters);
  const expansion = machine.expansion([]);
  const successors = new Int32Array((expansion.maxSuccessors + 1) * machine.words);
  const nodes: Node[] = [{ row: machine.initialRow, parent: -1, depth: 0, met: [] }];
  const known = new Set<string>();
  let at = 0;
  for (; at < Math.min(nodes.length, NODES); at++) {
    const node = nodes[at]!;
    if (node.depth + 2 > depth) return { closed: true };
    const met = [...node.met];
    for (const call of refused.in(node.row, 0)) {
      if (met.some((other) => isSameCause(other.call, call))) continue;
      for (const earlier of met.filter((other) => other.call.operation === call.operation)) {
        const broken = breachBetween(machine, property, call.operation, earlier.call.code, call.code);
        if (broken) {
          return {
            meeting: { trace: traceOf(machine, nodes, [earlier, { call, at }]), broken },
            closed: true,
          };
        }
      }
      met.push({ call, at });
    }
    const causes = met
      .map(({ call }) => `${call.operation}/${call.code}`)
      .sort()
      .join();
    const count = expansion.expand(node.row, 0, successors);
    for (let i = 0; i < count; i++) {
      const row = successors.slice(i * machine.words, (i + 1) * machine.words);
      const key = `${row.join()};${causes}`;
      if (known.has(key)) continue;
      known.add(key);
      nodes.push({ row, parent: at, depth: node.depth + 1, met });
    }
  }
  return { closed: at === nodes.length };
}

function isSameCause(one: RefusedCall, other: RefusedCall): boolean {
  return one.operation === other.operation && one.code === other.code;
}

/** The calls to the last node, each refused call in the state in which it was met. */
function traceOf<S>(machine: Machine<S>, nodes: readonly Node[], met: readonly Met[]): Trace {
  const path: number[] = [];
  for (let at = met[met.length - 1]!.at; at >= 0; at = nodes[at]!.parent) path.unshift(at);
  const recorder = new Recorder(machine);
  path.forEach((at, i) => {
    if (i > 0) {
      const call = callBetween(machine, nodes[path[i - 1]!]!.row, nodes[at]!.row)!;
      recorder.add(call.operation, call.args, call.code);
    }
    for (const { call } of met.filter((one) => one.at === at))
      recorder.add(call.operation, call.args, call.code);
  });
  return recorder.trace;
}
