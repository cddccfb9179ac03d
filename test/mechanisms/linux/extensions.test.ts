/** freplace on Linux: what load and attach refuse, in which order, what the saved target is for, and what keeps whom alive. */
import test from 'ava';
import {
  linux,
  linuxBeforeLinks,
  linuxCountedExclusion,
  linuxTcx,
  linuxXdpLinks,
} from '../../../model/proposals/linux.js';
import { follows, played } from '../script.js';

/** A rootlet, and an extension loaded for its first placeholder. */
const LOADED = `
  root = A.load(rootlet)                            -> fd3
  fw = A.load_extension(root, placeholder1, fw)     -> fd4`;

// kernel/bpf/syscall.c, bpf_prog_load: a bad attach_prog_fd is EINVAL in any way.
test(
  'an extension is loaded for a function of a program that has its signature',
  follows,
  linux,
  `${LOADED}
   map = A.prog_array_create()                      -> fd5
   plain = A.load(xdp)                              -> fd6
   A.load_extension(fd7, placeholder1, fw)          -> EINVAL
   A.load_extension(map, placeholder1, fw)          -> EINVAL
   A.load_extension(plain, placeholder1, fw)        -> EINVAL
   A.load_extension(fw, placeholder1, fw)           -> EINVAL
   A.load_extension(root, placeholder1, fw_other)   -> EINVAL
   A.load_extension(root, placeholder2, fw)         -> fd7`,
);

test(
  'whatever does not fit is EINVAL also when no descriptor is left; then it is EMFILE',
  follows,
  linux,
  `root = A.load(rootlet)                           -> fd3
   fw = A.load_extension(root, placeholder1, fw)    -> fd4
   A.load_extension(root, placeholder1, fw_other)   -> EINVAL
   A.load_extension(root, placeholder1, fw)         -> EMFILE`,
  { fds: 2 },
);

test(
  'an extension attaches once where it was loaded for; then its saved target is used up for good',
  follows,
  linux,
  `${LOADED}
   link = A.tracing_link(fw)                        -> fd5
   A.tracing_link(fw)                               -> EINVAL
   A.close(link)                                    -> ok
   A.tracing_link(fw)                               -> EINVAL
   A.tracing_link_to(fw, root, placeholder1)        -> fd5`,
);

test(
  'an attach with a target uses up the saved one too, also where both are the same',
  follows,
  linux,
  `${LOADED}
   A.tracing_link_to(fw, root, placeholder2)        -> fd5
   A.tracing_link(fw)                               -> EINVAL
   again = A.load_extension(root, placeholder1, fw) -> fd6
   A.tracing_link_to(again, root, placeholder1)     -> fd7
   A.tracing_link(again)                            -> EINVAL`,
);

test(
  'a refused attach leaves the saved target as it was',
  follows,
  linux,
  `${LOADED}
   link = A.tracing_link(fw)                        -> fd5
   late = A.load_extension(root, placeholder1, fw)  -> fd6
   A.tracing_link(late)                             -> EBUSY
   A.tracing_link_to(late, root, placeholder1)      -> EBUSY
   A.tracing_link_to(late, late, placeholder1)      -> EINVAL
   A.close(link)                                    -> ok
   A.tracing_link(late)                             -> fd5`,
);

test(
  'one extension is in many places at once, each with a link of its own',
  follows,
  linux,
  `${LOADED}
   other = A.load(rootlet)                          -> fd5
   one = A.tracing_link(fw)                         -> fd6
   two = A.tracing_link_to(fw, root, placeholder2)  -> fd7
   three = A.tracing_link_to(fw, other, placeholder1) -> fd8
   A.tracing_link_to(fw, other, placeholder1)       -> EBUSY
   A.close(one)                                     -> ok
   A.tracing_link_to(fw, root, placeholder1)        -> fd6`,
);

// saved_dst_attach_type: a program loaded as BPF_XDP and one loaded as XDP without an expected attach type are of two kinds.
test(
  'another target must be of the kind of the first, and have such a function',
  follows,
  linux,
  `${LOADED}
   any = A.load(rootlet_any)                        -> fd5
   plain = A.load(xdp)                              -> fd6
   A.tracing_link_to(fw, any, placeholder1)         -> EINVAL
   A.tracing_link_to(fw, plain, placeholder1)       -> EINVAL
   theirs = A.load_extension(any, placeholder1, fw) -> fd7
   A.tracing_link_to(theirs, any, placeholder2)     -> fd8
   A.tracing_link_to(theirs, root, placeholder1)    -> EINVAL`,
);

