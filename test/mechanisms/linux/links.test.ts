import test from 'ava';
import { linux, linuxTcx } from '../../../model/proposals/linux.js';
import { follows, played } from '../script.js';

test(
  'an update puts another program in a link, whichever is in it, and the same one again changes nothing',
  follows,
  linux,
  `old = A.load(xdp)                   -> fd3
   new = A.load(xdp)                   -> fd4
   link = A.xdp_link(old, eth0, none)  -> fd5
   A.close(old)                        -> ok
   A.link_update(link, new)            -> ok
   A.link_update(link, new)            -> ok
   A.prog_get_fd_by_id(prog#1)         -> ENOENT
   packet(eth0)                        -> new`,
);

test(
  'an update with an expected program is EPERM where another is there; it compares programs, not what happened in between',
  follows,
  linux,
  `old = A.load(xdp)                   -> fd3
   new = A.load(xdp)                   -> fd4
   link = A.xdp_link(old, eth0, none)  -> fd5
   A.link_replace(link, new, new)      -> EPERM
   A.link_replace(link, new, old)      -> ok
   A.link_replace(link, old, new)      -> ok
   A.link_replace(link, new, old)      -> ok
   packet(eth0)                        -> new`,
);

test(
  'the descriptors of an update: the link, then the new program, then the expected one',
  follows,
  linux,
  `prog = A.load(xdp)                  -> fd3
   link = A.xdp_link(prog, eth0, none) -> fd4
   A.link_update(fd5, fd5)             -> EBADF
   A.link_update(prog, fd5)            -> EINVAL
   A.link_update(link, fd5)            -> EBADF
   A.link_update(link, link)           -> EINVAL
   A.link_replace(fd5, fd5, fd5)       -> EBADF
   A.link_replace(prog, fd5, fd5)      -> EINVAL
   A.link_replace(link, fd5, link)     -> EBADF
   A.link_replace(link, link, fd5)     -> EINVAL
   A.link_replace(link, prog, fd5)     -> EBADF
   A.link_replace(link, prog, link)    -> EINVAL
   A.link_detach(fd5)                  -> EBADF
   A.link_detach(prog)                 -> EINVAL`,
);

// net/core/dev.c, bpf_xdp_link_update: the expected program before the type.
test(
  'an XDP link takes neither another type nor another expected attach type, and says EPERM before that',
  follows,
  linux,
  `prog = A.load(xdp)                  -> fd3
   tc = A.load(tc)                     -> fd4
   map = A.load(xdp_devmap)            -> fd5
   link = A.xdp_link(prog, eth0, none) -> fd6
   A.link_update(link, tc)             -> EINVAL
   A.link_update(link, map)            -> EINVAL
   A.link_replace(link, tc, tc)        -> EPERM
   A.link_replace(link, tc, prog)      -> EINVAL
   packet(eth0)                        -> prog`,
);

test(
  'a forced detach leaves a defunct link, which keeps its program and its descriptors, and goes nowhere any more',
  follows,
  linux,
  `prog = A.load(xdp)                  -> fd3
   new = A.load(xdp)                   -> fd4
   tc = A.load(tc)                     -> fd5
   link = A.xdp_link(prog, eth0, none) -> fd6
   A.link_detach(link)                 -> ok
   packet(eth0)                        -> nothing
   A.link_detach(link)                 -> ok
   A.link_update(link, new)            -> ENOLINK
   A.link_update(link, tc)             -> ENOLINK
   A.link_replace(link, new, new)      -> ENOLINK
   A.link_update(link, fd7)            -> EBADF
   A.close(prog)                       -> ok
   again = A.prog_get_fd_by_id(prog#1) -> fd3
   A.close(again)                      -> ok
   same = A.link_get_fd_by_id(link#1)  -> fd3
   A.pin(same, /pin1)                  -> ok
   other = B.load(xdp)                 -> fd3
   B.xdp_set(other, eth0, none)        -> ok
   A.close(same)                       -> ok
   A.close(link)                       -> ok
   A.unpin(/pin1)                      -> ok
   packet(eth0)                        -> other`,
);

