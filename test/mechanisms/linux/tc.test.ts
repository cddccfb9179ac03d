import test from 'ava';
import { linux, linuxBeforeLinks } from '../../../model/proposals/linux.js';
import { follows, played } from '../script.js';

test(
  'a qdisc is made once, and kept with its filters where it is replaced',
  follows,
  linux,
  `A.tc_qdisc_add(eth0)                           -> ok
   A.tc_qdisc_add(eth0)                           -> EEXIST
   a = A.load(tc)                                 -> fd3
   A.tc_filter_add(a, eth0, prio1, none)          -> handle1
   B.tc_qdisc_replace(eth0)                       -> ok
   packet(eth0)                                   -> a
   B.tc_qdisc_replace(eth1)                       -> ok
   B.tc_qdisc_add(eth1)                           -> EEXIST`,
);

// net/sched/sch_api.c: the device's ingress queue stays when the qdisc goes.
test(
  'deleting a qdisc that is not there is EINVAL, and ENOENT on a device that never had one',
  follows,
  linux,
  `A.tc_qdisc_delete(eth0)                        -> EINVAL   # it is from before, and had one
   A.tc_qdisc_add(eth0)                           -> ok
   A.tc_qdisc_delete(eth0)                        -> ok
   A.tc_qdisc_delete(eth0)                        -> EINVAL
   A.device_delete(eth0)                          -> ok
   A.tc_qdisc_delete(eth0)                        -> ENODEV
   A.device_create(eth0)                          -> ok
   A.tc_qdisc_delete(eth0)                        -> ENOENT
   A.tc_qdisc_replace(eth0)                       -> ok
   A.tc_qdisc_delete(eth0)                        -> ok
   A.tc_qdisc_delete(eth0)                        -> EINVAL`,
);

test(
  'lower priorities run first, and in one the newest; a final verdict ends it',
  follows,
  linux,
  `A.tc_qdisc_add(eth0)                           -> ok
   a = A.load(tc)                                 -> fd3
   b = A.load(tc)                                 -> fd4
   c = A.load(tc)                                 -> fd5
   last = A.load(tc_final)                        -> fd6
   A.tc_filter_add(a, eth0, prio2, none)          -> handle1
   A.tc_filter_add(b, eth0, prio1, none)          -> handle1
   A.tc_filter_add(c, eth0, prio2, none)          -> handle2
   packet(eth0)                                   -> b c a
   A.tc_filter_add(last, eth0, prio1, none)       -> handle2
   packet(eth0)                                   -> last`,
  { programs: 4, attachments: 4 },
);

test(
  'without a full name a filter is always added; the kernel picks the lowest handle and the next lower priority',
  follows,
  linux,
  `A.tc_qdisc_add(eth0)                           -> ok
   a = A.load(tc)                                 -> fd3
   A.tc_filter_replace(a, eth0, none, none)       -> handle1
   A.tc_filter_replace(a, eth0, none, handle2)    -> handle2
   A.tc_filter_replace(a, eth0, prio1, none)      -> handle1
   A.tc_filter_replace(a, eth0, prio1, none)      -> handle3
   A.tc_filter_delete(eth0, prio2, handle1)       -> ok
   A.tc_filter_delete(eth0, prio2, handle1)       -> ENOENT
   A.tc_filter_delete(eth0, prio1, handle1)       -> ok
   A.tc_filter_add(a, eth0, prio1, none)          -> handle1`,
  { attachments: 8 },
);

test(
  'with a full name: adding is EEXIST, replacing and changing keep the place, and changing is ENOENT without one',
  follows,
  linux,
  `A.tc_qdisc_add(eth0)                           -> ok
   a = A.load(tc)                                 -> fd3
   b = A.load(tc)                                 -> fd4
   c = A.load(tc)                                 -> fd5
   A.tc_filter_change(a, eth0, prio1, handle2)    -> ENOENT
   A.tc_filter_add(a, eth0, prio1, handle2)       -> handle2
   A.tc_filter_change(a, eth0, prio1, handle1)    -> ENOENT
   A.tc_filter_change(a, eth0, prio1, none)       -> ENOENT
   A.tc_filter_change(a, eth0, none, handle2)     -> ENOENT
   A.tc_filter_change(a, eth0, prio2, handle2)    -> ENOENT
   B.tc_filter_flush(eth1)                        -> EINVAL
   A.tc_filter_add(b, eth0, prio1, handle1)       -> handle1
   packet(eth0)                                   -> b a
   A.tc_filter_add(c, eth0, prio1, handle2)       -> EEXIST
   A.tc_filter_replace(c, eth0, prio1, handle2)   -> handle2
   packet(eth0)                                   -> b c
   A.tc_filter_change(a, eth0, prio1, handle1)    -> ok
   packet(eth0)                                   -> a c`,
  { attachments: 6 },
);

