import test from 'ava';
import { createPaint, FORMATS, formatReport } from '../../report/index.js';
import { aBroken, aFinding, ALL_VERDICTS, aProposal, aReport, aSearch } from './fixtures.js';

const ESCAPE = '\u001B';

const report = aReport(
  [
    aProposal(
      'netlink-xdp',
      [
        ...ALL_VERDICTS.map((verdict) => aFinding(verdict.kind, verdict)),
        aBroken('owner-decides'),
        aBroken('known', { expectedReason: 'nobody owns the hook' }),
      ],
      { bounds: { fds: 3 }, searches: [aSearch()] },
    ),
    aProposal('link-fd', []),
  ],
  [{ file: 'a.json', title: 'a case', status: 'faulty', message: 'no operation attach' }],
);

for (const format of FORMATS) {
  test(`${format}: without colours there are no escape codes`, (t) => {
    t.false(formatReport(report, format).includes(ESCAPE));
  });

  test(`${format}: the same report gives the same text, which ends with a line end`, (t) => {
    const text = formatReport(report, format);
    t.is(formatReport(report, format), text);
    t.regex(text, /[^\n]\n$/);
  });

  test(`${format}: no line ends with a blank`, (t) => {
    t.notRegex(formatReport(report, format), /[ \t]$/m);
  });
}

for (const format of FORMATS.filter((name) => name !== 'text')) {
  test(`${format}: is not coloured, whatever the terminal can do`, (t) => {
    t.is(formatReport(report, format, { paint: createPaint(true) }), formatReport(report, format));
  });
}

test('text is coloured if that is asked for', (t) => {
  t.true(formatReport(report, 'text', { paint: createPaint(true) }).includes(ESCAPE));
});

test('text is plain ASCII if the terminal shows no more', (t) => {
  t.regex(formatReport(report, 'text', { unicode: false }), /^[\n\x20-\x7e]*$/);
});

test('text keeps to the width it is given', (t) => {
  for (const width of [80, 100, 120]) {
    const lines = formatReport(report, 'text', { width }).split('\n');
    t.deepEqual(
      lines.filter((line) => line.length > width),
      [],
    );
  }
});
