import test from 'ava';
import type { KernelState } from '../../model/kernel/model.js';
import type { Property } from '../../checker/property.js';
import { explainVerdict, replayCase, type CaseVerdict } from '../../corpus/index.js';
import {
  complaint,
  machineFor,
  neverOverridden,
  OVERRIDE,
  read,
  ROOTLET_CASE,
  somethingAttached,
  withLine,
} from './setting.js';

/** The same calls, about no claim. */
const OUTCOMES = OVERRIDE.replace(/^(property|expect): .*\n/gm, '');

test('a case about no claim is as expected if its calls come to what it says', (t) => {
  const found = read(OUTCOMES);

  t.deepEqual(replayCase(found, machineFor(found), undefined), { kind: 'as-expected', clause: undefined });
});

test('of a case about no claim, a changed outcome is told without a word of a verdict', (t) => {
  const found = read(
    OUTCOMES.replace('B.attach(prog2, eth0)           -> ok', 'B.attach(prog2, eth0) -> EBUSY'),
  );
  const verdict = replayCase(found, machineFor(found), undefined);

  t.is(
    explainVerdict(verdict, 'a.case'),
    "a.case:7: 'B.attach(prog2, eth0)' came to 'EBUSY', and now comes to 'ok'.\n" +
      'a.case: If that is right, accept it: holdfast replay --accept a.case',
  );
});

function replay(text: string, property: Property<KernelState> = neverOverridden): CaseVerdict {
  const found = read(text);
  return replayCase(found, machineFor(found), property);
}

test('a case that is as it says is as expected, and names the clause', (t) => {
  t.deepEqual(replay(OVERRIDE), { kind: 'as-expected', clause: 'the program of another was replaced' });
  t.deepEqual(replay(ROOTLET_CASE, somethingAttached), { kind: 'as-expected', clause: undefined });
});

test('an outcome that is left out is not compared', (t) => {
  t.is(replay(OVERRIDE.replaceAll(/ +->.*/g, '')).kind, 'as-expected');
});

test('all outcomes that changed are reported, with the guard that refuses now', (t) => {
  const text = withLine(
    withLine(OVERRIDE, 6, 'prog1 = A.load(prog) -> fd4'),
    9,
    'B.attach(prog2, eth0) -> ok\nA.close(fd9) -> ok',
  );
  const verdict = replay(withLine(text, 5, 'origin: x'));

  t.deepEqual(verdict, {
    kind: 'verdict-changed',
    expected: 'violated',
    got: 'violated-earlier',
    clause: 'the program of another was replaced',
    line: 9,
    outcomes: [
      { line: 6, call: 'prog1 = A.load(prog)', expected: 'fd4', got: 'fd3', guard: undefined },
      { line: 10, call: 'A.close(fd9)', expected: 'ok', got: 'EBADF', guard: 'fd-is-open' },
    ],
  });
  t.is(
    explainVerdict(verdict, 'a.case'),
    `a.case:6: 'prog1 = A.load(prog)' came to 'fd4', and now comes to 'fd3'.
a.case:10: 'A.close(fd9)' came to 'ok', and now comes to 'EBADF' (fd-is-open).
a.case: expected 'violated', but the property is now broken by the call in line 9: the program of another was replaced. \
The calls behind are dropped if this is accepted. If that is right, accept it: holdfast replay --accept a.case`,
  );
});

test('changed outcomes alone leave the verdict as it was', (t) => {
  const verdict = replay(withLine(OVERRIDE, 10, 'packet(eth0) -> prog1'));

  t.deepEqual(verdict, {
    kind: 'outcome-changed',
    expected: 'violated',
    outcomes: [{ line: 10, call: 'packet(eth0)', expected: 'prog1', got: 'prog2', guard: undefined }],
  });
  t.is(
    explainVerdict(verdict, 'my cases/a.case'),
    `my cases/a.case:10: 'packet(eth0)' came to 'prog1', and now comes to 'prog2'.
my cases/a.case: the verdict is the one expected. If that is right, accept it: \
holdfast replay --accept 'my cases/a.case'`,
  );
});

test('a claim that is kept now is a changed verdict', (t) => {
  const verdict = replay(OVERRIDE.replace('B.attach(', 'B.attach_if_empty('));

  t.like(verdict, { kind: 'verdict-changed', expected: 'violated', got: 'kept', clause: undefined });
  t.regex(explainVerdict(verdict, 'a.case'), /the property is now kept\. If that is right, accept it/);
});

test('switching a rule off changes what a case comes to', (t) => {
  const text = OVERRIDE.replace(
    'B.attach(prog2, eth0)           -> ok',
    'B.attach_if_empty(prog2, eth0) -> EBUSY',
  );
  const kept = text.replace('violated', 'kept').replace('-> prog2', '-> prog1');

  t.is(replay(kept).kind, 'as-expected');
  t.like(replay(withLine(kept, 5, 'without: device-is-empty')), { kind: 'verdict-changed', got: 'violated' });
});

test('a property that says nothing makes a case vacuous', (t) => {
  const verdict = replay(OVERRIDE.split('\n').slice(0, 7).join('\n'));

  t.deepEqual(verdict, { kind: 'vacuous', expected: 'violated', outcomes: [] });
  t.regex(explainVerdict(verdict, 'a.case'), /does not arise\. This cannot be accepted/);
});

test('a witness counts at the end only', (t) => {
  const verdict = replay(`${ROOTLET_CASE}A.crash() -> ok\n`, somethingAttached);

  t.like(verdict, { kind: 'verdict-changed', expected: 'reached', got: 'not-reached' });
});

test('a call that could not be made says what kept it from being made', (t) => {
  const text = `${withLine(OVERRIDE, 5, 'bounds: programs=2')}third = B.load(prog) -> fd4\nB.close(third) -> ok\n`;
  const verdict = replay(text.replace('violated', 'kept'));

  t.deepEqual('outcomes' in verdict && verdict.outcomes, [
    { line: 11, call: 'third = B.load(prog)', expected: 'fd4', got: 'impossible', guard: 'programs' },
    {
      line: 12,
      call: 'B.close(third)',
      expected: 'ok',
      got: 'impossible',
      guard: 'needs-the-result-of-a-refused-call',
    },
  ]);
});

test('what only a witness can come to is not expected of another property, nor the other way round', (t) => {
  t.is(
    complaint(() => replay(OVERRIDE.replace('violated', 'reached'))),
    "a.case:4:9: 'never-overridden' is no witness, and cannot be 'reached'; write 'violated' or 'kept'",
  );
  t.is(
    complaint(() => replay(ROOTLET_CASE.replace('reached', 'kept'), somethingAttached)),
    "a.case:4:9: 'something-attached' is a witness, and cannot be 'kept'; write 'reached'",
  );
});