test(
  'the kind of the first target stays when the target is gone and its place is taken',
  follows,
  linux,
  `${LOADED}
   link = A.tracing_link(fw)                        -> fd5
   A.close(link)                                    -> ok
   A.close(root)                                    -> ok
   any = A.load(rootlet_any)                        -> fd3
   A.tracing_link_to(fw, any, placeholder1)         -> EINVAL
   next = A.load(rootlet)                           -> fd5
   A.tracing_link_to(fw, next, placeholder1)        -> fd6`,
);

test(
  'the program is looked at first, then the target, then descriptors are counted, then the function is tried',
  follows,
  linux,
  `root = A.load(rootlet)                           -> fd3
   fw = A.load_extension(root, placeholder1, fw)    -> fd4
   map = A.prog_array_create()                      -> fd5
   late = A.load_extension(root, placeholder1, fw)  -> fd6
   A.tracing_link(fd8)                              -> EBADF
   A.tracing_link(map)                              -> EINVAL
   A.tracing_link(root)                             -> EINVAL
   A.tracing_link_to(fd8, fd8, placeholder1)        -> EBADF
   A.tracing_link_to(map, fd8, placeholder1)        -> EINVAL
   A.tracing_link_to(root, fd8, placeholder1)       -> EINVAL
   A.tracing_link_to(fw, fd8, placeholder1)         -> EBADF
   A.tracing_link_to(fw, map, placeholder1)         -> EINVAL
   link = A.tracing_link(fw)                        -> fd7
   full = A.dup(map)                                -> fd8
   A.tracing_link(late)                             -> EMFILE
   A.tracing_link_to(late, root, placeholder1)      -> EMFILE
   A.tracing_link_to(late, map, placeholder1)       -> EINVAL
   A.tracing_link(fw)                               -> EINVAL
   A.close(full)                                    -> ok
   A.tracing_link(late)                             -> EBUSY`,
  { fds: 6 },
);

test('what is loaded holds its target, then the link does, then nobody', (t) => {
  const { got, said, steps } = played(
    linux,
    `${LOADED}
     A.close(root)                                  -> ok
     link = A.tracing_link(fw)                      -> fd3
     A.close(fw)                                    -> ok
     A.close(link)                                  -> ok`,
  );

  t.deepEqual(got, said);
  t.false(steps[2]!.lost.includes('root is loaded'));
  t.deepEqual(steps[4]!.lost, []);
  t.true(steps[5]!.lost.includes('root is loaded'));
  t.true(steps[5]!.lost.includes('fw is loaded'));
});

test('once attached elsewhere, an extension no longer keeps the target that it was loaded for', (t) => {
  const { steps } = played(
    linux,
    `${LOADED}
     next = A.load(rootlet)
     A.close(root)
     A.tracing_link_to(fw, next, placeholder1)`,
  );

  t.false(steps[3]!.lost.includes('root is loaded'));
  t.true(steps[4]!.lost.includes('root is loaded'));
});

test('an extension that was never attached takes its target along', (t) => {
  const { steps } = played(linux, `${LOADED}\nA.close(root)\nA.close(fw)`);

  t.true(steps[3]!.lost.includes('root is loaded'));
});

// Linux commit 3aac1ead5eb6: "it is no longer possible to attach the same tracing program multiple times (detaching in-between)".
test('before extensions could go elsewhere, they kept their target for life and could attach to it again', (t) => {
  for (const proposal of [linuxBeforeLinks, linuxXdpLinks]) {
    const { got, said, steps } = played(
      proposal,
      `${LOADED}
       link = A.tracing_link(fw)                      -> fd5
       A.tracing_link(fw)                             -> EBUSY
       A.close(link)                                  -> ok
       link = A.tracing_link(fw)                      -> fd5
       A.close(root)                                  -> ok
       A.close(link)                                  -> ok
       A.close(fw)                                    -> ok`,
    );

    t.deepEqual(got, said);
    t.false(steps[7]!.lost.includes('root is loaded'));
    t.true(steps[8]!.lost.includes('root is loaded'));
  }
});

test(
  'a program in a slot is not extended: from all slots it has to go first',
  follows,
  linux,
  `${LOADED}
   map = A.prog_array_create()                      -> fd5
   A.prog_array_update(map, slot0, root)            -> ok
   A.prog_array_update(map, slot1, root)            -> ok
   A.tracing_link(fw)                               -> EBUSY
   A.prog_array_delete(map, slot0)                  -> ok
   A.tracing_link_to(fw, root, placeholder2)        -> EBUSY
   A.prog_array_delete(map, slot1)                  -> ok
   link = A.tracing_link(fw)                        -> fd6
   A.prog_array_update(map, slot0, root)            -> EBUSY
   A.close(link)                                    -> ok
   A.prog_array_update(map, slot0, root)            -> ok`,
);

