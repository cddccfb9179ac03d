import test from 'ava';
import {
  createLook,
  formatNeedsClaims,
  formatNeedsJson,
  formatNeedsTable,
  onlyBroken,
  type NeededSet,
  type NeedsReport,
} from '../../report/index.js';
import type { Verdict } from '../../checker/verdict.js';
import { aBroken, aFinding, HOLDS, HOLDS_UP_TO, HOOK_TAKEN, UNDECIDED, VACUOUS } from './fixtures.js';

const look = createLook({ width: 80 });

function aSet(verdict: Verdict, ...sentences: string[]): NeededSet {
  const restrictions = sentences.map((sentence) => ({ name: sentence.replaceAll(' ', '-'), sentence }));
  return { restrictions, verdict, isUseless: false, needed: [] };
}

function aReport(
  sets: readonly NeededSet[],
  more: Partial<NeedsReport['proposals'][number]> = {},
): NeedsReport {
  return {
    version: '1.2.3',
    size: 2,
    proposals: [
      {
        name: 'netlink-xdp',
        title: 'XDP by netlink',
        bounds: { processes: 2 },
        restrictions: 9,
        searches: 4,
        states: 1200,
        transitions: 30000,
        milliseconds: 1500,
        claims: [
          { finding: aBroken('owner-decides'), sets },
          { finding: aFinding('kept', HOLDS), sets: [] },
        ],
        ...more,
      },
    ],
  };
}

test('the table has a line for each broken claim and each of its sets', (t) => {
  const report = aReport([aSet(HOLDS, 'nobody may attach'), aSet(HOLDS, 'there is only one process')]);
  const lines = formatNeedsTable(report, look).split('\n');
  t.is(lines[0], 'netlink-xdp: XDP by netlink');
  t.regex(lines[3]!, /^owner-decides +✗ 6 !? +if nobody may attach$/);
  t.regex(lines[4]!, /^ +or if there is only one process$/);
  t.is(lines[6], 'All sets of up to 2 of 9 restrictions were considered (4 sets searched, 1,200');
  t.false(lines.some((line) => line.startsWith('kept')));
});

test('of many sets the table has the smallest, and says how many there are besides', (t) => {
  const sets = ['a', 'b', 'c', 'd'].map((name) => aSet(HOLDS, `nobody may ${name}`, 'nobody may send'));
  const text = formatNeedsTable(aReport([aSet(HOLDS, 'nobody may attach'), ...sets]), look);
  t.regex(text, /if nobody may attach\n +\(and 4 larger sets\)\n/);
  t.notRegex(text, /nobody may send/);
});

test('sets under which the situation never arises are only shown where no other is, and say so', (t) => {
  const silent = aSet(VACUOUS, 'nobody may close');
  const withOther = formatNeedsTable(aReport([silent, aSet(HOLDS, 'nobody may attach')]), look);
  t.notRegex(withOther, /nobody may close/);
  const alone = formatNeedsTable(aReport([silent]), look);
  t.regex(alone, /\(only because its situation never arises\)\n +if nobody may close\n/);
});

test('where nothing is of use, the table says up to which size was looked', (t) => {
  const useless = { ...aSet(HOLDS, 'nobody may load'), isUseless: true };
  const text = formatNeedsTable(aReport([useless]), look).replaceAll(/\s+/g, ' ');
  t.regex(text, /✗ 6 ?!? no set of up to 2 restrictions makes it hold where it speaks/);
  const stopped = formatNeedsTable(aReport([], { stoppedBy: 'time' }), look);
  t.regex(stopped, /nothing found \(stopped by: time\)/);
  t.regex(stopped, /^Not all sets of up to 2 of 9 restrictions were considered: stopped by time/m);
});

test('that no claim is broken is said only of what was looked at', (t) => {
  const kept = { finding: aFinding('kept', HOLDS), sets: [] };
  const open = { finding: aFinding('open', UNDECIDED), sets: [] };
  t.regex(formatNeedsTable(aReport([], { claims: [kept] }), look), /^No claim is broken\.$/m);
  t.regex(
    formatNeedsTable(aReport([], { claims: [kept, open] }), look),
    /^No claim is broken as far as was looked\.$/m,
  );
});

