/** The shortest sequence of calls that meets two refusals which together break a property. */
import { isRefusal, type Machine, type OutcomeCode } from '../model/machine/index.js';
import { callBetween, type FoundCall } from './calls.js';
import type { Broken, RefusalsProperty } from './property.js';
import { breachBetween } from './refusals.js';
import { RefusedCalls } from './refused-calls.js';
import { Recorder, type Trace } from './trace.js';

/** A refused call, and the node at which the sequence meets it; -1 if that was among the calls made already. */
interface Met {
  readonly call: FoundCall;
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
 * @param depth calls of the longest sequence, those made already not counted
 * @param made calls made already, with which the sequence begins
 * @param matters the causes to look for: the fewer there are, the fewer nodes one state makes
 */
export function shortestMeeting<S>(
  machine: Machine<S>,
  property: RefusalsProperty,
  matters: (operation: number, code: OutcomeCode) => boolean,
  depth: number,
  made: readonly FoundCall[],
): MeetingSearch {
  const refused = new RefusedCalls(machine, matters);
  const expansion = machine.expansion([]);
  const successors = new Int32Array((expansion.maxSuccessors + 1) * machine.words);
  const nodes: Node[] = [firstNode(machine, matters, made)];
  const known = new Set<string>();
  let at = 0;
  for (; at < Math.min(nodes.length, NODES); at++) {
    const node = nodes[at]!;
    if (node.depth + 1 > depth) return { closed: true };
    const met = [...node.met];
    for (const call of refused.in(node.row, 0)) {
      if (met.some((other) => isSameCause(other.call, call))) continue;
      for (const earlier of met.filter((other) => other.call.operation === call.operation)) {
        const broken = breachBetween(machine, property, call.operation, earlier.call.code, call.code);
        // A refusal among the calls made already needs no further call.
        const calls = node.depth + (earlier.at < 0 ? 1 : 2);
        if (!broken || calls > depth) continue;
        const trace = traceOf(machine, made, nodes, [earlier, { call, at }]);
        return { meeting: { trace, broken }, closed: true };
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

/** The state behind the calls made already, with the refusals among them. */
function firstNode<S>(
  machine: Machine<S>,
  matters: (operation: number, code: OutcomeCode) => boolean,
  made: readonly FoundCall[],
): Node {
  machine.reset();
  for (const { operation, args } of made) machine.call(operation, args);
  const row = new Int32Array(machine.words);
  machine.save(row, 0);
  const met = made
    .filter(({ operation, code }) => isRefusal(code) && matters(operation, code))
    .map((call) => ({ call, at: -1 }));
  return { row, parent: -1, depth: 0, met };
}

function isSameCause(one: FoundCall, other: FoundCall): boolean {
  return one.operation === other.operation && one.code === other.code;
}

/** The calls to the last node, each refused call in the state in which it was met. */
function traceOf<S>(
  machine: Machine<S>,
  made: readonly FoundCall[],
  nodes: readonly Node[],
  met: readonly Met[],
): Trace {
  const path: number[] = [];
  for (let at = met[met.length - 1]!.at; at >= 0; at = nodes[at]!.parent) path.unshift(at);
  const recorder = new Recorder(machine);
  for (const { operation, args, code } of made) recorder.add(operation, args, code);
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
