import test from 'ava';
import { DOMParser, onErrorStopParsing, type Element } from '@xmldom/xmldom';
import { formatDot, svgOf } from '../../report/index.js';
import type { StateGraph } from '../../checker/state-graph.js';
import { aCall, aChain, aGraph, anEdge, aState } from './graphs.js';

/** The elements of a class: each node and edge is a group. Throws if the text is not well-formed XML. */
async function groups(graph: StateGraph, kind: 'node' | 'edge', title = 'a graph'): Promise<Element[]> {
  const svg = await svgOf(formatDot(graph, { title }));
  const root = new DOMParser({ onError: onErrorStopParsing }).parseFromString(
    svg,
    'image/svg+xml',
  ).documentElement!;
  return [...root.getElementsByTagName('g')].filter((group) => group.getAttribute('class') === kind);
}

function textsOf(group: Element | undefined): (string | null)[] {
  return [...(group?.getElementsByTagName('text') ?? [])].map(({ textContent }) => textContent);
}

test('each state is one node, and each edge one edge', async (t) => {
  t.is((await groups(aChain(5), 'node')).length, 5);
  t.is((await groups(aChain(5), 'edge')).length, 4);
  // And the box with what the numbers mean.
  t.is((await groups(aChain(61), 'node')).length, 62);
});

test('what is said of states and calls can be read in it, whatever the characters', async (t) => {
  const graph = aGraph(
    [aState(0, { facts: ['a "quoted" & <b> fact', 'a \\N'] }), aState(1, { facts: ['✗ → Höiland'] })],
    [anEdge(1, 0, [aCall('back(<x>)', 'A')])],
  );
  const nodes = await groups(graph, 'node', '<title> & "more"');
  t.deepEqual(nodes.map(textsOf), [['a "quoted" & <b> fact', 'a \\N'], ['✗ → Höiland']]);
  const [edge] = await groups(graph, 'edge');
  t.deepEqual(textsOf(edge), ['A: back(<x>)']);
});

test('the same graph is the same picture', async (t) => {
  const dot = formatDot(aChain(5), { title: 'a graph' });
  t.is(await svgOf(dot), await svgOf(dot));
});
