/** Small state graphs made by hand, for drawing. */
import type { GraphCall, GraphEdge, GraphState, StateGraph } from '../../checker/state-graph.js';

export function aCall(text: string, actor?: string, errno?: string): GraphCall {
  return { text, actor, errno };
}

export function aState(depth: number, more: Partial<GraphState> = {}): GraphState {
  return { facts: [], tables: [], depth, marks: [], onPath: false, ...more };
}

export function anEdge(from: number, to: number, calls: readonly GraphCall[]): GraphEdge {
  return { from, to, calls, marks: [], onPath: false };
}

export function aGraph(states: readonly GraphState[], edges: readonly GraphEdge[]): StateGraph {
  return { states, edges, closed: true };
}

/** A row of states, each one call further: 0 → 1 → … */
export function aChain(states: number): StateGraph {
  return aGraph(
    Array.from({ length: states }, (_, number) => aState(number, { facts: [`it is at ${number}`] })),
    Array.from({ length: states - 1 }, (_, number) => anEdge(number, number + 1, [aCall('up()')])),
  );
}