test(
  'a program whose map was just closed is in its slot until the map is emptied',
  follows,
  linux,
  `${LOADED}
   map = A.prog_array_create()                      -> fd5
   A.prog_array_update(map, slot0, root)            -> ok
   A.close(map)                                     -> ok
   A.tracing_link(fw)                               -> EBUSY
   clear(map#1)                                      -> ok
   A.tracing_link(fw)                               -> fd5`,
);

test(
  'before the exclusion, a program is in a slot and extended at once',
  follows,
  linuxTcx,
  `${LOADED}
   map = A.prog_array_create()                      -> fd5
   A.prog_array_update(map, slot0, root)            -> ok
   A.tracing_link(fw)                               -> fd6
   A.prog_array_update(map, slot1, root)            -> ok`,
);

/** Both placeholders of a rootlet are replaced; then one of the links is closed. */
const ONE_OF_TWO = `${LOADED}
  map = A.prog_array_create()                       -> fd5
  one = A.tracing_link(fw)                          -> fd6
  two = A.tracing_link_to(fw, root, placeholder2)   -> fd7
  A.close(two)                                      -> ok`;

// Seen on Linux 6.1, 6.12 and 7.2: is_extended is a bool.
test(
  'as written, the first of two extensions to go takes the mark of the program along',
  follows,
  linux,
  `${ONE_OF_TWO}
   A.prog_array_update(map, slot0, root)            -> ok`,
);

test(
  'as it was meant, the mark stays until the last extension is gone',
  follows,
  linuxCountedExclusion,
  `${ONE_OF_TWO}
   A.prog_array_update(map, slot0, root)            -> EBUSY
   A.close(one)                                     -> ok
   A.prog_array_update(map, slot0, root)            -> ok`,
);

test(
  'a packet runs the extension in the place of the function, until the link is closed',
  follows,
  linux,
  `${LOADED}
   A.xdp_set(root, eth0, drv)                       -> ok
   packet(eth0)                                     -> root placeholder1 placeholder2
   link = A.tracing_link(fw)                        -> fd5
   packet(eth0)                                     -> root fw placeholder2
   two = A.tracing_link_to(fw, root, placeholder2)  -> fd6
   packet(eth0)                                     -> root fw fw
   A.close(link)                                    -> ok
   packet(eth0)                                     -> root placeholder1 fw
   A.crash()                                        -> ok
   packet(eth0)                                     -> root placeholder1 placeholder2`,
);

test(
  'a pinned link keeps the extension in its place when its owner is gone',
  follows,
  linux,
  `${LOADED}
   A.xdp_set(root, eth0, drv)                       -> ok
   link = A.tracing_link(fw)                        -> fd5
   A.pin(link, /pin1)                               -> ok
   A.crash()                                        -> ok
   packet(eth0)                                     -> root fw placeholder2
   B.unpin(/pin1)                                   -> ok
   packet(eth0)                                     -> root fw placeholder2
   release(link#2)                                  -> ok
   packet(eth0)                                     -> root placeholder1 placeholder2`,
);

test(
  'an extension is in no slot, on no device, and its link is neither updated nor detached by force',
  follows,
  linux,
  `${LOADED}
   map = A.prog_array_create()                      -> fd5
   link = A.tracing_link(fw)                        -> fd6
   A.xdp_set(fw, eth0, drv)                         -> EINVAL
   A.xdp_link(fw, eth0, drv)                        -> EINVAL
   A.prog_array_update(map, slot0, fw)              -> EINVAL
   A.link_update(link, fw)                          -> EINVAL
   A.link_detach(link)                              -> EOPNOTSUPP`,
);

// Linux commit 81f6d0530ba0 moved check_attach_btf_id behind resolve_pseudo_ldimm64.
for (const [proposal, errno] of [
  [linux, 'EBADF'],
  [linuxTcx, 'EINVAL'],
] as const) {
  test(
    `${proposal.name}: a map that is not open and a target without the function is ${errno}`,
    follows,
    proposal,
    `plain = A.load(xdp)                                            -> fd3
     A.load_tail_calling_extension(plain, placeholder1, fd9)        -> ${errno}`,
  );
}

test(
  'without capabilities nothing is loaded; what is loaded can be attached',
  follows,
  linux,
  `${LOADED}
   A.drop_capabilities()                            -> ok
   A.load_extension(fd9, placeholder1, fw)          -> EPERM
   A.load_tracer(fd9, main)                         -> EPERM
   A.load_tail_calling_extension(fd9, placeholder1, fd9) -> EPERM
   A.tracing_link(fw)                               -> fd5`,
);
