import test from 'ava';
import { callsMade } from '../../checker/calls.js';
import { ModelFault } from '../../checker/faults.js';
import { SequenceGenerator } from '../../checker/generator.js';
import { callText } from '../../checker/playback.js';
import { Session } from '../../checker/session.js';
import { operation, type Machine } from '../../model/machine/index.js';
import { linkFd } from '../../model/proposals/link-fd.js';
import { machineOf } from '../../model/proposals/proposal.js';
import { nat, struct } from '../../model/state/index.js';
import { brokenMutex, files, lock, machineOver } from '../models/tiny.js';
import { traceOf } from './traces.js';

function sessionWith<S>(machine: Machine<S>, ...calls: Parameters<typeof traceOf<S>>[1][]): Session<S> {
  const session = new Session(machine);
  for (const call of traceOf(machine, ...calls)) session.do(call);
  return session;
}

function rowOf<S>(session: Session<S>): number[] {
  callsMade(session.machine, session.trace);
  return [...session.machine.memory.memory.slice(0, session.machine.words)];
}

test('taking calls back restores every state on the way, bit by bit, and making them again does too', (t) => {
  const machine = machineOf(linkFd);
  const trace = new SequenceGenerator(machine, { minLength: 25, maxLength: 25, swarm: false }).draw(7);
  const session = new Session(machine);
  const rows = [rowOf(session)];
  for (const call of trace) {
    t.true(session.do(call));
    rows.push(rowOf(session));
  }
  t.true(new Set(rows.map(String)).size > 10);
  for (let calls = trace.length; calls >= 0; calls--) {
    session.goTo(calls);
    t.deepEqual(rowOf(session), rows[calls]!);
  }
  t.is(session.undone, trace.length);
  session.goTo(trace.length);
  t.deepEqual(rowOf(session), rows.at(-1)!);
});

test('a call that cannot be made is not made', (t) => {
  const session = new Session(lock());
  t.false(session.do({ operation: session.machine.operationIndex('leave'), args: [0] }));
  t.is(session.trace.length, 0);
  t.is(session.branches.length, 1);
});

test('a call that throws leaves everything as it is, also what was taken back', (t) => {
  const machine = machineOver(struct({ count: nat(2) }), {
    operations: [
      operation({
        verb: 'up',
        summary: 'one more',
        params: {},
        effect(s) {
          s.count++;
        },
      }),
      operation({
        verb: 'fail',
        summary: 'fails',
        params: {},
        effect: () => {
          throw new Error('as expected');
        },
      }),
    ],
  });
  const session = sessionWith(machine, ['up']);
  session.goTo(0);
  t.throws(() => session.do({ operation: 1, args: [] }), { instanceOf: ModelFault, message: /as expected/ });
  t.is(session.undone, 1);
  t.is(session.branches.length, 1);
});

test('another call in the place of one that was taken back begins a branch, and the other is kept', (t) => {
  const machine = brokenMutex();
  const session = sessionWith(machine, ['look', 0], ['look', 1], ['enter', 0]);
  session.goTo(1);
  session.do({ operation: machine.operationIndex('enter'), args: [0] });
  t.deepEqual(
    session.branches.map(({ name, calls, from }) => [name, calls.length, from]),
    [
      ['main', 3, undefined],
      ['branch2', 2, { branch: 'main', calls: 1 }],
    ],
  );
  t.is(session.branch.name, 'branch2');
  session.switchTo('main');
  t.deepEqual(session.trace, traceOf(machine, ['look', 0], ['look', 1], ['enter', 0]));
});

test('a branch can be begun on purpose, under a name that is free', (t) => {
  const session = sessionWith(brokenMutex(), ['look', 0]);
  session.fork('other');
  t.is(session.branch.name, 'other');
  t.throws(() => session.fork('main'), { message: "there is a branch 'main'" });
  t.throws(() => session.switchTo('mian'), { message: "there is no branch 'mian'" });
  t.throws(() => session.goTo(2), { message: 'the branch has 1 calls' });
});

test('a result keeps the name it got when it was handed out', (t) => {
  const session = new Session(files());
  const [open] = traceOf(session.machine, ['open', 0]);
  session.do(open!);
  t.is(callText(session.playback.steps[0]!), 'file = A.open()');
  session.do(open!);
  // A trace played anew would call them file1 and file2; the first one's name is in use.
  t.deepEqual(session.playback.steps.map(callText), ['file = A.open()', 'file2 = A.open()']);
  session.do(traceOf(session.machine, ['send', 0, { result: 0 }, 1])[0]!, 'copy');
  t.is(session.names.get(2), 'copy');
});

test('what is there: who has which numbers, and what they stand for', (t) => {
  const session = sessionWith(files(), ['open', 0], ['open', 0], ['send', 0, { result: 1 }, 1]);
  t.deepEqual(session.view().tables, [
    {
      owner: 'A',
      entries: [
        { number: 'fd3', object: 'file' },
        { number: 'fd4', object: 'file2' },
      ],
    },
    { owner: 'B', entries: [{ number: 'fd3', object: 'file2' }] },
  ]);
});

test('random calls are those of their seed, begin where the session is, and can be made', (t) => {
  const machine = machineOf(linkFd);
  const session = new Session(machine);
  session.do(traceOf(machine, ['load', 0, 0])[0]!);
  const drawn = session.draw(30, 3);
  t.is(drawn.length, 30);
  t.deepEqual(session.draw(30, 3), drawn);
  t.notDeepEqual(session.draw(30, 4), drawn);
  t.is(session.trace.length, 1);
  for (const call of drawn) t.true(session.do(call));
});

test('what a claim says of a session is what it says of its calls', (t) => {
  const session = sessionWith(brokenMutex(), ['look', 0], ['look', 1], ['enter', 0]);
  const busy = {
    kind: 'witness',
    name: 'busy',
    claim: 'somebody is inside',
    source: 'this test',
    situation: 'always',
    speaksAbout: 'all',
    reached: (s: { at: { get(i: number): number } }) => s.at.get(0) === 2,
  } as const;
  t.is(session.judge(busy).firstSpoke, 2);
  session.goTo(2);
  t.is(session.judge(busy).firstSpoke, undefined);
});

test('a session can begin behind calls; results without a name get one, and keep it', (t) => {
  const machine = files();
  const trace = traceOf(machine, ['open', 0], ['send', 0, { result: 0 }, 1]);
  const session = new Session(
    machine,
    trace.map((call, i) => ({ call, name: i === 1 ? 'theirs' : undefined })),
  );
  t.deepEqual(session.playback.steps.map(callText), ['file = A.open()', 'theirs = A.send(file, B)']);
  session.do(traceOf(machine, ['open', 1])[0]!);
  t.is(callText(session.playback.steps[0]!), 'file = A.open()');
  t.is(session.playbackOf(1).steps.length, 1);
  session.goTo(0);
  t.is(session.undone, 3);
});
