// The errnos are those of net/core/dev.c, dev_xdp_attach, and were each seen on Linux 6.18.
import test from 'ava';
import { linux, linuxBeforeLinks } from '../../../model/proposals/linux.js';
import { machineOf } from '../../../model/proposals/proposal.js';
import { follows, played } from '../script.js';

const PRESENT = {
  nothing: '',
  'a program in the driver mode': 'A.xdp_set(old, eth0, drv) -> ok',
  'a program in the generic mode': 'A.xdp_set(old, eth0, skb) -> ok',
  'a link in the driver mode': 'link = A.xdp_link(old, eth0, drv) -> fd5',
  'a link in the generic mode': 'link = A.xdp_link(old, eth0, skb) -> fd5',
};

const ARRIVING = [
  'A.xdp_set(new, eth0, drv)',
  'A.xdp_set(new, eth0, skb)',
  'A.xdp_clear(eth0, drv)',
  'A.xdp_clear(eth0, skb)',
  'A.xdp_link(new, eth0, drv)',
  'A.xdp_link(new, eth0, skb)',
];

/** What each of the calls comes to, and what a packet meets then. */
const TABLE: Record<keyof typeof PRESENT, readonly (readonly [string, string])[]> = {
  nothing: [
    ['ok', 'new'],
    ['ok', 'new'],
    ['ok', 'nothing'],
    ['ok', 'nothing'],
    ['fd5', 'new'],
    ['fd5', 'new'],
  ],
  'a program in the driver mode': [
    ['ok', 'new'],
    ['EEXIST', 'old'],
    ['ok', 'nothing'],
    ['ok', 'old'],
    ['EBUSY', 'old'],
    ['EEXIST', 'old'],
  ],
  'a program in the generic mode': [
    ['EEXIST', 'old'],
    ['ok', 'new'],
    ['ok', 'old'],
    ['ok', 'nothing'],
    ['EEXIST', 'old'],
    ['EBUSY', 'old'],
  ],
  'a link in the driver mode': [
    ['EBUSY', 'old'],
    ['EEXIST', 'old'],
    ['EBUSY', 'old'],
    ['ok', 'old'],
    ['EBUSY', 'old'],
    ['EEXIST', 'old'],
  ],
  'a link in the generic mode': [
    ['EEXIST', 'old'],
    ['EBUSY', 'old'],
    ['ok', 'old'],
    ['EBUSY', 'old'],
    ['EEXIST', 'old'],
    ['EBUSY', 'old'],
  ],
};

for (const [present, set] of Object.entries(PRESENT)) {
  test(`with ${present}, each call comes to what the kernel says`, (t) => {
    TABLE[present as keyof typeof PRESENT].forEach(([outcome, runs], i) => {
      const { said, got } = played(
        linux,
        `old = A.load(xdp) -> fd3
         new = A.load(xdp) -> fd4
         ${set}
         ${ARRIVING[i]} -> ${outcome}
         packet(eth0) -> ${runs}`,
      );

      t.deepEqual(got, said);
    });
  });
}

test(
  'a set without flags replaces the program of anybody, and lets go of it',
  follows,
  linux,
  `first = A.load(xdp)            -> fd3
   A.xdp_set(first, eth0, none)   -> ok
   A.close(first)                 -> ok
   second = B.load(xdp)           -> fd3
   B.xdp_set(second, eth0, drv)   -> ok
   A.prog_get_fd_by_id(prog#1)    -> ENOENT
   packet(eth0)                   -> second`,
);

test(
  'a clear that names no mode leaves what is in the generic one, and says that all is well',
  follows,
  linux,
  `prog = A.load(xdp)             -> fd3
   A.xdp_set(prog, eth0, skb)     -> ok
   A.xdp_clear(eth0, none)        -> ok
   packet(eth0)                   -> prog
   A.xdp_clear(eth0, skb)         -> ok
   packet(eth0)                   -> nothing`,
);

test(
  'setting only if empty is EBUSY where the mode has a program, even the same',
  follows,
  linux,
  `prog = A.load(xdp)                  -> fd3
   A.xdp_set_if_empty(prog, eth0, drv) -> ok
   A.xdp_set_if_empty(prog, eth0, drv) -> EBUSY
   A.xdp_set_if_empty(prog, eth0, skb) -> EEXIST`,
);

test(
  'a replacement finds the expected program, none meaning that there is none, or is EEXIST',
  follows,
  linux,
  `old = A.load(xdp)                       -> fd3
   new = A.load(xdp)                       -> fd4
   A.xdp_replace(old, eth0, drv, none)     -> ok
   A.xdp_replace(new, eth0, drv, none)     -> EEXIST
   A.xdp_replace(new, eth0, drv, new)      -> EEXIST
   A.xdp_replace(new, eth0, drv, old)      -> ok
   A.xdp_replace(none, eth0, drv, old)     -> EEXIST
   A.xdp_replace(none, eth0, drv, new)     -> ok
   packet(eth0)                            -> nothing
   A.xdp_replace(none, eth0, drv, none)    -> ok`,
);

test(
  'an expected program that is in the other mode is a mismatch; where empty is expected, the other mode is EEXIST too',
  follows,
  linux,
  `old = A.load(xdp)                       -> fd3
   new = A.load(xdp)                       -> fd4
   A.xdp_set(old, eth0, skb)               -> ok
   A.xdp_replace(new, eth0, drv, old)      -> EEXIST
   A.xdp_replace(new, eth0, drv, none)     -> EEXIST
   A.xdp_replace(none, eth0, drv, none)    -> ok
   A.xdp_replace(new, eth0, skb, old)      -> ok`,
);

