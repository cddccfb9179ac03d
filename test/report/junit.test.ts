import test from 'ava';
import { DOMParser, onErrorStopParsing, type Element } from '@xmldom/xmldom';
import { createPaint, formatReport, type Report } from '../../report/index.js';
import {
  aBroken,
  aCounterexample,
  aFinding,
  ALL_VERDICTS,
  aProposal,
  aReport,
  aSearch,
  HOLDS,
  UNDECIDED,
  violated,
} from './fixtures.js';

function parsed(report: Report): Element {
  const text = formatReport(report, 'junit', { paint: createPaint(true) });
  const parser = new DOMParser({ onError: onErrorStopParsing });
  return parser.parseFromString(text, 'text/xml').documentElement!;
}

function all(parent: Element, name: string): Element[] {
  return [...parent.getElementsByTagName(name)];
}

function attributes(element: Element | undefined): Record<string, string> {
  return Object.fromEntries([...(element?.attributes ?? [])].map(({ name, value }) => [name, value]));
}

test('each proposal is a suite, and each finding a test in it', (t) => {
  const searches = [aSearch({}, { milliseconds: 420 }), aSearch({}, { milliseconds: 80 })];
  const root = parsed(
    aReport(
      [
        aProposal('netlink-xdp', [aFinding('a', HOLDS), aBroken('b'), aFinding('c', UNDECIDED)], {
          searches,
        }),
      ],
      [
        { file: 'a.json', title: 'a case', status: 'changed', message: 'call 2 returned ok' },
        { file: 'b.json', title: 'b case', status: 'faulty', message: 'no operation attach' },
      ],
    ),
  );
  t.is(root.tagName, 'testsuites');
  t.deepEqual(attributes(root), { name: 'holdfast', tests: '5', failures: '2', errors: '1', skipped: '1' });
  t.deepEqual(all(root, 'testsuite').map(attributes), [
    { name: 'stored cases', tests: '2', failures: '1', errors: '1', skipped: '0' },
    { name: 'netlink-xdp', tests: '3', failures: '1', errors: '0', skipped: '1', time: '0.500' },
  ]);
  t.deepEqual(all(root, 'testcase').map(attributes), [
    { classname: 'stored cases', name: 'a.json' },
    { classname: 'stored cases', name: 'b.json' },
    { classname: 'netlink-xdp', name: 'a' },
    { classname: 'netlink-xdp', name: 'b' },
    { classname: 'netlink-xdp', name: 'c' },
  ]);
});

test('a case that changed is a failure, and one that cannot be replayed is an error', (t) => {
  const root = parsed(
    aReport(
      [],
      [
        { file: 'a.json', title: 'a case', status: 'changed', message: 'call 2 returned ok' },
        { file: 'b.json', title: 'b case', status: 'faulty', message: 'no operation attach' },
      ],
    ),
  );
  t.deepEqual(all(root, 'failure').map(attributes), [{ message: 'call 2 returned ok', type: 'changed' }]);
  t.deepEqual(all(root, 'error').map(attributes), [{ message: 'no operation attach', type: 'faulty' }]);
});

test('what is undecided is skipped with the reason', (t) => {
  const root = parsed(aReport([aProposal('tcx', [aFinding('a', UNDECIDED)])]));
  t.deepEqual(all(root, 'skipped').map(attributes), [
    { message: 'undecided: not met within all sequences of up to 7 calls' },
  ]);
});

test('a failure holds the counterexample', (t) => {
  const [failure] = all(parsed(aReport([aProposal('netlink-xdp', [aBroken('owner-decides')])])), 'failure');
  t.deepEqual(attributes(failure), {
    message: 'broken by 6 calls: B replaced what A attached',
    type: 'violated',
  });
  t.true(
    failure?.textContent?.includes('\n  5  B    attach(prog2, eth0)           ok       + eth0 runs prog2\n'),
  );
});

test('what is broken as expected passes, and says so in its output', (t) => {
  const finding = aFinding('owner-decides', violated(4, 'B replaced it'), {
    expectedReason: 'nobody owns it',
  });
  const root = parsed(aReport([aProposal('netlink-xdp', [finding])]));
  t.is(all(root, 'failure').length, 0);
  t.is(
    all(root, 'system-out')[0]?.textContent,
    'broken by 4 calls: B replaced it (expected: nobody owns it)',
  );
});

test('every verdict is counted once', (t) => {
  const findings = ALL_VERDICTS.map((verdict) => aFinding(verdict.kind, verdict));
  const [suite] = all(parsed(aReport([aProposal('tcx', findings)])), 'testsuite');
  t.deepEqual(attributes(suite), {
    name: 'tcx',
    tests: '7',
    failures: '3',
    errors: '0',
    skipped: '1',
    time: '0.000',
  });
});

test('markup, line ends and control characters come through as far as XML has them', (t) => {
  const clause = '<b> & "it\'s" ]]>\n\ttab \u0007bell \u001B[31m \uD800 😀';
  const finding = aBroken('a<b', {
    verdict: violated(6, clause),
    counterexample: aCounterexample({ clause }),
  });
  const root = parsed(aReport([aProposal('x&y', [finding])]));
  t.deepEqual(attributes(all(root, 'testcase')[0]), { classname: 'x&y', name: 'a<b' });
  const [failure] = all(root, 'failure');
  t.is(
    failure?.getAttribute('message'),
    'broken by 6 calls: <b> & "it\'s" ]]>\n\ttab \uFFFDbell \uFFFD[31m \uFFFD 😀',
  );
  t.true(failure?.textContent?.includes('<b> & "it\'s" ]]>'));
});
