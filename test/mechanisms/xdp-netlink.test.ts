import test from 'ava';
import { expectedFd } from '../../model/proposals/expected-fd.js';
import { netlinkXdp } from '../../model/proposals/netlink-xdp.js';
import { follows, played } from './script.js';

test(
  'the last writer wins, and is told that all is well',
  follows,
  netlinkXdp,
  `first = A.load(prog)      -> fd3
   A.attach(first, eth0)     -> ok
   second = B.load(prog)     -> fd3
   B.attach(second, eth0)    -> ok
   packet(eth0)              -> second`,
);

test('the device lets go of the program that was there before', (t) => {
  const { steps } = played(
    netlinkXdp,
    `first = A.load(prog)
     A.attach(first, eth0)
     A.close(first)
     second = B.load(prog)
     B.attach(second, eth0)`,
  );

  t.deepEqual(steps[2]!.lost, []);
  t.deepEqual(steps[4]!.lost, ['first is loaded', 'eth0 runs first']);
});

test(
  'setting the same program again changes nothing',
  follows,
  netlinkXdp,
  `prog = A.load(prog)       -> fd3
   A.attach(prog, eth0)      -> ok
   A.close(prog)             -> ok
   again = A.load(prog)      -> fd3
   A.attach(again, eth0)     -> ok
   A.attach(again, eth0)     -> ok
   packet(eth0)              -> again`,
);

test(
  'anybody clears a device, also one that is empty',
  follows,
  netlinkXdp,
  `A.detach(eth0)            -> ok
   prog = A.load(prog)       -> fd3
   A.attach(prog, eth0)      -> ok
   B.detach(eth0)            -> ok
   packet(eth0)              -> nothing`,
);

test(
  'a program survives those who set it',
  follows,
  netlinkXdp,
  `prog = A.load(prog)       -> fd3
   A.attach(prog, eth0)      -> ok
   A.crash()                 -> ok
   B.crash()                 -> ok
   packet(eth0)              -> prog`,
);

// net/core/dev.c, dev_xdp_attach: XDP_FLAGS_UPDATE_IF_NOEXIST asks before the programs are compared.
test(
  'setting only if empty is EBUSY on a device that has a program, even the same',
  follows,
  netlinkXdp,
  `prog = A.load(prog)           -> fd3
   A.attach_if_empty(prog, eth0) -> ok
   A.attach_if_empty(prog, eth0) -> EBUSY
   other = B.load(prog)          -> fd3
   B.attach_if_empty(other, eth0) -> EBUSY
   packet(eth0)                  -> prog
   A.detach(eth0)                -> ok
   B.attach_if_empty(other, eth0) -> ok
   packet(eth0)                  -> other`,
);

test(
  'devices have nothing to do with each other',
  follows,
  netlinkXdp,
  `first = A.load(prog)      -> fd3
   second = A.load(prog)     -> fd4
   A.attach(first, eth0)     -> ok
   A.attach_if_empty(second, eth1) -> ok
   A.detach(eth0)            -> ok
   packet(eth0)              -> nothing
   packet(eth1)              -> second`,
);

test(
  'a replacement finds the expected program, or is EEXIST and leaves what is there',
  follows,
  expectedFd,
  `old = A.load(prog)        -> fd3
   new = A.load(prog)        -> fd4
   A.attach(old, eth0)       -> ok
   A.replace(new, old, eth0) -> EEXIST   # new is expected, old is to be set
   packet(eth0)              -> old
   A.replace(old, new, eth0) -> ok
   packet(eth0)              -> new
   A.replace(old, new, eth0) -> EEXIST`,
);

test(
  'none expects an empty device',
  follows,
  expectedFd,
  `prog = A.load(prog)        -> fd3
   A.replace(prog, none, eth0) -> EEXIST
   A.replace(none, none, eth0) -> ok
   A.replace(none, prog, eth0) -> ok
   A.replace(none, prog, eth0) -> EEXIST
   packet(eth0)               -> prog`,
);

// https://lore.kernel.org/bpf/20200412133204.43847-1-dsahern@kernel.org/: this once put the program back.
test(
  'replacing the expected program by none clears the device',
  follows,
  expectedFd,
  `prog = A.load(prog)        -> fd3
   A.attach(prog, eth0)       -> ok
   A.replace(prog, none, eth0) -> ok
   packet(eth0)               -> nothing`,
);

test(
  'what was replaced and put back in between is still what was expected',
  follows,
  expectedFd,
  `mine = A.load(prog)         -> fd3
   A.attach(mine, eth0)        -> ok
   known = A.send(mine, B)     -> fd3
   other = B.load(prog)        -> fd4
   B.replace(known, other, eth0) -> ok
   B.replace(other, known, eth0) -> ok
   A.replace(mine, none, eth0) -> ok`,
);

test(
  'comparing is voluntary: a blind set needs to expect nothing',
  follows,
  expectedFd,
  `careful = A.load(prog)      -> fd3
   A.replace(none, careful, eth0) -> ok
   blind = B.load(prog)        -> fd3
   B.attach(blind, eth0)       -> ok
   A.replace(careful, careful, eth0) -> EEXIST
   packet(eth0)                -> blind`,
);

test(
  'neither what is expected nor what is to be set may be a closed descriptor',
  follows,
  expectedFd,
  `prog = A.load(prog)        -> fd3
   A.replace(none, fd4, eth0)  -> EBADF
   A.replace(fd4, prog, eth0)  -> EBADF
   A.replace(fd4, none, eth0)  -> EBADF`,
);
