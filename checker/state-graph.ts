/**
 * A small state space as a graph: every state that calls can lead to, and which calls lead from one to another. For drawing, so
 * everything is in words. Calls that change nothing are left out, unless they break a claim.
 */
import {
  errnoOf,
  IMPOSSIBLE,
  isRefusal,
  type Domain,
  type Machine,
  type Operation,
} from '../model/machine/index.js';
import { indexOf, NONE } from '../model/state/index.js';
import { argumentLists } from './calls.js';
import { searchExhaustively, type ExhaustiveLimits } from './exhaustive.js';
import { hasActor, judges, judgeState, StepView } from './judge.js';
import { valueText } from './playback.js';
import type { Property } from './property.js';
import { numberTables, type NumberTable } from './state-view.js';

export interface StateGraph {
  /** In the order in which they are reached; the first one is the initial state. */
  readonly states: readonly GraphState[];
  readonly edges: readonly GraphEdge[];
  /** False if some states were not looked behind, because they are as deep as was asked for. */
  readonly closed: boolean;
}

export interface GraphState {
  readonly facts: readonly string[];
  readonly tables: readonly NumberTable[];
  /** Calls of the shortest way there. */
  readonly depth: number;
  /** What is broken in it, or, of a witness, reached: each property, and the clause if there is one. */
  readonly marks: readonly GraphMark[];
  /** It lies on the shortest way to what is marked. */
  readonly onPath: boolean;
}

export interface GraphEdge {
  readonly from: number;
  readonly to: number;
  /** The calls that lead there. */
  readonly calls: readonly GraphCall[];
  readonly marks: readonly GraphMark[];
  readonly onPath: boolean;
}

export interface GraphCall {
  readonly actor: string | undefined;
  /** The call without its actor: `attach(prog1, eth0)`. An object is called by its kind and its place in its table. */
  readonly text: string;
  /** Of a call that is refused. */
  readonly errno: string | undefined;
}

export interface GraphMark {
  readonly property: string;
  readonly clause: string | undefined;
}

export type GraphLimits = Pick<ExhaustiveLimits, 'depth'>;

/** How many states there are, up to `most`; then `more` says whether there are further ones. */
export function countStates<S>(
  machine: Machine<S>,
  most: number,
  { depth }: GraphLimits = {},
): { readonly states: number; readonly more: boolean } {
  const limits = { maxStates: most + 1, ...(depth === undefined ? {} : { depth }) };
  const { states } = searchExhaustively(machine, [], limits).statistics;
  return { states: Math.min(states, most), more: states > most };
}

/** The graph. All of its states are kept in words, so they should not be many: {@link countStates} first. */
export function stateGraph<S>(
  machine: Machine<S>,
  properties: readonly Property<S>[] = [],
  limits: GraphLimits = {},
): StateGraph {
  return new Collector(machine, properties, limits.depth ?? Infinity).collect();
}

interface Found {
  readonly row: Int32Array;
  readonly depth: number;
  /** The edge by which it was reached first; NONE for the initial state. */
  readonly through: number;
  readonly marks: readonly GraphMark[];
}

interface DraftEdge {
  readonly from: number;
  readonly to: number;
  readonly calls: GraphCall[];
  readonly marks: GraphMark[];
}

class Collector<S> {
  private readonly states: Found[] = [];
  private readonly numbers = new Map<string, number>();
  private readonly edges: DraftEdge[] = [];
  private readonly edgeNumbers = new Map<string, number>();
  private readonly step: StepView<S>;
  /** For each property: whether the call changed what it watches. */
  private readonly changed: readonly (() => boolean)[];
  /** The first edge that breaks a property, if an edge does. */
  private firstMarked = NONE;

  constructor(
    private readonly machine: Machine<S>,
    private readonly properties: readonly Property<S>[],
    private readonly depth: number,
  ) {
    this.step = new StepView(machine);
    this.changed = properties.map((property) =>
      property.kind === 'step' && property.changes ? machine.memory.changeTest(property.changes) : () => true,
    );
  }

  collect(): StateGraph {
    this.machine.reset();
    this.stateNumber(0, NONE);
    let closed = true;
    for (let number = 0; number < this.states.length; number++) {
      if (this.states[number]!.depth < this.depth) this.expand(number);
      else closed = false;
    }
    const path = this.shortestPath();
    return {
      states: this.states.map((state, number) => this.inWords(state, path.states.has(number))),
      edges: this.edges.map((edge, number) => ({ ...edge, onPath: path.edges.has(number) })),
      closed,
    };
  }

  private expand(from: number): void {
    const { machine } = this;
    const { row } = this.states[from]!;
    machine.operations.forEach((operation, index) => {
      if (operation.observe) return;
      for (const args of argumentLists(machine, index)) {
        machine.load(row, 0);
        machine.remember();
        this.follow(from, operation, index, args);
      }
    });
  }

