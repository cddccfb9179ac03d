import test from 'ava';
import { linux } from '../../../model/proposals/linux.js';
import { follows, played } from '../script.js';
import { withLinuxState } from './variants.js';

test(
  'programs are put behind all others, or before and behind one of them',
  follows,
  linux,
  `a = A.load(tc)                                -> fd3
   b = A.load(tc)                                -> fd4
   c = A.load(tc)                                -> fd5
   d = A.load(tc)                                -> fd6
   e = A.load(tc)                                -> fd7
   A.tcx_attach(a, eth0, none)                   -> ok
   A.tcx_attach(b, eth0, none)                   -> ok
   A.tcx_attach_before(c, eth0, b, none)         -> ok
   packet(eth0)                                  -> a c b
   A.tcx_attach_after(d, eth0, a, none)          -> ok
   packet(eth0)                                  -> a d c b
   A.tcx_attach_before(e, eth0, none, none)      -> ok
   packet(eth0)                                  -> e a d c b
   A.tcx_detach(d, eth0, none)                   -> ok
   A.tcx_attach_after(d, eth0, none, none)       -> ok
   packet(eth0)                                  -> e a c b d
   A.tcx_detach(c, eth0, none)                   -> ok
   A.tcx_attach_after_id(c, eth0, prog#1, none)  -> ok
   packet(eth0)                                  -> e a c b d`,
  { programs: 5, attachments: 5 },
);

test(
  'a link is an anchor, and so is its program; a link that is off the list is none',
  follows,
  linux,
  `a = A.load(tc)                                       -> fd3
   b = A.load(tc)                                       -> fd4
   c = A.load(tc)                                       -> fd5
   link = A.tcx_link(a, eth0, none)                     -> fd6
   A.tcx_attach_before_link(b, eth0, link, none)        -> ok
   packet(eth0)                                         -> b a
   before = A.tcx_link_before(c, eth0, a, none)         -> fd7
   packet(eth0)                                         -> b c a
   A.close(before)                                      -> ok
   before = A.tcx_link_before_link_id(c, eth0, link#1, none) -> fd7
   packet(eth0)                                         -> b c a
   A.close(before)                                      -> ok
   behind = A.tcx_link_after_link(c, eth0, link, none)  -> fd7
   packet(eth0)                                         -> b a c
   A.close(behind)                                      -> ok
   A.link_detach(link)                                  -> ok
   packet(eth0)                                         -> b
   A.tcx_attach_before_link(c, eth0, link, none)        -> ENOENT
   A.tcx_attach_before(c, eth0, a, none)                -> ENOENT
   A.tcx_link_before_link_id(c, eth0, link#1, none)     -> ENOENT`,
  { fds: 5, programs: 3, attachments: 3 },
);

test(
  'a program is in a list once, by whichever call; only programs for tc are taken',
  follows,
  linux,
  `a = A.load(tc)                       -> fd3
   b = A.load(tc)                       -> fd4
   xdp = A.load(xdp)                    -> fd5
   A.tcx_attach(a, eth0, none)          -> ok
   A.tcx_attach(a, eth0, none)          -> EEXIST
   A.tcx_link(a, eth0, none)            -> EEXIST
   A.tcx_replace(a, eth0, a, none)      -> EEXIST
   link = A.tcx_link(b, eth0, none)     -> fd6
   A.tcx_attach(b, eth0, none)          -> EEXIST
   A.tcx_attach(xdp, eth0, none)        -> EINVAL
   A.tcx_link(xdp, eth0, none)          -> EINVAL
   A.tcx_attach(a, eth1, none)          -> ok
   packet(eth0)                         -> a b
   packet(eth1)                         -> a`,
);

// kernel/bpf/tcx.c, tcx_prog_attach; kernel/bpf/mprog.c, bpf_mprog_attach.
test(
  'what is checked before what: the program, the device, the revision, whether it is there already, the anchor, its place',
  follows,
  linux,
  `a = A.load(tc)                               -> fd3
   b = A.load(tc)                               -> fd4
   xdp = A.load(xdp)                            -> fd5
   B.device_delete(eth1)                        -> ok
   A.tcx_attach_before(fd9, eth1, fd9, r5)      -> EBADF
   A.tcx_attach_before(xdp, eth1, fd9, r5)      -> EINVAL
   A.tcx_attach(a, eth0, none)                  -> ok
   A.tcx_attach_before(a, eth1, fd9, r5)        -> ENODEV
   A.tcx_attach_before(a, eth0, fd9, r5)        -> ESTALE
   A.tcx_attach_before(a, eth0, fd9, r2)        -> EEXIST
   A.tcx_attach_before(b, eth0, fd9, r2)        -> EBADF
   A.tcx_attach_before(b, eth0, xdp, none)      -> EINVAL
   A.tcx_attach_before(b, eth0, b, none)        -> ENOENT
   A.tcx_attach_before_link(b, eth0, fd9, none) -> EBADF
   A.tcx_attach_before_link(b, eth0, a, none)   -> EINVAL
   A.tcx_attach_after_id(b, eth0, prog#3, none) -> EINVAL
   A.tcx_attach_after_id(b, eth0, prog#4, none) -> ENOENT
   A.tcx_attach_after_id(b, eth0, prog#2, none) -> ENOENT
   A.tcx_replace(b, eth1, fd9, r5)              -> ENODEV
   A.tcx_replace(b, eth0, fd9, r5)              -> EBADF
   A.tcx_replace(b, eth0, xdp, r5)              -> EINVAL
   A.tcx_replace(b, eth0, a, r5)                -> ESTALE
   A.tcx_replace(a, eth0, b, none)              -> EEXIST
   A.tcx_replace(b, eth0, b, none)              -> ENOENT
   A.tcx_replace(b, eth0, a, r2)                -> ok
   packet(eth0)                                 -> b`,
  { fds: 8, programs: 4 },
);