test(
  'what is checked before what: rights, the device, the qdisc, the name, and last the program',
  follows,
  linux,
  `a = A.load(tc)                                 -> fd3
   xdp = A.load(xdp)                              -> fd4
   A.tc_filter_add(fd9, eth0, prio1, none)        -> EINVAL
   A.tc_filter_change(fd9, eth0, prio1, handle1)  -> EINVAL
   A.tc_filter_change(fd9, eth0, none, handle1)   -> ENOENT
   A.tc_filter_delete(eth0, prio1, handle1)       -> EINVAL
   A.tc_filter_delete_priority(eth0, prio1)       -> EINVAL
   A.tc_filter_flush(eth0)                        -> EINVAL
   A.tc_qdisc_add(eth0)                           -> ok
   A.tc_filter_flush(eth0)                        -> ok
   A.tc_filter_delete(eth0, prio1, handle1)       -> ENOENT
   A.tc_filter_delete_priority(eth0, prio1)       -> ENOENT
   A.tc_filter_change(fd9, eth0, prio1, handle1)  -> ENOENT
   A.tc_filter_add(fd9, eth0, prio1, handle1)     -> EBADF
   A.tc_filter_add(xdp, eth0, prio1, handle1)     -> EINVAL
   A.tc_filter_add(a, eth0, prio1, handle1)       -> handle1
   A.tc_filter_add(fd9, eth0, prio1, handle1)     -> EEXIST
   A.tc_filter_replace(fd9, eth0, prio1, handle1) -> EBADF
   A.tc_filter_change(xdp, eth0, prio1, handle1)  -> EINVAL
   A.device_delete(eth0)                          -> ok
   A.tc_filter_add(fd9, eth0, prio1, none)        -> ENODEV
   A.tc_filter_change(fd9, eth0, none, handle1)   -> ENOENT
   A.tc_filter_change(fd9, eth0, prio1, handle1)  -> ENODEV
   A.tc_qdisc_add(eth0)                           -> ENODEV
   A.tc_filter_flush(eth0)                        -> ENODEV
   A.drop_capabilities()                          -> ok
   A.tc_filter_add(fd9, eth0, prio1, none)        -> EPERM
   A.tc_qdisc_replace(eth0)                       -> EPERM
   A.tc_filter_delete(eth0, prio1, handle1)       -> EPERM`,
  { fds: 8 },
);

test('deleting one, those of a priority, all, or the qdisc: whoever made them; the programs go a moment later', (t) => {
  const { got, said, steps } = played(
    linux,
    `A.tc_qdisc_add(eth0)                         -> ok
     a = A.load(tc)                               -> fd3
     b = B.load(tc)                               -> fd3
     A.tc_filter_add(a, eth0, prio1, none)        -> handle1
     A.tc_filter_add(a, eth0, prio2, none)        -> handle1
     B.tc_filter_add(b, eth0, prio2, none)        -> handle2
     A.close(a)                                   -> ok
     B.tc_filter_delete_priority(eth0, prio1)     -> ok
     packet(eth0)                                 -> b a
     B.tc_filter_flush(eth0)                      -> ok
     packet(eth0)                                 -> nothing
     release(link#1)                              -> ok
     release(link#2)                              -> ok
     release(link#2)                              -> impossible`,
  );

  t.deepEqual(got, said);
  t.false(steps[9]!.lost.includes('a is loaded'));
  t.true(steps[7]!.gained.includes('a is kept by a deleted filter'));
  t.false(steps[11]!.lost.includes('a is loaded'));
  t.true(steps[12]!.lost.includes('a is loaded'));
});

test('a filter that was replaced lets go of its program a moment later', (t) => {
  const { steps, got, said } = played(
    linux,
    `A.tc_qdisc_add(eth0)                         -> ok
     a = A.load(tc)                               -> fd3
     A.tc_filter_add(a, eth0, prio1, handle1)     -> handle1
     A.tc_filter_replace(a, eth0, prio1, handle1) -> handle1
     A.close(a)                                   -> ok
     b = A.load(tc)                               -> fd3
     A.tc_filter_replace(b, eth0, prio1, handle1) -> handle1
     packet(eth0)                                 -> b
     A.tc_qdisc_delete(eth0)                      -> ok
     release(link#2)                              -> ok`,
  );

  t.deepEqual(got, said);
  t.false(steps[6]!.lost.includes('a is loaded'));
  t.true(steps[9]!.lost.includes('a is loaded'));
});

test(
  'filters and a tcx list are beside each other: one program is in both, and the list runs first',
  follows,
  linux,
  `A.tc_qdisc_add(eth0)                           -> ok
   a = A.load(tc)                                 -> fd3
   b = A.load(tc)                                 -> fd4
   A.tc_filter_add(a, eth0, prio1, none)          -> handle1
   A.tcx_attach(b, eth0, none)                    -> ok
   A.tcx_attach(a, eth0, none)                    -> ok
   packet(eth0)                                   -> b a a
   A.tc_qdisc_delete(eth0)                        -> ok
   packet(eth0)                                   -> b a`,
);

test(
  'filters survive those who made them, but not a move of the device to another network namespace',
  follows,
  linux,
  `A.tc_qdisc_add(eth0)                           -> ok
   a = A.load(tc)                                 -> fd3
   A.tc_filter_add(a, eth0, prio1, none)          -> handle1
   A.crash()                                      -> ok
   packet(eth0)                                   -> a
   B.device_move(eth0)                            -> ok
   B.tc_filter_flush(eth0)                        -> ENODEV
   packet(eth0)                                   -> nothing`,
);

test(
  'without tcx there are the same filters',
  follows,
  linuxBeforeLinks,
  `A.tc_qdisc_add(eth0)                           -> ok
   a = A.load(tc)                                 -> fd3
   A.tc_filter_add(a, eth0, none, none)           -> handle1
   A.tc_filter_delete(eth0, prio2, handle1)       -> ok
   A.tc_qdisc_delete(eth0)                        -> ok
   A.tc_qdisc_delete(eth0)                        -> EINVAL`,
);
