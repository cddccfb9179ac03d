/** On Linux a device has several hooks: claims ask about the one that a call is about. */
import test from 'ava';
import { bindCase, parseCase, roomyBounds } from '../../corpus/index.js';
import { judgeTrace } from '../../checker/judge.js';
import { linux, machineOf } from '../../model/proposals/index.js';
import { propertyCalled } from './variants.js';

/** What a claim says of calls on Linux: the clause that is broken, or that it is kept; or nothing. */
function judged(property: string, calls: string): string {
  const head = `case: a test\nproposal: linux\nproperty: ${property}\nexpect: kept\n\n`;
  const read = parseCase(head + calls.replaceAll(/^ +/gm, ''), 'a test');
  const machine = machineOf(linux, roomyBounds(read, linux.bounds));
  const { broken, spoke } = judgeTrace(machine, propertyCalled(property), bindCase(read, machine).trace);
  return broken?.clause ?? (spoke > 0 ? 'kept' : 'nothing');
}

const says = test.macro((t, property: string, calls: string, expected: string) => {
  t.is(judged(property, calls), expected);
});

test(
  'a set in the generic mode has its effect there',
  says,
  'success-means-effect',
  `prog = A.load(xdp)
   A.xdp_set(prog, eth0, skb)`,
  'kept',
);

test(
  'a clear that names no mode is about the device, and has no effect on the generic one',
  says,
  'success-means-effect',
  `prog = A.load(xdp)
   A.xdp_set(prog, eth0, skb)
   A.xdp_clear(eth0, none)`,
  'xdp_clear succeeded, and a program is still attached',
);

test(
  'a clear of one mode need not empty the other, nor what else the device has',
  says,
  'success-means-effect',
  `prog = A.load(xdp)
   A.xdp_set(prog, eth0, skb)
   tc = A.load(tc)
   A.tcx_attach(tc, eth0, none)
   A.xdp_clear(eth0, drv)`,
  'kept',
);

test(
  'an entry that is taken off a list leaves the others there',
  says,
  'success-means-effect',
  `one = A.load(tc)
   two = A.load(tc)
   A.tcx_attach(one, eth0, none)
   A.tcx_attach(two, eth0, none)
   A.tcx_detach(one, eth0, none)`,
  'kept',
);

test(
  'an update of a link has its effect in the link, and a forced detach is done when it is done already',
  says,
  'success-means-effect',
  `old = A.load(xdp)
   new = A.load(xdp)
   link = A.xdp_link(old, eth0, none)
   A.link_update(link, new)
   A.link_detach(link)
   A.link_detach(link)`,
  'kept',
);

test(
  'an expected program is expected in the mode that is named',
  says,
  'cas-success-saw-expected',
  `old = A.load(xdp)
   new = A.load(xdp)
   A.xdp_set(old, eth0, skb)
   A.xdp_replace(new, eth0, skb, old)`,
  'kept',
);

test(
  'or in the link',
  says,
  'cas-success-saw-expected',
  `old = A.load(xdp)
   new = A.load(xdp)
   link = A.xdp_link(old, eth0, none)
   A.link_replace(link, new, old)`,
  'kept',
);

test(
  'only if empty: the mode that is named',
  says,
  'if-empty-never-displaces',
  `prog = A.load(xdp)
   A.xdp_set_if_empty(prog, eth0, skb)`,
  'kept',
);

test(
  'a hard link names a pin that is there, and makes one that is not',
  says,
  'named-object-is-there',
  `prog = A.load(xdp)
   A.pin(prog, /pin1)
   A.hard_link(/pin1, /pin2)
   A.rename(/pin2, /pin3)`,
  'kept',
);

test(
  'XDP asks for the device, not for a qdisc',
  says,
  'named-object-is-there',
  `prog = A.load(xdp)
   A.xdp_set(prog, eth0, none)`,
  'kept',
);
