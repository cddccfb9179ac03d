import test from 'ava';
import {
  holdsAttachment,
  isHeldAttachment,
  isHeldByOther,
  isReached,
} from '../../model/kernel/attachments.js';
import type { KernelState } from '../../model/kernel/model.js';
import { chainCallProposal } from '../../model/proposals/chain-call.js';
import { linkFd } from '../../model/proposals/link-fd.js';
import { netlinkXdp } from '../../model/proposals/netlink-xdp.js';
import { played } from '../mechanisms/script.js';

const A = 0;
const B = 1;

/** Who holds the first attachment. */
function holders(s: KernelState): { A: boolean; B: boolean; anybody: boolean; otherThanA: boolean } {
  return {
    A: holdsAttachment(s, A, 0),
    B: holdsAttachment(s, B, 0),
    anybody: isHeldAttachment(s, 0),
    otherThanA: isHeldByOther(s, A, 0),
  };
}

const ATTACHED = `
  prog = A.load(prog)
  A.attach(prog, eth0)`;

test('where the hook keeps it, who attached a program holds it', (t) => {
  const { state } = played(netlinkXdp, `${ATTACHED}\nA.send(prog, B)\nA.pin(prog, /pin1)`);

  t.deepEqual(holders(state), { A: true, B: false, anybody: true, otherThanA: false });
});

for (const [how, calls] of [
  ['closed its last descriptor of the program', 'A.close(prog)'],
  ['crashed', 'A.crash()'],
  ['crashed, and another process is in its place, with the program', 'A.crash()\nA.restart()\nA.get(/pin1)'],
]) {
  test(`where the hook keeps it, nobody holds it when who attached it ${how}`, (t) => {
    const { state } = played(netlinkXdp, `${ATTACHED}\nA.pin(prog, /pin1)\n${calls}`);

    t.deepEqual(holders(state), { A: false, B: false, anybody: false, otherThanA: false });
  });
}

test('where the hook keeps it, it is held by the one who put the last program there', (t) => {
  const { state } = played(netlinkXdp, `${ATTACHED}\nother = B.load(prog)\nB.attach(other, eth0)`);

  t.deepEqual(holders(state), { A: false, B: true, anybody: true, otherThanA: true });
});

// net/core/dev.c, dev_xdp_attach: drivers are not called if the program did not change.
test('where the hook keeps it, it is still held by the first when another puts the same program there', (t) => {
  const { state } = played(netlinkXdp, `${ATTACHED}\nsame = A.send(prog, B)\nB.attach(same, eth0)`);

  t.deepEqual(holders(state), { A: true, B: false, anybody: true, otherThanA: false });
});

const LINKED = `
  rootlet = A.load(rootlet)
  link = A.attach(rootlet, eth0)`;

test('where there are links, everybody with a descriptor of the link holds it', (t) => {
  const { state } = played(linkFd, `${LINKED}\nA.close(rootlet)\nA.send(link, B)`);

  t.deepEqual(holders(state), { A: true, B: true, anybody: true, otherThanA: true });
});

test('where there are links, a pin holds it for nobody in particular', (t) => {
  const { state } = played(linkFd, `${LINKED}\nA.pin(link, /pin1)\nA.crash()`);

  t.deepEqual(holders(state), { A: false, B: false, anybody: true, otherThanA: false });
});

test('packets reach what is at a device, and what is in that', (t) => {
  const { state } = played(
    linkFd,
    `${LINKED}
     fw1 = A.load(rootlet, placeholder1, fw1)
     A.load(rootlet, placeholder2, fw2)
     A.attach(fw1)`,
  );

  t.deepEqual(
    [0, 1, 2].map((program) => isReached(state, program)),
    [true, true, false],
  );
});

test('packets do not reach programs that only call each other', (t) => {
  const { state } = played(
    chainCallProposal,
    `one = A.load(prog)
     two = A.load(prog)
     A.attach(one, next, two)
     A.attach(two, next, one)`,
  );

  t.deepEqual(
    [0, 1].map((program) => isReached(state, program)),
    [false, false],
  );
});