test(
  'an XDP link is no anchor, and a link that is being released has no id',
  follows,
  linux,
  `a = A.load(tc)                                    -> fd3
   xdp = A.load(xdp)                                 -> fd4
   one = A.xdp_link(xdp, eth0, none)                 -> fd5
   A.tcx_attach_before_link(a, eth0, one, none)      -> EINVAL
   A.tcx_link_before_link_id(a, eth0, link#1, none)  -> EINVAL
   b = A.load(tc)                                    -> fd6
   two = A.tcx_link(b, eth0, none)                   -> fd7
   A.pin(two, /pin1)                                 -> ok
   A.close(two)                                      -> ok
   A.unpin(/pin1)                                    -> ok
   packet(eth0)                                      -> xdp b
   A.tcx_link_before_link_id(a, eth0, link#2, none)  -> ENOENT
   release(link#2)                                   -> ok
   packet(eth0)                                      -> xdp`,
);

test(
  'what a link made is neither replaced nor detached by others, and its update keeps the place',
  follows,
  linux,
  `a = A.load(tc)                        -> fd3
   b = A.load(tc)                        -> fd4
   c = A.load(tc)                        -> fd5
   link = A.tcx_link(a, eth0, none)      -> fd6
   A.tcx_attach(b, eth0, none)           -> ok
   A.tcx_replace(c, eth0, a, none)       -> EBUSY
   A.tcx_detach(a, eth0, none)           -> EBUSY
   A.tcx_detach_first(eth0, none)        -> EBUSY
   A.link_update(link, b)                -> EEXIST
   A.link_update(link, a)                -> ok
   A.link_update(link, c)                -> ok
   packet(eth0)                          -> c b
   A.tcx_detach_last(eth0, none)         -> ok
   A.tcx_detach_last(eth0, none)         -> EBUSY
   packet(eth0)                          -> c`,
);

test(
  'the first and the last are detached without naming a program, whoever attached them',
  follows,
  linux,
  `a = A.load(tc)                        -> fd3
   b = A.load(tc)                        -> fd4
   c = B.load(tc)                        -> fd3
   A.tcx_attach(a, eth0, none)           -> ok
   A.tcx_attach(b, eth0, none)           -> ok
   B.tcx_attach(c, eth0, none)           -> ok
   B.tcx_detach_first(eth0, none)        -> ok
   packet(eth0)                          -> b c
   A.tcx_detach_last(eth0, none)         -> ok
   packet(eth0)                          -> b`,
);

test(
  'a detach: the program, the device, whether there is a list, its revision, whether the program is in it',
  follows,
  linux,
  `a = A.load(tc)                        -> fd3
   b = A.load(tc)                        -> fd4
   xdp = A.load(xdp)                     -> fd5
   B.device_delete(eth1)                 -> ok
   A.tcx_detach(fd9, eth1, none)         -> EBADF
   A.tcx_detach(xdp, eth1, none)         -> EINVAL
   A.tcx_detach(a, eth1, none)           -> ENODEV
   A.tcx_detach_last(eth1, none)         -> ENODEV
   A.tcx_detach(a, eth0, r5)             -> ENOENT
   A.tcx_detach_last(eth0, r5)           -> ENOENT
   A.tcx_attach(b, eth0, none)           -> ok
   A.tcx_detach(a, eth0, r5)             -> ESTALE
   A.tcx_detach_last(eth0, r5)           -> ESTALE
   A.tcx_detach(a, eth0, r2)             -> ENOENT
   A.tc_qdisc_add(eth0)                  -> ok
   A.tcx_detach(b, eth0, r2)             -> ok
   A.tcx_detach(b, eth0, r2)             -> ESTALE   # the qdisc keeps the list
   A.tcx_detach_first(eth0, r2)          -> ESTALE
   A.tcx_detach(b, eth0, r3)             -> ENOENT
   A.tcx_detach_first(eth0, r3)          -> ENOENT
   A.tc_qdisc_delete(eth0)               -> ok
   A.tcx_detach(b, eth0, r5)             -> ENOENT`,
  { fds: 8 },
);

