import test from 'ava';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
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

interface Message {
  '@message': string;
  '@type': string;
  '#text': string;
}

interface TestCase {
  '@classname': string;
  '@name': string;
  failure?: Message;
  error?: Message;
  skipped?: Message;
  'system-out'?: { '#text': string };
}

interface Suites {
  '@tests': string;
  '@failures': string;
  '@errors': string;
  '@skipped': string;
  testsuite: (Omit<Suites, 'testsuite'> & { '@name': string; '@time'?: string; testcase: TestCase[] })[];
}

function parsed(report: Report): Suites {
  const text = formatReport(report, 'junit', { paint: createPaint(true) });
  const valid = XMLValidator.validate(text);
  if (valid !== true) throw new Error(valid.err.msg);
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    alwaysCreateTextNode: true,
    trimValues: false,
    htmlEntities: true,
    parseTagValue: false,
    isArray: (name) => name === 'testsuite' || name === 'testcase',
  });
  return (parser.parse(text) as { testsuites: Suites }).testsuites;
}

test('each proposal is a suite, and each finding a test in it', (t) => {
  const searches = [aSearch({}, { milliseconds: 420 }), aSearch({}, { milliseconds: 80 })];
  const { testsuite, ...counts } = parsed(
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
  t.like(counts, { '@tests': '5', '@failures': '2', '@errors': '1', '@skipped': '1' });
  const [cases, proposal] = testsuite;
  t.like(cases, { '@name': 'stored cases', '@tests': '2', '@failures': '1', '@errors': '1' });
  t.is(cases!.testcase[0]!.failure?.['@message'], 'call 2 returned ok');
  t.is(cases!.testcase[1]!.error?.['@message'], 'no operation attach');
  t.like(proposal, {
    '@name': 'netlink-xdp',
    '@tests': '3',
    '@failures': '1',
    '@skipped': '1',
    '@time': '0.500',
  });
  t.deepEqual(
    proposal!.testcase.map((testcase) => [testcase['@classname'], testcase['@name']]),
    [
      ['netlink-xdp', 'a'],
      ['netlink-xdp', 'b'],
      ['netlink-xdp', 'c'],
    ],
  );
  t.is(
    proposal!.testcase[2]!.skipped?.['@message'],
    'undecided: not met within all sequences of up to 7 calls',
  );
});

test('a failure holds the counterexample', (t) => {
  const { testsuite } = parsed(aReport([aProposal('netlink-xdp', [aBroken('owner-decides')])]));
  const { failure } = testsuite[0]!.testcase[0]!;
  t.like(failure, { '@type': 'violated', '@message': 'broken by 6 calls: B replaced what A attached' });
  t.true(
    failure!['#text'].includes('\n  5  B    attach(prog2, eth0)           ok       + eth0 runs prog2\n'),
  );
});

test('what is broken as expected passes, and says so in its output', (t) => {
  const finding = aFinding('owner-decides', violated(4, 'B replaced it'), {
    expectedReason: 'nobody owns it',
  });
  const { testsuite } = parsed(aReport([aProposal('netlink-xdp', [finding])]));
  const testcase = testsuite[0]!.testcase[0]!;
  t.is(testcase.failure, undefined);
  t.is(testcase['system-out']?.['#text'], 'broken by 4 calls: B replaced it (expected: nobody owns it)');
});

test('every verdict is counted once', (t) => {
  const { testsuite } = parsed(
    aReport([
      aProposal(
        'tcx',
        ALL_VERDICTS.map((verdict) => aFinding(verdict.kind, verdict)),
      ),
    ]),
  );
  t.like(testsuite[0], { '@tests': '7', '@failures': '3', '@errors': '0', '@skipped': '1' });
});

test('markup, line ends and control characters come through as far as XML has them', (t) => {
  const clause = '<b> & "it\'s" ]]>\n\ttab \u0007bell \u001B[31m \uD800 😀';
  const finding = aBroken('a<b', {
    verdict: violated(6, clause),
    counterexample: aCounterexample({ clause }),
  });
  const { testsuite } = parsed(aReport([aProposal('x&y', [finding])]));
  const testcase = testsuite[0]!.testcase[0]!;
  t.is(testcase['@classname'], 'x&y');
  t.is(testcase['@name'], 'a<b');
  const readable = '<b> & "it\'s" ]]>\n\ttab \uFFFDbell \uFFFD[31m \uFFFD 😀';
  t.is(testcase.failure!['@message'], `broken by 6 calls: ${readable}`);
  t.true(testcase.failure!['#text'].includes('<b> & "it\'s" ]]>'));
});