  /** Makes one call in the state that the machine is in. */
  private follow(from: number, operation: Operation<S>, index: number, args: readonly number[]): void {
    const { machine } = this;
    const actor = hasActor(operation) ? valueText(operation.params['actor']!, args[0]!) : undefined;
    const text = this.callText(operation, args);
    const code = machine.call(index, args);
    if (code === IMPOSSIBLE) return;
    const marks = this.stepMarks(operation, code, args);
    if (machine.unchanged() && marks.length === 0) return;
    const { depth } = this.states[from]!;
    const edge = this.edgeNumber(from, this.stateNumber(depth + 1, this.edges.length));
    const { calls, marks: known } = this.edges[edge]!;
    const errno = isRefusal(code) ? errnoOf(operation, code) : undefined;
    if (!calls.some((call) => call.actor === actor && call.text === text)) calls.push({ actor, text, errno });
    for (const mark of marks) if (!known.some(({ property }) => property === mark.property)) known.push(mark);
    if (marks.length > 0 && this.firstMarked === NONE) this.firstMarked = edge;
  }

  /** The number of the state that the machine is in. A new one is reached through the edge. */
  private stateNumber(depth: number, through: number): number {
    const { machine } = this;
    const row = new Int32Array(machine.words);
    machine.save(row, 0);
    const key = row.join();
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    const number = this.states.length;
    this.numbers.set(key, number);
    this.states.push({ row, depth, through, marks: this.stateMarks() });
    return number;
  }

  private edgeNumber(from: number, to: number): number {
    const key = `${from} ${to}`;
    const known = this.edgeNumbers.get(key);
    if (known !== undefined) return known;
    this.edgeNumbers.set(key, this.edges.length);
    this.edges.push({ from, to, calls: [], marks: [] });
    return this.edges.length - 1;
  }

  private stateMarks(): GraphMark[] {
    return this.properties.flatMap((property): GraphMark[] => {
      const judgement = judgeState(this.machine, property);
      if (property.kind === 'witness')
        return judgement === true ? [{ property: property.name, clause: undefined }] : [];
      return typeof judgement === 'object' ? [{ property: property.name, clause: judgement.clause }] : [];
    });
  }

  private stepMarks(operation: Operation<S>, code: number, args: readonly number[]): GraphMark[] {
    this.step.show(operation, hasActor(operation), code, args);
    return this.properties.flatMap((property, k): GraphMark[] => {
      if (property.kind !== 'step' || !judges(property, operation, code) || !this.changed[k]!()) return [];
      const judgement = property.check(this.step);
      return typeof judgement === 'object' ? [{ property: property.name, clause: judgement.clause }] : [];
    });
  }

  /** The states and edges of the shortest way to a marked state, or over a marked edge; none if nothing is marked. */
  private shortestPath(): { readonly states: ReadonlySet<number>; readonly edges: ReadonlySet<number> } {
    const states = new Set<number>();
    const edges = new Set<number>();
    const marked = this.states.findIndex(({ marks }) => marks.length > 0);
    const edge = this.edges[this.firstMarked];
    const overEdge = edge && (marked < 0 || this.states[edge.from]!.depth + 1 <= this.states[marked]!.depth);
    if (overEdge) {
      states.add(edge.to);
      edges.add(this.firstMarked);
    }
    let at = overEdge ? edge.from : marked;
    while (at >= 0) {
      states.add(at);
      const { through } = this.states[at]!;
      if (through !== NONE) edges.add(through);
      at = through === NONE ? NONE : this.edges[through]!.from;
    }
    return { states, edges };
  }

  private inWords({ row, depth, marks }: Found, onPath: boolean): GraphState {
    const { machine } = this;
    machine.load(row, 0);
    return {
      facts: machine.definition.facts?.(machine.state, this.nameOf) ?? [],
      tables: numberTables(machine, this.nameOf),
      depth,
      marks,
      onPath,
    };
  }

  /** The call in the state that the machine is in, before it is made. */
  private callText(operation: Operation<S>, args: readonly number[]): string {
    const words = Object.values(operation.params).map((domain, i) => this.word(domain, args[0]!, args[i]!));
    return `${operation.verb}(${words.slice(hasActor(operation) ? 1 : 0).join(', ')})`;
  }

  private word(domain: Domain, actor: number, value: number): string {
    const { definition, state } = this.machine;
    if (!domain.issued || value === NONE) return valueText(domain, value);
    const owner = domain.issued === 'actor' ? actor : NONE;
    const object = definition.objectBehind?.(state, domain.name, owner, value) ?? NONE;
    const isThere = object !== NONE && (definition.isLive?.(state, object) ?? true);
    return isThere ? this.nameOf(object) : valueText(domain, value);
  }

  /** Without a trace, objects have no names of their own: they are called by kind and place. */
  private readonly nameOf = (object: number): string => {
    if (object === NONE) return 'nothing';
    const kind = this.machine.definition.kindOf?.(this.machine.state, object) ?? 'object';
    return `${kind}${/\d$/.test(kind) ? '_' : ''}${indexOf(object) + 1}`;
  };
}