test(
  'a program goes with the defunct link that held it',
  follows,
  linux,
  `prog = A.load(xdp)                  -> fd3
   link = A.xdp_link(prog, eth0, none) -> fd4
   A.link_detach(link)                 -> ok
   A.close(prog)                       -> ok
   A.close(link)                       -> ok
   A.prog_get_fd_by_id(prog#1)         -> ENOENT`,
);

test(
  'whoever has a descriptor of a link updates and detaches it, without capabilities and against its maker',
  follows,
  linux,
  `prog = A.load(xdp)                  -> fd3
   link = A.xdp_link(prog, eth0, none) -> fd4
   mine = B.load(xdp)                  -> fd3
   theirs = A.send(link, B)            -> fd4
   B.drop_capabilities()               -> ok
   B.load(xdp)                         -> EPERM
   B.link_get_fd_by_id(link#1)         -> EPERM
   B.link_get_fd_by_id(link#2)         -> EPERM
   B.prog_get_fd_by_id(prog#3)         -> EPERM
   B.link_update(theirs, mine)         -> ok
   B.link_detach(theirs)               -> ok
   A.link_update(link, prog)           -> ENOLINK`,
);

test(
  'a new process in the place of one without capabilities has them again',
  follows,
  linux,
  `A.drop_capabilities()               -> ok
   A.crash()                           -> ok
   A.restart()                         -> ok
   A.load(xdp)                         -> fd3`,
);

test(
  'ids: ENOENT for what is not there, then EMFILE; what netlink attached is no link and has no id',
  follows,
  linux,
  `prog = A.load(xdp)                  -> fd3
   A.xdp_set(prog, eth0, none)         -> ok
   A.link_get_fd_by_id(link#1)         -> ENOENT
   A.prog_get_fd_by_id(prog#2)         -> ENOENT
   A.prog_get_fd_by_id(prog#1)         -> EMFILE`,
  { fds: 1, programs: 2 },
);

// Seen on Linux 6.18: the id is gone, the hook is still taken.
test(
  'after the last unpin a link has no id any more and is still at its hook, until the kernel releases it',
  follows,
  linux,
  `prog = A.load(xdp)                  -> fd3
   link = A.xdp_link(prog, eth0, none) -> fd4
   A.pin(link, /pin1)                  -> ok
   A.close(link)                       -> ok
   A.unpin(/pin1)                      -> ok
   A.get(/pin1)                        -> ENOENT
   A.link_get_fd_by_id(link#1)         -> ENOENT
   A.xdp_link(prog, eth0, none)        -> EBUSY
   packet(eth0)                        -> prog
   release(link#1)                     -> ok
   packet(eth0)                        -> nothing
   A.xdp_link(prog, eth0, none)        -> fd4`,
);

test(
  'where a last unpin is not deferred, the hook is free when it returns',
  follows,
  linuxTcx,
  `prog = A.load(xdp)                  -> fd3
   link = A.xdp_link(prog, eth0, none) -> fd4
   A.pin(link, /pin1)                  -> ok
   A.close(link)                       -> ok
   A.unpin(/pin1)                      -> ok
   A.xdp_link(prog, eth0, none)        -> fd4`,
);

test(
  'an unpin releases nothing while a descriptor is open, and the last close releases at once',
  follows,
  linux,
  `prog = A.load(xdp)                  -> fd3
   link = A.xdp_link(prog, eth0, none) -> fd4
   A.pin(link, /pin1)                  -> ok
   A.unpin(/pin1)                      -> ok
   same = A.link_get_fd_by_id(link#1)  -> fd5
   A.close(link)                       -> ok
   packet(eth0)                        -> prog
   A.close(same)                       -> ok
   packet(eth0)                        -> nothing`,
);

test('a link to be released can be made defunct by its device, and its program is freed by the release', (t) => {
  const { got, said, steps } = played(
    linux,
    `prog = A.load(xdp)                  -> fd3
     link = A.xdp_link(prog, eth0, none) -> fd4
     A.close(prog)                       -> ok
     A.pin(link, /pin1)                  -> ok
     A.close(link)                       -> ok
     A.unpin(/pin1)                      -> ok
     A.device_delete(eth0)               -> ok
     release(link#1)                     -> ok
     release(link#1)                     -> impossible`,
  );

  t.deepEqual(got, said);
  t.true(steps[7]!.lost.includes('prog is loaded'));
});
