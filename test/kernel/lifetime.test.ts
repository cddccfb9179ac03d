import test from 'ava';
import {
  attachmentObject,
  detach,
  isLive,
  mapObject,
  programObject,
  put,
} from '../../model/kernel/lifetime.js';
import type { KernelState } from '../../model/kernel/model.js';
import {
  btfCopy,
  chainCallProposal,
  linkFd,
  machineOf,
  progArrayProposal,
  tcFilterProposal,
} from '../../model/proposals/index.js';
import { NONE } from '../../model/state/index.js';
import { played } from '../mechanisms/script.js';
import { withHooks } from '../properties/variants.js';

function livePrograms(s: KernelState): boolean[] {
  return s.programs.map(({ live }) => live);
}

test('an object that is held is not freed by a put, and one that was freed not again', (t) => {
  const machine = machineOf(linkFd);
  const { state } = machine;
  state.programs[0]!.live = true;
  state.pins.set(0, programObject(0));

  put(state, programObject(0));
  t.true(isLive(state, programObject(0)));

  state.pins.set(0, NONE);
  put(state, programObject(0));
  t.false(isLive(state, programObject(0)));
  put(state, programObject(0));
  put(state, NONE);
  t.false(isLive(state, programObject(0)));
});

test('a detached link that is still held is defunct: the hook is free, the program is kept', (t) => {
  const { state } = played(
    linkFd,
    'rootlet = A.load(rootlet)\nlink = A.attach(rootlet, eth0)\nA.close(rootlet)',
  );

  detach(state, 0);

  const { live, attached } = state.attachments[0]!;
  t.deepEqual({ live, attached }, { live: true, attached: false });
  t.true(livePrograms(state)[0]);
});

test('a defunct link goes with its last holder, and its program with it', (t) => {
  const { state } = played(
    linkFd,
    'rootlet = A.load(rootlet)\nlink = A.attach(rootlet, eth0)\nA.close(rootlet)',
  );
  detach(state, 0);

  state.processes[0]!.fds.set(1, NONE);
  put(state, attachmentObject(0));

  t.false(state.attachments[0]!.live);
  t.false(livePrograms(state)[0]);
});

test('those behind a filter that goes move up', (t) => {
  const { state } = played(
    tcFilterProposal,
    `A.create_qdisc(eth0)
     prog = A.load(filter)
     A.attach(prog, eth0)
     A.attach(prog, eth0)
     A.attach(prog, eth0)`,
  );
  t.deepEqual(ranks(state), [2, 1, 0]);

  detach(state, 1);

  t.deepEqual(ranks(state), [1, undefined, 0]);
});

test('those behind a link in a list move up when its last holder lets go', (t) => {
  const links = withHooks(tcFilterProposal, (hook) => ({ ...hook, keptBy: 'link' }));
  const { state } = played(
    links,
    `A.create_qdisc(eth0)
     prog = A.load(filter)
     A.attach(prog, eth0)
     A.attach(prog, eth0)
     A.attach(prog, eth0)`,
  );

  put(state, attachmentObject(1));

  t.deepEqual(ranks(state), [1, undefined, 0]);
});

function ranks(s: KernelState): (number | undefined)[] {
  return s.attachments.slice(0, 3).map(({ attached, rank }) => (attached ? rank : undefined));
}

test('a chain is freed from its head to its end', (t) => {
  const { state } = played(
    chainCallProposal,
    `one = A.load(prog)
     two = A.load(prog)
     three = A.load(prog)
     A.attach(one, next, two)
     A.attach(two, next, three)
     A.close(three)
     A.close(two)
     A.close(one)`,
  );

  t.false(livePrograms(state).some(Boolean));
  t.false(state.attachments.some(({ live }) => live));
});

test('a map is emptied without its last user, and goes without its last program', (t) => {
  const { state } = played(
    progArrayProposal,
    `map = A.create_map()
     dispatcher = A.load(map, dispatcher)
     prog = A.load(prog)
     A.attach(map, slot0, prog)
     A.close(prog)
     A.close(map)`,
  );
  t.true(isLive(state, mapObject(0)));
  t.deepEqual(livePrograms(state).slice(0, 2), [true, false]);

  state.processes[0]!.fds.set(1, NONE);
  put(state, programObject(0));

  t.false(isLive(state, mapObject(0)));
});

test('switching a reference off lets go of what only it held', (t) => {
  const machine = machineOf(btfCopy, {}, { without: ['hold:attachments.target'] });
  const load = machine.operationIndex('load');
  const calls: readonly (readonly [operation: number, args: readonly number[]])[] = [
    [load, [0, 0]],
    [machine.operationIndex('load-extension'), [0, 0, 0, 0]],
    [machine.operationIndex('attach-extension'), [0, 1, 0]],
    [machine.operationIndex('close'), [0, 0]],
  ];

  machine.reset();
  for (const [operation, args] of calls) t.true(machine.call(operation, args) >= 0);

  t.deepEqual(livePrograms(machine.state), [false, true]);
});
