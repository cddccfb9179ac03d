import test from 'ava';
import { parseCase, textOf } from '../../corpus/index.js';
import { complaint, OVERRIDE, read, withLine } from './setting.js';

const CALL = { comments: [], remark: undefined, paragraph: false, result: undefined };

test('a case about no claim has outcomes, and neither a property nor something to expect', (t) => {
  const { property, expect, calls } = read(
    'case: a load\nproposal: netlink-xdp\n\nA.load(prog) -> fd3\nA.close(fd3)\n',
  );

  t.deepEqual([property, expect], [undefined, undefined]);
  t.deepEqual(
    calls.map(({ outcome }) => outcome),
    ['fd3', undefined],
  );
});

test('a case that says neither outcomes nor a claim is refused', (t) => {
  t.is(
    complaint(() => read('case: a load\nproposal: netlink-xdp\n\nA.load(prog)\n')),
    "a.case:1:1: the case says neither outcomes nor a claim; write what the calls come to, or 'property:' and 'expect:'",
  );
});

test('a case is read word by word', (t) => {
  const text = `# about the file
case: B overrides: all of it
expect: kept
proposal: netlink-xdp
# the claim of the mail
property: never-overridden
origin: https://lore.kernel.org/bpf/1#top
origin: a run of last week
bounds: processes=2 fds=4
without: device-is-empty hold:programs.target

# A comes first
prog1 = A.load(prog) -> fd3  # a number

packet(eth0)->prog1   placeholder2
close()
# the end
`;

  t.deepEqual(textOf(read(text)), {
    title: 'B overrides: all of it',
    proposal: 'netlink-xdp',
    property: 'never-overridden',
    expect: 'kept',
    origins: ['https://lore.kernel.org/bpf/1#top', 'a run of last week'],
    bounds: { processes: 2, fds: 4 },
    without: ['device-is-empty', 'hold:programs.target'],
    comments: ['about the file'],
    headerComments: { property: ['the claim of the mail'] },
    closing: ['the end'],
    calls: [
      {
        ...CALL,
        result: 'prog1',
        actor: 'A',
        verb: 'load',
        args: ['prog'],
        outcome: 'fd3',
        comments: ['A comes first'],
        remark: 'a number',
      },
      {
        ...CALL,
        actor: undefined,
        verb: 'packet',
        args: ['eth0'],
        outcome: 'prog1 placeholder2',
        paragraph: true,
      },
      { ...CALL, actor: undefined, verb: 'close', args: [], outcome: undefined },
    ],
  });
});

test('every word of a call knows its column', (t) => {
  const [, , , call] = read(withLine(OVERRIDE, 9, '  p = B.attach( prog2,eth0 )  ->  EBUSY')).calls;

  t.deepEqual(call!.at, { line: 9, result: 3, actor: 7, verb: 9, args: [17, 23], outcome: 35 });
});

test('a column counts characters, not the units of their encoding', (t) => {
  t.regex(
    complaint(() => read('case: 🐝🐝 \u0007')),
    /^a\.case:1:10: U\+0007 cannot be printed/,
  );
});

test('line ends of other systems, blanks at line ends, tabs and a byte order mark make no difference', (t) => {
  const odd = `\uFEFF${OVERRIDE.replaceAll(',', '\t,').replaceAll('\n', ' \t\r\n')}`;

  t.deepEqual(textOf(read(odd)), textOf(read(OVERRIDE)));
});

test('a case may have no calls', (t) => {
  t.deepEqual(read(OVERRIDE.split('\n').slice(0, 4).join('\n')).calls, []);
});

const HEAD = 'case: t\nproposal: p\nproperty: q\nexpect: kept\n';