const explained: NeededSet = {
  ...aSet(HOLDS, 'nobody may attach', 'nobody may send'),
  needed: [
    {
      restriction: { name: 'attach:nobody', sentence: 'nobody may attach' },
      instead: [{ name: 'attach:holder', sentence: 'only a holder may attach' }],
      clause: 'B replaced what A attached',
      playback: HOOK_TAKEN,
    },
    {
      restriction: { name: 'send:nobody', sentence: 'nobody may send' },
      instead: [],
      clause: 'B got what A attached',
      playback: { ...HOOK_TAKEN, steps: HOOK_TAKEN.steps.slice(0, 2) },
    },
  ],
};

test('a claim in full: its counterexample, its sets, and what each restriction keeps out', (t) => {
  const report = aReport([explained, aSet(HOLDS_UP_TO, 'nobody may pin'), aSet(VACUOUS, 'nobody may close')]);
  const text = formatNeedsClaims(report, look, 'all');
  t.regex(text, /^owner-decides is broken on netlink-xdp by 6 calls:\n\n +who +call/);
  t.regex(text, /^It holds\n {2}if nobody may attach and nobody may send$/m);
  t.regex(
    text,
    /^ {6}With "only a holder may attach" instead of "nobody may attach", B replaced\n {6}what A attached:$/m,
  );
  t.regex(text, /^ {6}Without "nobody may send", B got what A attached:\n {8} +who +call/m);
  t.regex(
    text,
    /^As far as was looked, it holds\n {2}if nobody may pin, for all sequences of up to 7 calls \(stopped by: states\)$/m,
  );
  t.regex(text, /^It is not broken, only because its situation never arises,\n {2}if nobody may close$/m);
  t.regex(text, /^kept is not broken on netlink-xdp: holds$/m);
  t.notRegex(text, /\n\n\n/);
});

test('sets that leave nothing attached are counted, and shown if all are wanted', (t) => {
  const report = aReport([{ ...aSet(HOLDS, 'nobody may load'), isUseless: true }]);
  const some = formatNeedsClaims(report, look, 'of-use');
  t.regex(some, /^No set of up to 2 restrictions makes it hold where it speaks\.$/m);
  t.regex(some, /^1 other set leaves nothing attached: --all shows it\.$/m);
  t.notRegex(some, /nobody may load/);
  t.regex(
    formatNeedsClaims(report, look, 'all'),
    /only because nothing is attached any more,\n {2}if nobody may load$/m,
  );
});

test('only the broken claims are left, unless there is none', (t) => {
  const names = (report: NeedsReport): string[] =>
    onlyBroken(report).proposals[0]!.claims.map(({ finding }) => finding.property);
  t.deepEqual(names(aReport([])), ['owner-decides']);
  t.deepEqual(names(aReport([], { claims: [{ finding: aFinding('kept', HOLDS), sets: [] }] })), ['kept']);
});

test('JSON says what each set is worth, and of what it is made', (t) => {
  const useless = { ...aSet(VACUOUS, 'nobody may load'), isUseless: true };
  const sets = [explained, aSet(HOLDS_UP_TO, 'a'), aSet(VACUOUS, 'b'), useless];
  const { schema, size, proposals } = JSON.parse(formatNeedsJson(aReport(sets))) as {
    schema: number;
    size: number;
    proposals: { claims: { property: string; sets: Record<string, unknown>[] }[] }[];
  };
  t.deepEqual([schema, size], [1, 2]);
  const [broken] = proposals[0]!.claims;
  t.is(broken!.property, 'owner-decides');
  t.deepEqual(
    broken!.sets.map(({ worth }) => worth),
    ['holds', 'up-to', 'silent', 'useless'],
  );
  t.deepEqual(broken!.sets[0]!.restrictions, [
    { name: 'nobody-may-attach', sentence: 'nobody may attach' },
    { name: 'nobody-may-send', sentence: 'nobody may send' },
  ]);
  const needed = broken!.sets[0]!.needed as { restriction: string; instead: string[]; steps: unknown[] }[];
  t.deepEqual(
    needed.map(({ restriction, instead, steps }) => [restriction, instead, steps.length]),
    [
      ['attach:nobody', ['attach:holder'], HOOK_TAKEN.steps.length],
      ['send:nobody', [], 2],
    ],
  );
});