test(
  'each change makes the revision greater by one, and it is 1 again when the list is empty',
  follows,
  linux,
  `a = A.load(tc)                        -> fd3
   b = A.load(tc)                        -> fd4
   A.tcx_attach(a, eth0, r2)             -> ESTALE
   A.tcx_attach(a, eth0, r1)             -> ok
   A.tcx_replace(b, eth0, a, r2)         -> ok
   link = A.tcx_link(a, eth0, r3)        -> fd5
   A.tcx_detach(b, eth0, r4)             -> ok
   A.link_update(link, a)                -> ok       # the same program is no change
   A.link_update(link, b)                -> ok
   A.tcx_attach(a, eth0, r6)             -> ok
   A.close(link)                         -> ok
   A.tcx_attach(b, eth0, r7)             -> ESTALE
   A.tcx_detach(a, eth0, r8)             -> ok
   A.tcx_attach(a, eth0, r1)             -> ok`,
);

test(
  'a clsact qdisc keeps the revision of an empty list, until it is deleted',
  follows,
  linux,
  `a = A.load(tc)                        -> fd3
   A.tc_qdisc_add(eth0)                  -> ok
   A.tcx_attach(a, eth0, r1)             -> ok
   A.tcx_detach(a, eth0, r2)             -> ok
   A.tcx_attach(a, eth0, r1)             -> ESTALE
   A.tcx_attach(a, eth0, r3)             -> ok
   A.tc_qdisc_delete(eth0)               -> ok
   A.tcx_detach(a, eth0, r4)             -> ok
   A.tcx_attach(a, eth0, r1)             -> ok
   A.tc_qdisc_add(eth0)                  -> ok
   A.tcx_detach(a, eth0, none)           -> ok
   A.tc_qdisc_delete(eth0)               -> ok
   A.tcx_attach(a, eth0, r1)             -> ok`,
);

test(
  'without capabilities a descriptor is enough, but nothing is detached without one',
  follows,
  linux,
  `a = A.load(tc)                        -> fd3
   b = A.load(tc)                        -> fd4
   A.tcx_attach(a, eth0, none)           -> ok
   A.drop_capabilities()                 -> ok
   A.tcx_detach_last(eth0, none)         -> EPERM
   A.tcx_detach_last(eth1, r5)           -> EPERM
   A.tcx_attach(b, eth0, none)           -> ok
   A.tcx_detach(a, eth0, none)           -> ok
   link = A.tcx_link(a, eth0, none)      -> fd5`,
);

test(
  'a link needs a free descriptor, after the device and before the list is looked at',
  follows,
  linux,
  `a = A.load(tc)                        -> fd3
   A.tcx_link(a, eth0, r5)               -> ESTALE
   b = A.load(tc)                        -> fd4
   A.tcx_link(a, eth0, r5)               -> EMFILE
   A.device_delete(eth0)                 -> ok
   A.tcx_link(a, eth0, r5)               -> ENODEV`,
  { fds: 2 },
);

test('programs stay when those who attached them are gone, links go, and both leave with the device', (t) => {
  const { got, said, steps } = played(
    linux,
    `a = A.load(tc)                      -> fd3
     b = A.load(tc)                      -> fd4
     A.tcx_attach(a, eth0, none)         -> ok
     link = A.tcx_link(b, eth0, none)    -> fd5
     pinned = A.load(tc)                 -> fd6
     held = A.tcx_link(pinned, eth0, none) -> fd7
     A.pin(held, /pin1)                  -> ok
     A.crash()                           -> ok
     packet(eth0)                        -> a pinned
     B.device_delete(eth0)               -> ok
     B.device_create(eth0)               -> ok
     packet(eth0)                        -> nothing
     again = B.get(/pin1)                -> fd3
     new = B.load(tc)                    -> fd4
     B.link_update(again, new)           -> ENOLINK
     B.tcx_attach(new, eth0, r1)         -> ok`,
  );

  t.deepEqual(got, said);
  t.true(steps[9]!.lost.includes('a is loaded'));
  t.false(steps[9]!.lost.includes('pinned is loaded'));
});

const small = withLinuxState(linux, { listLimit: 2 });

// kernel/bpf/mprog.c, bpf_mprog_attach; the limit is 63 there.
test(
  'a full list is ERANGE, after the anchor was looked up and before it is looked for; replacing is possible',
  follows,
  small,
  `a = A.load(tc)                               -> fd3
   b = A.load(tc)                               -> fd4
   c = A.load(tc)                               -> fd5
   A.tcx_attach(a, eth0, none)                  -> ok
   A.tcx_attach(b, eth0, none)                  -> ok
   A.tcx_attach(a, eth0, none)                  -> EEXIST
   A.tcx_attach(c, eth0, r1)                    -> ESTALE
   A.tcx_attach_before(c, eth0, fd9, none)      -> EBADF
   A.tcx_attach_before(c, eth0, c, none)        -> ERANGE
   A.tcx_attach_before(c, eth0, none, none)     -> ERANGE
   A.tcx_attach(c, eth0, none)                  -> ERANGE
   A.tcx_link(c, eth0, none)                    -> ERANGE
   A.tcx_replace(c, eth0, b, none)              -> ok
   packet(eth0)                                 -> a c`,
  { fds: 8, attachments: 4 },
);