const complaints: readonly (readonly [what: string, text: string, expected: string])[] = [
  [
    'a missing header',
    'case: t\nproposal: p\nexpect: kept\n',
    "a.case:1:1: the header 'property' is missing; write 'property: ' and the name of the claim",
  ],
  [
    'an unknown header',
    `${HEAD}propety: x\n`,
    "a.case:5:1: there is no header 'propety'; did you mean 'property'?",
  ],
  [
    'a header that stands twice',
    `${HEAD} expect: kept\n`,
    "a.case:5:2: the header 'expect' stands here again; remove one of them: it stands in line 4 already",
  ],
  [
    'a header without a value',
    'case:  \n',
    "a.case:1:1: the header 'case' says nothing; write 'case: ' and what it shows, in a few words",
  ],
  [
    'a header below a call',
    `${HEAD}A.load(prog)\n  origin: x\n`,
    "a.case:6:3: the header 'origin' stands below a call; move it above the first call",
  ],
  [
    'a name that could leave the corpus',
    'case: t\nproposal: ../p\nproperty: q\nexpect: kept\n',
    "a.case:2:11: '../p' cannot be the name of a proposal; " +
      "write one word of letters, digits, '-', '_' and '.'; a comment needs a line of its own",
  ],
  [
    'an unknown expectation',
    'case: t\nproposal: p\nproperty: q\nexpect:  violatd\n',
    "a.case:4:10: 'violatd' cannot be expected; did you mean 'violated'?",
  ],
  [
    'bounds that are none',
    `${HEAD}bounds: fds=2 processes:2\n`,
    "a.case:5:15: 'processes:2' is no bound; write bounds as 'processes=2 fds=4', or leave the line out",
  ],
  ['an unknown bound', `${HEAD}bounds: fsd=2\n`, "a.case:5:9: there is no bound 'fsd'; did you mean 'fds'?"],
  ['a bound too large', `${HEAD}bounds: fds=33\n`, "a.case:5:9: 'fds=33' is out of range; write 1 to 32"],
  [
    'a bound too small',
    `${HEAD}bounds: processes=0\n`,
    "a.case:5:9: 'processes=0' is out of range; write 1 to 26",
  ],
  [
    'a bound given twice',
    `${HEAD}bounds: fds=3 fds=4\n`,
    "a.case:5:15: 'fds' is bounded twice; remove one of them",
  ],
  [
    'a rule switched off twice',
    `${HEAD}without: a b a\n`,
    "a.case:5:14: 'a' is switched off twice; remove one of them",
  ],
  [
    'a comment behind rules',
    `${HEAD}without: a # b\n`,
    "a.case:5:12: '#' cannot stand here; write the comment on a line of its own",
  ],
  [
    'a line that is no call',
    `${HEAD}  (prog)\n`,
    "a.case:5:3: a call is expected here, not '('; write a call as 'prog1 = A.load(prog) -> fd3'",
  ],
  [
    'a name with other characters',
    `${HEAD} 1st = A.load(prog)\n`,
    "a.case:5:2: '1st' cannot be the name of a result; " +
      "a name is made of letters, digits, '_' and '-', and starts with a letter",
  ],
  [
    'an actor without a verb',
    `${HEAD}A.(prog)\n`,
    "a.case:5:3: a verb is expected here, not '('; write a call as 'prog1 = A.load(prog) -> fd3'",
  ],
  [
    'a call without parentheses',
    `${HEAD}A.load prog\n`,
    "a.case:5:8: '(' is expected here, not 'prog'; write a call as 'prog1 = A.load(prog) -> fd3'",
  ],
  [
    'a name and nothing else',
    `${HEAD}A.load\n`,
    "a.case:5:7: '(' is expected here, not the end of the line; write a call as 'prog1 = A.load(prog) -> fd3'",
  ],
  [
    'a parenthesis that is not closed',
    `${HEAD}A.load(prog # -> fd3)\n`,
    "a.case:5:7: this '(' is never closed; write ')' behind the last argument",
  ],
  [
    'an argument that is missing',
    `${HEAD}A.load(prog, )\n`,
    'a.case:5:14: an argument is missing here; arguments are words with a comma between two of them',
  ],
  [
    'a comma that is missing',
    `${HEAD}A.load(prog eth0)\n`,
    "a.case:5:13: ',' or ')' is expected here, not 'eth0'; arguments are words with a comma between two of them",
  ],
  [
    'an outcome that is missing',
    `${HEAD}A.load(prog) ->  # fd3\n`,
    "a.case:5:18: an outcome is missing behind '->'; " +
      "write 'ok', a value like 'fd3', an errno like 'EBUSY', or what was seen; or leave out '->'",
  ],
  [
    'something behind a call',
    `${HEAD}A.load(prog) = fd3\n`,
    "a.case:5:14: a call ends with ')', and '=' stands behind it; " +
      "write the outcome behind '->', and a comment behind a blank and '#'",
  ],
  [
    'a character that turns the direction of reading',
    `${HEAD}A.load(\u202Eprog)\n`,
    'a.case:5:8: U+202E cannot be printed; a case is plain text; remove it',
  ],
];

for (const [what, text, expected] of complaints) {
  test(`${what} is complained about where it stands, with what would be right`, (t) => {
    t.is(
      complaint(() => parseCase(text, 'a.case')),
      expected,
    );
  });
}
