// Seen on Linux 6.18; kernel/bpf/inode.c, fs/namei.c.
import test from 'ava';
import { linux } from '../../../model/proposals/linux.js';
import { follows, played } from '../script.js';

test(
  'an object is pinned under several names, each of which holds it',
  follows,
  linux,
  `prog = A.load(xdp)          -> fd3
   A.pin(prog, /pin1)          -> ok
   A.pin(prog, /pin2)          -> ok
   A.close(prog)               -> ok
   A.unpin(/pin1)              -> ok
   A.get(/pin2)                -> fd3`,
);

test(
  'pinning asks for the object, which is EINVAL if it is closed, before it looks at the name',
  follows,
  linux,
  `prog = A.load(xdp)          -> fd3
   A.pin(prog, /pin1)          -> ok
   A.pin(fd4, /pin2)           -> EINVAL
   A.pin(fd4, /pin1)           -> EINVAL
   A.pin(prog, /pin1)          -> EEXIST
   A.unpin(/pin2)              -> ENOENT
   A.get(/pin2)                -> ENOENT`,
);

test(
  'opening a name that is not there is ENOENT also where no descriptor is free',
  follows,
  linux,
  `prog = A.load(xdp)          -> fd3
   A.pin(prog, /pin1)          -> ok
   A.get(/pin2)                -> ENOENT
   A.get(/pin1)                -> EMFILE`,
  { fds: 1 },
);

test('renaming over a name takes it from what had it, whose last reference that may have been', (t) => {
  const { got, said, steps } = played(
    linux,
    `old = A.load(xdp)           -> fd3
     new = A.load(xdp)           -> fd4
     A.pin(old, /pin1)           -> ok
     A.pin(new, /pin2)           -> ok
     A.close(old)                -> ok
     A.rename(/pin2, /pin1)      -> ok
     A.get(/pin2)                -> ENOENT
     again = A.get(/pin1)        -> fd3
     A.rename(/pin2, /pin1)      -> ENOENT`,
  );

  t.deepEqual(got, said);
  t.deepEqual(steps[5]!.lost, ['old is loaded', '/pin1 holds old', '/pin2 holds new']);
  t.deepEqual(steps[5]!.gained, ['/pin1 holds new']);
});

test(
  'a link that loses its last name by a rename is released later, as by an unpin',
  follows,
  linux,
  `prog = A.load(xdp)                  -> fd3
   link = A.xdp_link(prog, eth0, none) -> fd4
   A.pin(link, /pin1)                  -> ok
   A.close(link)                       -> ok
   A.pin(prog, /pin2)                  -> ok
   A.rename(/pin2, /pin1)              -> ok
   packet(eth0)                        -> prog
   release(link#1)                     -> ok
   packet(eth0)                        -> nothing`,
);

test(
  'a hard link is a second name: EEXIST where it is taken, ENOENT without a first',
  follows,
  linux,
  `prog = A.load(xdp)          -> fd3
   A.pin(prog, /pin1)          -> ok
   A.hard_link(/pin1, /pin2)   -> ok
   A.hard_link(/pin1, /pin2)   -> EEXIST
   A.hard_link(/pin1, /pin1)   -> EEXIST
   A.hard_link(/pin3, /pin1)   -> ENOENT
   A.hard_link(/pin3, /pin3)   -> ENOENT
   A.close(prog)               -> ok
   A.unpin(/pin1)              -> ok
   A.get(/pin2)                -> fd3`,
);

test(
  'a bpffs mounted over the first hides its names, which go on holding what they held',
  follows,
  linux,
  `prog = A.load(xdp)                  -> fd3
   link = A.xdp_link(prog, eth0, none) -> fd4
   A.pin(link, /pin1)                  -> ok
   A.close(link)                       -> ok
   A.mount_bpffs()                     -> ok
   A.get(/pin1)                        -> ENOENT
   A.unpin(/pin1)                      -> ENOENT
   packet(eth0)                        -> prog
   A.xdp_link(prog, eth0, none)        -> EBUSY
   A.pin(prog, /pin1)                  -> ok
   A.mount_bpffs()                     -> impossible
   A.umount_bpffs()                    -> ok
   A.get(/pin1)                        -> fd4`,
);

test(
  'an unmounted bpffs takes its names along',
  follows,
  linux,
  `prog = A.load(xdp)                  -> fd3
   link = A.xdp_link(prog, eth0, none) -> fd4
   A.mount_bpffs()                     -> ok
   A.pin(link, /pin1)                  -> ok
   A.close(link)                       -> ok
   A.umount_bpffs()                    -> ok
   A.umount_bpffs()                    -> impossible
   A.get(/pin1)                        -> ENOENT
   A.link_get_fd_by_id(link#1)         -> ENOENT
   packet(eth0)                        -> prog
   release(link#1)                     -> ok
   packet(eth0)                        -> nothing`,
);

test(
  'mounting is for the privileged; names are not',
  follows,
  linux,
  `prog = A.load(xdp)          -> fd3
   A.drop_capabilities()       -> ok
   A.mount_bpffs()             -> EPERM
   B.mount_bpffs()             -> ok
   A.umount_bpffs()            -> EPERM
   A.pin(prog, /pin1)          -> ok
   A.hard_link(/pin1, /pin2)   -> ok
   A.get(/pin1)                -> fd4
   A.unpin(/pin1)              -> ok`,
);

test('what a hidden name holds is told as hidden', (t) => {
  const { steps } = played(
    linux,
    `prog = A.load(xdp)
     A.pin(prog, /pin1)
     A.mount_bpffs()
     A.pin(prog, /pin1)`,
  );

  t.deepEqual(steps[2]!.lost, ['/pin1 holds prog']);
  t.deepEqual(steps[2]!.gained, ['/pin1, which is hidden, holds prog']);
  t.deepEqual(steps[3]!.gained, ['/pin1 holds prog']);
});