test(
  'a link is EBUSY before the expected program is compared, and also for the program that is there',
  follows,
  linux,
  `prog = A.load(xdp)                      -> fd3
   other = A.load(xdp)                     -> fd4
   link = A.xdp_link(prog, eth0, none)     -> fd5
   A.xdp_replace(other, eth0, none, other) -> EBUSY
   A.xdp_replace(none, eth0, none, prog)   -> EBUSY
   A.xdp_set(prog, eth0, none)             -> EBUSY
   A.xdp_set_if_empty(prog, eth0, none)    -> EBUSY`,
);

test(
  'a device that is not there is ENODEV by netlink before the descriptor is looked at, and EINVAL to a link behind it',
  follows,
  linux,
  `prog = A.load(xdp)                      -> fd3
   A.device_delete(eth0)                   -> ok
   A.xdp_set(fd4, eth0, drv)               -> ENODEV
   A.xdp_set_if_empty(fd4, eth0, drv)      -> ENODEV
   A.xdp_replace(fd4, eth0, drv, fd4)      -> ENODEV
   A.xdp_clear(eth0, drv)                  -> ENODEV
   A.xdp_link(fd4, eth0, drv)              -> EBADF
   A.xdp_link(prog, eth0, drv)             -> EINVAL`,
);

test(
  'without capabilities netlink is EPERM before all else, and a link is made all the same',
  follows,
  linux,
  `prog = A.load(xdp)                      -> fd3
   A.drop_capabilities()                   -> ok
   B.device_delete(eth1)                   -> ok
   A.xdp_set(prog, eth0, drv)              -> EPERM
   A.xdp_set(fd4, eth1, drv)               -> EPERM
   A.xdp_set_if_empty(prog, eth0, drv)     -> EPERM
   A.xdp_replace(prog, eth0, drv, none)    -> EPERM
   A.xdp_clear(eth0, drv)                  -> EPERM
   A.xdp_link(prog, eth0, drv)             -> fd4`,
);

test(
  'descriptors: closed is EBADF, a link is EINVAL, a program of another type is EINVAL',
  follows,
  linux,
  `prog = A.load(xdp)                      -> fd3
   link = A.xdp_link(prog, eth1, none)     -> fd4
   tc = A.load(tc)                         -> fd5
   A.xdp_set(fd6, eth0, none)              -> EBADF
   A.xdp_set(link, eth0, none)             -> EINVAL
   A.xdp_set(tc, eth0, none)               -> EINVAL
   A.xdp_link(fd6, eth0, none)             -> EBADF
   A.xdp_link(link, eth0, none)            -> EINVAL
   A.xdp_link(tc, eth0, none)              -> EINVAL
   A.xdp_replace(fd6, eth0, none, tc)      -> EBADF
   A.xdp_replace(tc, eth0, none, fd6)      -> EINVAL
   A.xdp_replace(prog, eth0, none, fd6)    -> EBADF
   A.xdp_replace(prog, eth0, none, link)   -> EINVAL
   A.xdp_replace(none, eth0, none, tc)     -> EINVAL`,
);

test(
  'a program loaded for a devmap is EINVAL, after everything that the mode may have against it',
  follows,
  linux,
  `map = A.load(xdp_devmap)                -> fd3
   prog = A.load(xdp)                      -> fd4
   A.xdp_set(map, eth0, none)              -> EINVAL
   A.xdp_set_if_empty(map, eth0, none)     -> EINVAL
   A.xdp_replace(map, eth0, none, none)    -> EINVAL
   A.xdp_link(map, eth0, none)             -> EINVAL
   A.xdp_set(prog, eth0, drv)              -> ok
   A.xdp_set_if_empty(map, eth0, drv)      -> EBUSY
   A.xdp_replace(map, eth0, drv, none)     -> EEXIST
   A.xdp_set(map, eth0, skb)               -> EEXIST
   A.xdp_link(map, eth0, drv)              -> EBUSY
   A.xdp_link(map, eth0, skb)              -> EEXIST
   A.xdp_replace(map, eth0, drv, prog)     -> EINVAL`,
);

// kernel/bpf/syscall.c: bpf_link_prime comes behind the device and before the hook.
test(
  'a link needs a descriptor before the hook is looked at, and after the device',
  follows,
  linux,
  `prog = A.load(xdp)                      -> fd3
   A.xdp_set(prog, eth0, drv)              -> ok
   A.xdp_link(prog, eth0, drv)             -> EMFILE
   A.device_delete(eth0)                   -> ok
   A.xdp_link(prog, eth0, drv)             -> EINVAL`,
  { fds: 1 },
);

test(
  'one program can be on several devices',
  follows,
  linux,
  `prog = A.load(xdp)                      -> fd3
   A.xdp_link(prog, eth0, none)            -> fd4
   A.xdp_link(prog, eth1, none)            -> fd5
   packet(eth0)                            -> prog
   packet(eth1)                            -> prog`,
);

test('before there were links, netlink sets, clears and sets only if empty', (t) => {
  const names = machineOf(linuxBeforeLinks).operations.map(({ name }) => name);

  t.deepEqual(
    names.filter((name) => name.startsWith('xdp_')),
    ['xdp_set', 'xdp_set_if_empty', 'xdp_clear'],
  );
});
