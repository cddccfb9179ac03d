import test from 'ava';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { UsageError } from '../../cli/errors.js';
import { mergeReports } from '../../cli/merge-reports.js';
import type { CheckedProposal, Finding, Report } from '../../report/index.js';
import {
  aBroken,
  aFinding,
  aProposal,
  aReport,
  aSearch,
  HOLDS_UP_TO,
  UNDECIDED,
  violated,
} from '../report/fixtures.js';
import { holdfast } from '../run-holdfast.js';

function directory(t: { teardown(fn: () => void): void }): string {
  const made = mkdtempSync(path.join(tmpdir(), 'holdfast-merge-'));
  t.teardown(() => {
    rmSync(made, { recursive: true, force: true });
  });
  return made;
}

interface PartDraft {
  readonly index?: number;
  readonly of?: number;
  readonly asked?: Record<string, string | number>;
  readonly version?: string;
  readonly findings?: readonly Finding[];
  readonly proposal?: Partial<CheckedProposal>;
}

function aPart({ index = 1, of = 2, asked = { seed: 1 }, version, findings = [], proposal }: PartDraft = {}) {
  const searches = [aSearch({ method: 'random' }, { closed: false, stoppedBy: 'runs' })];
  const report: Report = {
    ...aReport([aProposal('tcx', findings, { bounds: { fds: 3 }, searches, ...proposal })]),
    part: { shard: { index, of }, asked },
  };
  return { file: `part${index}.json`, report: version === undefined ? report : { ...report, version } };
}

function merged(...findings: Finding[]): Finding {
  const parts = findings.map((finding, i) =>
    aPart({ index: i + 1, of: findings.length, findings: [finding] }),
  );
  return mergeReports(parts).proposals[0]!.findings[0]!;
}

test('what one part found broken is broken, by the shortest sequence of all, whatever the order of the files', (t) => {
  const found = merged(
    aFinding('owner-decides', HOLDS_UP_TO, { spoke: 5 }),
    aFinding('owner-decides', violated(7), { spoke: 2 }),
    aBroken('owner-decides', { verdict: violated(3), spoke: 1 }),
  );

  t.like(found, { verdict: violated(3), spoke: 8 });
  t.truthy(found.counterexample);
});

test('how far was looked is said once if all parts have looked equally far, else of each', (t) => {
  const upTo = (bound: string): Finding => aFinding('owner-decides', { kind: 'holds-up-to', bound });

  t.deepEqual(merged(upTo('9 sequences'), upTo('9 sequences')).verdict, {
    kind: 'holds-up-to',
    bound: '9 sequences, in each of 2 parts',
  });
  t.deepEqual(merged(upTo('9 sequences'), upTo('4 sequences'), upTo('9 sequences')).verdict, {
    kind: 'holds-up-to',
    bound: '9 sequences; 4 sequences',
  });
});

test('a claim that one part met and another did not holds as far as the one looked', (t) => {
  t.deepEqual(
    merged(aFinding('owner-decides', UNDECIDED), aFinding('owner-decides', HOLDS_UP_TO)).verdict,
    HOLDS_UP_TO,
  );
});

test('the searches of all parts stand side by side, in the order of the parts', (t) => {
  const search = (runs: number) => ({ searches: [aSearch({ method: 'random', runs }, { closed: false })] });
  const report = mergeReports([
    aPart({ index: 2, proposal: search(20) }),
    aPart({ index: 1, proposal: search(10) }),
  ]);

  t.deepEqual(
    report.proposals[0]!.searches.map(({ statistics }) => statistics.runs),
    [10, 20],
  );
  t.is(report.part, undefined);
});

const refused: readonly (readonly [what: string, parts: readonly PartDraft[], message: RegExp])[] = [
  [
    'that miss one',
    [
      { index: 1, of: 3 },
      { index: 3, of: 3 },
    ],
    /^Part 2\/3 is missing/,
  ],
  [
    'of which one is there twice',
    [{ index: 1 }, { index: 1 }],
    /^part1\.json and part1\.json are the same part, 1\/2\.$/,
  ],
  ['of other seeds', [{ index: 1 }, { index: 2, asked: { seed: 2 } }], /they differ in --seed, 1 and 2\.$/],
  [
    'of which one had a depth',
    [{ index: 1 }, { index: 2, asked: { seed: 1, depth: 5 } }],
    /they differ in --depth, nothing and 5\.$/,
  ],
  [
    'of other versions',
    [{ index: 1 }, { index: 2, version: '9.9.9' }],
    /the version of Holdfast, "0\.1\.0" and "9\.9\.9"\.$/,
  ],
  ['of other numbers of parts', [{ index: 1 }, { index: 2, of: 3 }], /the number of parts, 2 and 3\.$/],
  [
    'of other proposals',
    [{ index: 1 }, { index: 2, proposal: { name: 'link' } }],
    /the proposals, \["tcx"\] and \["link"\]\.$/,
  ],
  [
    'within other bounds',
    [{ index: 1 }, { index: 2, proposal: { bounds: { fds: 4 } } }],
    /the bounds of tcx/,
  ],
  [
    'without other guards',
    [{ index: 1 }, { index: 2, proposal: { without: ['pin'] } }],
    /what is switched off of tcx/,
  ],
  ['by other searches', [{ index: 1 }, { index: 2, proposal: { searches: [] } }], /the searches of tcx/],
  [
    'about other claims',
    [{ index: 1 }, { index: 2, findings: [aFinding('other', UNDECIDED)] }],
    /the claims of tcx/,
  ],
];

