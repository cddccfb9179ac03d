import test from 'ava';
import { formatReport, sequenceDiagram } from '../../report/index.js';
import { aBroken, aFinding, aProposal, aReport, aStep, HOLDS, HOOK_TAKEN } from './fixtures.js';

test('calls are arrows to the kernel, outcomes come back, notes say what changed', (t) => {
  t.is(
    sequenceDiagram(HOOK_TAKEN, { title: 'netlink-xdp owner-decides', conclusion: 'B replaced it' }),
    `sequenceDiagram
  title netlink-xdp owner-decides
  participant p1 as A
  participant p2 as B
  participant p3 as kernel
  participant p4 as outside
  p1->>p3: 1. prog1 = load(prog)
  Note over p3: + prog1 is loaded
  p3-->>p1: fd3
  p1->>p3: 2. attach(prog1, eth0)
  Note over p3: + eth0 runs prog1
  p3-->>p1: ok
  p2->>p3: 3. prog2 = load(prog)
  Note over p3: + prog2 is loaded
  p3-->>p2: fd3
  p2->>p3: 4. attach_if_empty(prog2, eth0)
  p3--xp2: EBUSY (device-is-empty)
  p2->>p3: 5. attach(prog2, eth0)
  Note over p3: + eth0 runs prog2<br/>- eth0 runs prog1
  p3-->>p2: ok
  p4->>p3: 6. packet(eth0)
  p3-->>p4: prog2
  Note over p1,p4: B replaced it
`,
  );
});

test('text that means something to Mermaid is written as entity codes', (t) => {
  const step = aStep('end', ['a;b', '#35;', '<i>', '%%', 'two\nlines'], { actor: 'x: y' });
  const lines = sequenceDiagram({ ...HOOK_TAKEN, steps: [step] }).split('\n');
  t.true(lines.includes('  participant p1 as x: y'));
  t.true(lines.includes('  p1->>p2: 1. end(a#59;b, #35;35#59;, #60;i#62;, #37;#37;, two lines)'));
});

/** The statements of a diagram as this project writes them, at most one to a line. */
const STATEMENT =
  /^ {2}(title [^#;]*|participant p\d+ as .+|p\d+(->>|-->>|--x)p\d+: .+|Note over p\d+(,p\d+)?: .+)$/;

test('every line of a diagram is one statement', (t) => {
  const [head, ...statements] = sequenceDiagram(HOOK_TAKEN, { title: 'a', conclusion: 'b' })
    .trimEnd()
    .split('\n');
  t.is(head, 'sequenceDiagram');
  for (const statement of statements) t.regex(statement, STATEMENT);
});

test('several counterexamples are several diagrams, unexpected ones first', (t) => {
  const report = aReport([
    aProposal('netlink-xdp', [aBroken('known', { expectedReason: 'nobody owns it' }), aBroken('unexpected')]),
  ]);
  const lines = formatReport(report, 'mermaid').split('\n');
  t.deepEqual(
    lines.filter((line) => line.startsWith('%%')),
    ['%% netlink-xdp unexpected', '%% netlink-xdp known'],
  );
  t.is(lines.filter((line) => line === 'sequenceDiagram').length, 2);
});

test('without a counterexample there is only a comment', (t) => {
  t.is(
    formatReport(aReport([aProposal('tcx', [aFinding('a', HOLDS)])]), 'mermaid'),
    '%% no counterexample\n',
  );
});

test('a trace without calls is a diagram of the kernel alone', (t) => {
  t.is(
    sequenceDiagram({ ...HOOK_TAKEN, steps: [] }, { conclusion: 'so from the start' }),
    'sequenceDiagram\n  participant p1 as kernel\n  Note over p1: so from the start\n',
  );
});
