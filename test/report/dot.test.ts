import test from 'ava';
import { instance } from '@viz-js/viz';
import type { StateGraph } from '../../checker/state-graph.js';
import { formatDot } from '../../report/dot.js';
import { aCall, aChain, aGraph, anEdge, aState } from './graphs.js';

/** The lines of states, rows and edges; the first three lines inside say how all of them look. */
function statements(graph: StateGraph): string[] {
  return formatDot(graph, { title: 'a graph' }).split('\n').slice(4, -2);
}

test('states are boxes, and calls are arrows between them', (t) => {
  const graph = aGraph(
    [
      aState(0),
      aState(1, {
        facts: ['prog1 is loaded'],
        tables: [{ owner: 'A', entries: [{ number: 'fd3', object: 'prog1' }] }],
      }),
    ],
    [
      anEdge(0, 1, [aCall('load(prog)', 'A')]),
      anEdge(1, 0, [aCall('close(prog1)', 'A'), aCall('crash()', 'A')]),
    ],
  );
  t.deepEqual(statements(graph), [
    '  s0 [label="nothing is there yet", tooltip="nothing is there yet", penwidth="2", peripheries="2"];',
    '  s1 [label="prog1 is loaded\\nA: fd3 prog1", tooltip="prog1 is loaded\\nA: fd3 prog1"];',
    '  { rank="same"; s0 };',
    '  { rank="same"; s1 };',
    '  s0 -> s1 [label="A: load(prog)", tooltip="A: load(prog)"];',
    // Laid out from above, with the head at s0.
    '  s0 -> s1 [label="A: close(prog1)\\nA: crash()", tooltip="A: close(prog1)\\nA: crash()", dir="back"];',
  ]);
});

test('it begins with the title, and ends with a line end', (t) => {
  const text = formatDot(aChain(2), { title: 'link-fd\n2 states' });
  t.regex(text, /^digraph states \{\n {2}graph \[label="link-fd\\n2 states", /);
  t.regex(text, /;\n\}\n$/);
});

test('what is broken is red, and the way there is bold', (t) => {
  const mark = { property: 'never', clause: 'it is at 1' };
  const graph = aGraph(
    [aState(0, { onPath: true }), aState(1, { onPath: true, marks: [mark] })],
    [
      { ...anEdge(0, 1, [aCall('up()')]), onPath: true },
      { ...anEdge(1, 1, [aCall('stay()')]), marks: [mark] },
      anEdge(1, 0, [aCall('down()')]),
    ],
  );
  const [first, second, , , up, stay, down] = statements(graph);
  t.regex(first!, /penwidth="2"/);
  t.regex(second!, /✗ never".*fillcolor="#ffd9d9", color="#c00000", penwidth="2"/);
  t.regex(up!, /color="black", fontcolor="black", penwidth="2"/);
  t.regex(stay!, /label="stay\(\)\\n✗ it is at 1".*color="#c00000", fontcolor="#c00000"/);
  t.notRegex(stay!, /penwidth/);
  t.regex(down!, /color="#a0a0a0"/);
});

test('calls that differ in the actor only are written as one, and what refused them is said', (t) => {
  const calls = [
    aCall('unpin(/pin1)', 'A'),
    aCall('crash()', 'A'),
    aCall('unpin(/pin1)', 'B'),
    aCall('get(/pin1)', 'A', 'EMFILE'),
  ];
  const [, , , , edge] = statements(aGraph([aState(0), aState(1)], [anEdge(0, 1, calls)]));
  t.regex(edge!, /label="A, B: unpin\(\/pin1\)\\nA: crash\(\)\\nA: get\(\/pin1\) → EMFILE"/);
});

test('of more than four calls three are written, and how many there are besides; the tooltip has all', (t) => {
  const calls = ['a()', 'b()', 'c()', 'd()', 'e()'].map((text) => aCall(text));
  const [, , , , edge] = statements(aGraph([aState(0), aState(1)], [anEdge(0, 1, calls)]));
  t.regex(
    edge!,
    /label="a\(\)\\nb\(\)\\nc\(\)\\n… and 2 more", tooltip="a\(\)\\nb\(\)\\nc\(\)\\nd\(\)\\ne\(\)"/,
  );
});

test('quotes, backslashes and line ends in names stay inside their string', (t) => {
  const graph = aGraph([aState(0, { facts: ['it is "here" \\N'] })], []);
  t.deepEqual(statements(graph).slice(0, 1), [
    '  s0 [label="it is \\"here\\" \\\\N", tooltip="it is \\"here\\" \\\\N", penwidth="2", peripheries="2"];',
  ]);
  t.regex(formatDot(graph, { title: '"\\' }), /graph \[label="\\"\\\\", /);
});

test('more than 60 states have numbers, and what those mean stands below', (t) => {
  const words = statements(aChain(60));
  t.regex(words[1]!, /label="it is at 1"/);
  t.false(words.some((line) => line.includes('legend')));
  const numbers = statements(aChain(61));
  t.regex(numbers[1]!, /label="1", tooltip="it is at 1"/);
  const [legend, below] = numbers.slice(-2);
  t.regex(legend!, /^ {2}legend \[.* label="0: it is at 0\\l1: it is at 1\\l.*60: it is at 60\\l"\];$/);
  t.is(below, '  s60 -> legend [style="invis"];');
});

test('Graphviz reads it, and finds the states and edges that were meant', async (t) => {
  const graphviz = await instance();
  const awkward = aGraph(
    [aState(0, { facts: ['a "quoted" \\ fact <b>', 'two\nlines'] }), aState(1)],
    [anEdge(0, 1, [aCall('call("x", \\)', 'A')]), anEdge(1, 0, [aCall('back()')])],
  );
  for (const graph of [awkward, aChain(1), aChain(61)]) {
    const { status, output, errors } = graphviz.render(formatDot(graph, { title: 'a "title" \\' }), {
      format: 'json',
    });
    t.is(status, 'success');
    t.deepEqual(errors, []);
    const { objects = [], edges = [] } = JSON.parse(output!) as {
      objects?: { name: string }[];
      edges?: object[];
    };
    const states = objects.filter(({ name }) => /^s\d+$/.test(name));
    t.is(states.length, graph.states.length);
    // The legend hangs on an edge of its own.
    t.is(edges.length, graph.edges.length + (graph.states.length > 60 ? 1 : 0));
  }
});
