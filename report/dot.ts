/**
 * A state space in the language of Graphviz, https://graphviz.org/doc/info/lang.html: boxes are states, arrows are calls. What
 * breaks a claim is red, and the shortest way there is bold. Each row is one call further from the first state.
 */
import type { GraphCall, GraphEdge, GraphState, StateGraph } from '../checker/state-graph.js';
import { oneLine, wrapWords } from './wrap.js';

export interface DotOptions {
  readonly title: string;
}

/** With more states than this, boxes hold numbers, and what the numbers mean stands below the graph. */
const MOST_IN_WORDS = 60;

const RED = '#c00000';
const FILLED = '#ffd9d9';
/** Characters of a line in a box, and of one at an arrow. */
const WIDTH = { state: 34, calls: 30 };
/** Calls that are written at one arrow; how many there are besides is said. */
const MOST_CALLS = 4;

export function formatDot(graph: StateGraph, { title }: DotOptions): string {
  const inWords = graph.states.length <= MOST_IN_WORDS;
  const marked = [...graph.states, ...graph.edges].some(({ marks }) => marks.length > 0);
  const statements = [
    `graph [${attributes({ label: title, labelloc: 't', fontname: FONT, fontsize: '16', nodesep: '0.3' })}]`,
    `node [${attributes({ shape: 'box', style: 'rounded,filled', fillcolor: 'white', fontname: FONT, fontsize: '10', margin: '0.2,0.08' })}]`,
    `edge [${attributes({ fontname: FONT, fontsize: '9', arrowsize: '0.7', color: '#606060' })}]`,
    ...graph.states.map((state, number) => stateStatement(state, number, inWords)),
    ...rowStatements(graph.states),
    ...graph.edges.map((edge) => edgeStatement(edge, graph, marked)),
    ...(inWords ? [] : legendStatements(graph.states)),
  ];
  return ['digraph states {', ...statements.map((statement) => `  ${statement};`), '}', ''].join('\n');
}

/** One whose widths Graphviz knows by heart: there are no fonts where it is compiled to WebAssembly. */
const FONT = 'Helvetica';

function stateStatement(state: GraphState, number: number, inWords: boolean): string {
  const { marks, onPath } = state;
  const words = [...descriptionOf(state), ...marks.map(({ property }) => `✗ ${property}`)];
  const lines = inWords ? words.flatMap((line) => wrapWords(oneLine(line), WIDTH.state)) : [String(number)];
  return `s${number} [${attributes({
    label: lines.join('\n'),
    tooltip: words.join('\n'),
    ...(number === 0 ? { penwidth: '2', peripheries: '2' } : {}),
    ...(marks.length > 0 ? { fillcolor: FILLED, color: RED } : {}),
    ...(onPath ? { penwidth: '2' } : {}),
  })}]`;
}

/** What is true in a state and who has which number, a line each. */
function descriptionOf({ facts, tables }: GraphState): string[] {
  const numbers = tables.map(({ owner, entries }) => {
    const list = entries.map(({ number, object }) => `${number} ${object}`).join(', ');
    return owner === undefined ? list : `${owner}: ${list}`;
  });
  const lines = [...facts, ...numbers];
  return lines.length === 0 ? ['nothing is there yet'] : lines;
}

/** States that are equally many calls away stand in one row. */
function rowStatements(states: readonly GraphState[]): string[] {
  const rows = new Map<number, string[]>();
  states.forEach(({ depth }, number) => rows.set(depth, [...(rows.get(depth) ?? []), `s${number}`]));
  return [...rows.values()].map((names) => `{ rank="same"; ${names.join('; ')} }`);
}

function edgeStatement(
  { from, to, calls, marks, onPath }: GraphEdge,
  { states }: StateGraph,
  anyMarked: boolean,
): string {
  const texts = mergedCalls(calls);
  const shown =
    texts.length > MOST_CALLS
      ? [...texts.slice(0, MOST_CALLS - 1), `… and ${texts.length - MOST_CALLS + 1} more`]
      : texts;
  const clauses = marks.map(({ property, clause }) => `✗ ${clause ?? property}`);
  // A call that leads back up is laid out as an arrow down with its head at the other end, so that there is room for its words.
  const leadsUp = states[to]!.depth < states[from]!.depth;
  const colour = marks.length > 0 ? RED : onPath ? 'black' : anyMarked ? '#a0a0a0' : undefined;
  const ends = leadsUp ? `s${to} -> s${from}` : `s${from} -> s${to}`;
  return `${ends} [${attributes({
    label: [...shown, ...clauses].flatMap((line) => wrapWords(oneLine(line), WIDTH.calls)).join('\n'),
    tooltip: [...texts, ...clauses].join('\n'),
    ...(leadsUp ? { dir: 'back' } : {}),
    ...(colour === undefined
      ? {}
      : { color: colour, fontcolor: marks.length > 0 || onPath ? colour : '#707070' }),
    ...(onPath ? { penwidth: '2' } : {}),
  })}]`;
}

/** The calls, those that differ in nothing but the actor as one: `A, B: unpin(/pin1)`. */
function mergedCalls(calls: readonly GraphCall[]): string[] {
  const actors = new Map<string, string[]>();
  for (const { actor, text, errno } of calls) {
    const key = errno === undefined ? text : `${text} → ${errno}`;
    actors.set(key, [...(actors.get(key) ?? []), ...(actor === undefined ? [] : [actor])]);
  }
  return [...actors].map(([text, names]) => (names.length === 0 ? text : `${names.join(', ')}: ${text}`));
}

/** What the numbers stand for, in one box below the last row, each line from the left (`\\l`). */
function legendStatements(states: readonly GraphState[]): string[] {
  const lines = states.map((state, number) => `${number}: ${descriptionOf(state).map(oneLine).join('; ')}`);
  const label = lines.map((line) => `${quoted(line)}\\l`).join('');
  return [
    `legend [${attributes({ shape: 'plaintext', style: '' })}, label="${label}"]`,
    `s${states.length - 1} -> legend [${attributes({ style: 'invis' })}]`,
  ];
}

/** A list of attributes, each value quoted: a backslash would start an escape, and a line end is written as one. */
function attributes(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}="${quoted(value)}"`)
    .join(', ');
}

function quoted(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
