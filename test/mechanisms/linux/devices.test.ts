// Seen on Linux 6.18; net/core/dev.c, unregister_netdevice_many_notify and __dev_change_net_namespace.
import test from 'ava';
import { linux } from '../../../model/proposals/linux.js';
import { follows, played } from '../script.js';

test(
  'a link of a deleted device is defunct, and stays so when there is a device of that name again',
  follows,
  linux,
  `prog = A.load(xdp)                  -> fd3
   new = A.load(xdp)                   -> fd4
   link = A.xdp_link(prog, eth0, none) -> fd5
   A.device_delete(eth0)               -> ok
   packet(eth0)                        -> nothing
   A.link_update(link, new)            -> ENOLINK
   A.device_create(eth0)               -> ok
   packet(eth0)                        -> nothing
   A.link_update(link, new)            -> ENOLINK
   A.link_detach(link)                 -> ok
   A.xdp_link(new, eth0, none)         -> fd6`,
);

test(
  'a program that netlink set is freed with its device',
  follows,
  linux,
  `prog = A.load(xdp)                  -> fd3
   A.xdp_set(prog, eth0, none)         -> ok
   A.close(prog)                       -> ok
   A.device_delete(eth0)               -> ok
   A.prog_get_fd_by_id(prog#1)         -> ENOENT`,
);

test(
  'a deleted device takes nothing from another',
  follows,
  linux,
  `prog = A.load(xdp)                  -> fd3
   A.xdp_set(prog, eth1, none)         -> ok
   A.device_delete(eth0)               -> ok
   packet(eth1)                        -> prog`,
);

test(
  'deleting what is not there is ENODEV, making what is there EEXIST, and neither is for processes without capabilities',
  follows,
  linux,
  `A.device_create(eth0)               -> EEXIST
   A.device_delete(eth0)               -> ok
   A.device_delete(eth0)               -> ENODEV
   A.device_move(eth0)                 -> ENODEV
   B.drop_capabilities()               -> ok
   B.device_create(eth0)               -> EPERM
   B.device_delete(eth0)               -> EPERM
   B.device_move(eth0)                 -> EPERM
   B.device_create(eth1)               -> EPERM
   B.device_delete(eth1)               -> EPERM
   A.device_create(eth0)               -> ok`,
);

test(
  'a device that moved to another network namespace goes on running what it ran; at home nobody can name it',
  follows,
  linux,
  `prog = A.load(xdp)                  -> fd3
   new = A.load(xdp)                   -> fd4
   link = A.xdp_link(prog, eth0, none) -> fd5
   A.device_move(eth0)                 -> ok
   packet(eth0)                        -> prog
   A.xdp_clear(eth0, none)             -> ENODEV
   A.xdp_link(new, eth0, none)         -> EINVAL
   A.device_delete(eth0)               -> ENODEV
   A.link_update(link, new)            -> ok
   packet(eth0)                        -> new
   A.link_detach(link)                 -> ok
   packet(eth0)                        -> nothing`,
);

test('what became of a device is told', (t) => {
  const { steps } = played(
    linux,
    `A.device_delete(eth0)
     A.device_create(eth0)
     A.device_move(eth0)`,
  );

  t.deepEqual(
    steps.map(({ gained }) => gained),
    [['eth0 is gone'], [], ['eth0 is in another network namespace']],
  );
});