for (const [what, parts, message] of refused) {
  test(`parts ${what} are not merged`, (t) => {
    t.throws(() => mergeReports(parts.map(aPart)), { instanceOf: UsageError, message });
  });
}

test('a report that is no part is not merged', (t) => {
  t.throws(() => mergeReports([{ file: 'whole.json', report: aReport([]) }]), {
    instanceOf: UsageError,
    message: 'whole.json is no part of anything: it was made without --shard.',
  });
});

const quick = ['--no-cases', '--no-progress', '--format', 'json'];

function partFiles(t: { teardown(fn: () => void): void }, ...asked: string[]): string[] {
  const made = directory(t);
  return [1, 2].map((index) => {
    const { stdout } = holdfast(['check', ...asked, '--shard', `${index}/2`, ...quick]);
    const file = path.join(made, `part${index}.json`);
    writeFileSync(file, stdout);
    return file;
  });
}

test('the parts of a random search are made and merged, and end as a check does', (t) => {
  const claim = ['-p', 'held-link-never-overridden'];
  const broken = partFiles(t, 'netlink-xdp', ...claim, '--random', '--runs', '100');
  const { status, stdout, stderr } = holdfast(['merge', ...broken]);
  t.is(status, 0, stderr);
  t.regex(stdout, /✗ 4/);
  t.regex(stdout, /100 random runs, seed 1, part 1\/2/);
  t.regex(stdout, /100 random runs, seed 1, part 2\/2/);

  const kept = partFiles(
    t,
    'link-fd',
    '-p',
    'exclusive-hook-has-one-owner',
    '--random',
    '--runs',
    '50',
    '--without',
    'device-is-free',
  );
  t.is(holdfast(['merge', ...kept]).status, 1);
  const { proposals } = JSON.parse(holdfast(['merge', ...kept, '--format', 'json']).stdout) as {
    proposals: { findings: { verdict: { calls: number } }[] }[];
  };
  t.is(proposals[0]!.findings[0]!.verdict.calls, 3);
});

test('the parts of a bitstate search are made and merged', (t) => {
  const files = partFiles(
    t,
    ...['link-fd', '-p', 'link-held-by-two', '-p', 'exclusive-hook-has-one-owner'],
    ...['--bitstate', '--memory', '1', '--max-states', '20000'],
  );
  const { status, stdout, stderr } = holdfast(['merge', ...files]);

  t.is(status, 0, stderr);
  t.regex(stdout, /stopped: states, seed 1, part 2\/2/);
  t.regex(stdout.replace(/\s+/g, ' '), /claim holds for [\d,]+ states met depth first, known by their bits/);
});

test('a file that cannot be read, is no report, or no part, and a part that is missing, each end with a sentence', (t) => {
  const made = directory(t);
  const noJson = path.join(made, 'no.json');
  writeFileSync(noJson, 'nothing');
  const [one] = partFiles(t, 'netlink-xdp', '-p', 'held-link-never-overridden', '--random', '--runs', '10');

  const cases: [string[], number, RegExp][] = [
    [[path.join(made, 'absent.json')], 64, /cannot read .*absent\.json/],
    [[noJson], 65, /no\.json cannot be merged: it is not JSON\.$/],
    [[one!], 64, /^Part 2\/2 is missing/],
    [[], 64, /missing required argument 'part'/],
    [[one!, '--format', 'itf'], 64, /--format does not know 'itf'/],
  ];
  for (const [args, code, message] of cases) {
    const { status, stdout, stderr } = holdfast(['merge', ...args]);
    t.is(status, code, stderr);
    t.is(stdout, '');
    t.regex(stderr.replace(/^(error: |holdfast: )/, '').trim(), message);
  }
});
