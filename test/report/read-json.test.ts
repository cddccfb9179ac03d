import test from 'ava';
import { formatReport, type Report } from '../../report/index.js';
import { readReport, ReportSyntaxError } from '../../report/read-json.js';
import {
  aBroken,
  aFinding,
  ALL_VERDICTS,
  aProposal,
  aReport,
  aSearch,
  HOOK_TAKEN,
  witnessed,
} from './fixtures.js';

const coverage = {
  bits: 800,
  bitsSet: 30,
  hashes: 3,
  hashFactor: 80,
  expectedOmissions: 0.5,
  exactStates: 4,
  cut: 2,
};

/** A report with everything in it. */
function full(): Report {
  const proposal = aProposal(
    'tcx',
    [
      ...ALL_VERDICTS.filter(({ kind }) => kind !== 'violated').map((verdict) =>
        aFinding(verdict.kind, verdict),
      ),
      aBroken('owner-decides'),
      aFinding('reached', witnessed(2), { kind: 'witness', example: HOOK_TAKEN, expectedReason: 'so it is' }),
    ],
    {
      bounds: { fds: 3 },
      without: ['fd-is-open'],
      searches: [
        aSearch(),
        aSearch(
          { method: 'bitstate', coverage },
          { closed: false, stoppedBy: 'bits', seed: 4, shard: { index: 1, of: 2 } },
        ),
        aSearch(
          { fingerprints: { bits: 64, oddsOfSharing: 1e-9 } },
          { closed: false, stoppedBy: 'fingerprints', seed: 4 },
        ),
      ],
    },
  );
  const stored = { file: 'a.case', title: 'a case', status: 'changed', message: 'it is not so' } as const;
  const part = { shard: { index: 1, of: 2 }, asked: { seed: 4, draw: 'plain' } };
  return { ...aReport([proposal], [stored]), part };
}

test('a report that is read again is written as the same JSON', (t) => {
  const json = formatReport(full(), 'json');

  t.is(formatReport(readReport(json), 'json'), json);
});

test('a report that is read again is told in the same text, KTAP and JUnit', (t) => {
  const again = readReport(formatReport(full(), 'json'));

  for (const format of ['text', 'ktap', 'junit'] as const)
    t.is(formatReport(again, format), formatReport(full(), format));
});

test('what is no report is refused in a sentence that says what is wrong with it', (t) => {
  const message = (text: string): string =>
    t.throws(() => readReport(text), { instanceOf: ReportSyntaxError }).message;

  t.is(message('holdfast'), 'it is not JSON');
  t.is(message('[1, 2]'), 'it is not a report of `holdfast check --format json`');
  t.is(message('{"schema": 7}'), 'it is written in version 7 of the format, and this is version 1');
  const json = formatReport(full(), 'json');
  t.regex(
    message(json.replace('"method": "random"', '"method": 3').replace('"method": "bitstate"', '"method": 3')),
    /^'proposals\.0\.searches\.1\.method' is not as it should be/,
  );
});
