import test from 'ava';
import fc from 'fast-check';
import { isDeepStrictEqual } from 'node:util';
import { BOUND_LIMITS } from '../../model/kernel/model.js';
import { ERRNOS } from '../../model/machine/index.js';
import {
  bindCase,
  CaseSyntaxError,
  caseFrom,
  EXPECTATIONS,
  parseCase,
  printCase,
  textOf,
  type CallText,
  type CaseText,
} from '../../corpus/index.js';
import { machineFor, OVERRIDE, read, ROOTLET_CASE } from './setting.js';

test('outcomes stand in one column, further right only for a call that needs it', (t) => {
  t.is(printCase(read(OVERRIDE.replaceAll(/ +->/g, ' ->'))), OVERRIDE);
  const long = `${OVERRIDE.split('\n').slice(0, 5).join('\n')}
A.load(prog) -> fd3
subprogram = A.load(rootlet, placeholder1, fw1) -> fd4
A.crash()
`;

  t.is(
    printCase(read(long)).split('\n').slice(5).join('\n'),
    `A.load(prog)                                    -> fd3
subprogram = A.load(rootlet, placeholder1, fw1) -> fd4
A.crash()
`,
  );
});

test('headers are put into their order, and comments stay with what they are about', (t) => {
  const text = `# the file
expect: violated
# why this claim
property: q
proposal: p
#about the title
case: t

#one
#  two
A.load(prog)   #  three

# four
A.crash()
# five
`;

  t.is(
    printCase(read(text)),
    `# the file
# about the title
case: t
proposal: p
# why this claim
property: q
expect: violated

# one
#  two
A.load(prog)  #  three

# four
A.crash()

# five
`,
  );
});

const word = (pattern: RegExp) => fc.stringMatching(pattern);
const name = word(/^[A-Za-z_][A-Za-z0-9_]{0,8}(-[a-z]{1,3})?$/);
const line = fc
  .string({ unit: 'grapheme', maxLength: 30 })
  .map((text) => text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '').trim());
const title = line.filter((text) => text !== '');
const comments = fc.array(line, { maxLength: 2 });
const outcome = fc.oneof(
  fc.constantFrom('ok', 'impossible', 'nothing', 'fd3', ...ERRNOS),
  fc
    .array(word(/^[\w/.:é()=>-][\w/.:#é(),=>-]{0,5}$/), { minLength: 1, maxLength: 3 })
    .map((words) => words.join(' ')),
);

const call: fc.Arbitrary<CallText> = fc.record(
  {
    result: fc.option(name, { nil: undefined }),
    actor: fc.option(name, { nil: undefined }),
    verb: name,
    args: fc.array(word(/^[\w/.:é=>-][\w/.:#é=>-]{0,7}$/), { maxLength: 4 }),
    outcome: fc.option(outcome, { nil: undefined }),
    comments,
    remark: fc.option(title, { nil: undefined }),
    paragraph: fc.boolean(),
  },
  { noNullPrototype: true },
);

const bounds = fc.record(
  {
    processes: fc.integer({ min: 1, max: BOUND_LIMITS.processes }),
    fds: fc.integer({ min: 1, max: BOUND_LIMITS.fds }),
    maps: fc.integer({ min: 0, max: BOUND_LIMITS.maps }),
  },
  { requiredKeys: [], noNullPrototype: true },
);

const caseText: fc.Arbitrary<CaseText> = fc
  .record({
    title,
    proposal: word(/^[A-Za-z0-9][\w.-]{0,8}$/),
    property: word(/^[A-Za-z0-9][\w.-]{0,8}$/),
    expect: fc.constantFrom(...EXPECTATIONS),
    origins: fc.array(title, { maxLength: 2 }),
    bounds,
    without: fc.uniqueArray(word(/^[a-z:./-]{1,9}$/), { maxLength: 3 }),
    comments,
    propertyComments: comments,
    isAboutClaim: fc.boolean(),
    calls: fc.array(call, { maxLength: 5 }),
    closing: comments,
  })
  .map(({ propertyComments, isAboutClaim, calls, ...rest }) => ({
    ...rest,
    ...(isAboutClaim || calls.every(({ outcome }) => outcome === undefined)
      ? { headerComments: propertyComments.length > 0 ? { property: propertyComments } : {} }
      : { property: undefined, expect: undefined, headerComments: {} }),
    // The first call is always set apart, from the headers.
    calls: calls.map((one, i) => (i === 0 ? { ...one, paragraph: false } : one)),
  }));

test('whatever a case says is read again as it was printed', (t) => {
  fc.assert(
    fc.property(caseText, (text) => {
      const again = caseFrom(text, 'a.case');
      return (
        isDeepStrictEqual(textOf(again), text) &&
        isDeepStrictEqual(parseCase(printCase(again), 'a.case'), again)
      );
    }),
    { numRuns: 300 },
  );
  t.pass();
});

/** Runs something that may find fault with a case, but nothing else. */
function onlySyntaxErrors<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    if (error instanceof CaseSyntaxError) return undefined;
    throw error;
  }
}

/** What is printed is read, and printed the same again. */
function settles(text: string): boolean {
  const found = onlySyntaxErrors(() => parseCase(text, 'a.case'));
  if (found === undefined) return true;
  const printed = printCase(found);
  return printCase(parseCase(printed, 'a.case')) === printed;
}

test('any text is read or complained about, and printing settles at once', (t) => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), settles), { numRuns: 500 });
  const piece = fc.constantFrom(
    'case:',
    'expect: kept',
    'origin: x',
    '\n',
    '#',
    ' ',
    'A',
    '.',
    'f',
    '(',
    ')',
    '=',
    '->',
    ',',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => settles(pieces.join(''))),
    { numRuns: 500 },
  );
  t.pass();
});

test('a case with something cut out, doubled or put in is replayed or complained about', (t) => {
  const place = fc.nat({ max: 400 });
  const inserted = fc.oneof(
    fc.constant(''),
    fc.string({ maxLength: 3 }),
    fc.constantFrom('\n', '#', '=', '->', '(', ')', ',', '.', 'B', 'fd9', 'none'),
  );
  const mutation = fc.tuple(fc.constantFrom(OVERRIDE, ROOTLET_CASE), place, fc.nat({ max: 12 }), inserted);
  fc.assert(
    fc.property(mutation, ([text, at, length, put]) => {
      const mutated = text.slice(0, at) + put + text.slice(at + length);
      onlySyntaxErrors(() => {
        const found = parseCase(mutated, 'a.case');
        if (found.proposal === 'netlink-xdp' || found.proposal === 'link-fd')
          bindCase(found, machineFor(found));
      });
      return settles(mutated);
    }),
    { numRuns: 1000 },
  );
  t.pass();
});
