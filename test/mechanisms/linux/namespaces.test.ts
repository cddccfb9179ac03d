import test from 'ava';
import { linux, linuxBeforeLinks } from '../../../model/proposals/linux.js';
import { follows, played } from '../script.js';

test(
  'one flow dissector: another one replaces it, the same one is EINVAL',
  follows,
  linux,
  `a = A.load(dissector)                       -> fd3
   b = A.load(dissector)                       -> fd4
   A.flow_dissector_detach(a)                  -> ENOENT
   A.flow_dissector_attach(a)                  -> ok
   A.flow_dissector_attach(a)                  -> EINVAL
   A.flow_dissector_attach(b)                  -> ok
   dissect(home)                               -> b
   A.flow_dissector_detach(a)                  -> ENOENT
   A.flow_dissector_detach(b)                  -> ok
   dissect(home)                               -> nothing`,
);

// kernel/bpf/net_namespace.c, netns_bpf_link_attach: the number of links before the program that was attached.
test(
  'a link and a program exclude each other, and of links there is one',
  follows,
  linux,
  `a = A.load(dissector)                       -> fd3
   b = A.load(dissector)                       -> fd4
   tc = A.load(tc)                             -> fd5
   A.flow_dissector_attach(a)                  -> ok
   A.flow_dissector_link(a, home)              -> EEXIST
   A.flow_dissector_detach(a)                  -> ok
   link = A.flow_dissector_link(a, home)       -> fd6
   A.flow_dissector_link(b, home)              -> E2BIG
   A.flow_dissector_attach(a)                  -> EEXIST
   A.flow_dissector_attach(b)                  -> EEXIST
   A.flow_dissector_detach(a)                  -> EINVAL
   A.flow_dissector_detach(tc)                 -> EINVAL
   A.flow_dissector_detach(fd9)                -> EBADF
   A.flow_dissector_attach(tc)                 -> EINVAL
   A.flow_dissector_attach(fd9)                -> EBADF
   A.flow_dissector_link(tc, home)             -> EINVAL
   A.flow_dissector_link(fd9, home)            -> EBADF
   A.flow_dissector_link(b, other)             -> fd7
   dissect(other)                              -> b
   A.link_update(link, b)                      -> ok
   dissect(home)                               -> b`,
  { fds: 8 },
);

// kernel/bpf/net_namespace.c, bpf_netns_link_update_prog.
test(
  'an update compares the program and the type before it says that the link is defunct',
  follows,
  linux,
  `a = A.load(dissector)                       -> fd3
   tc = A.load(tc)                             -> fd4
   link = A.flow_dissector_link(a, home)       -> fd5
   A.link_replace(link, tc, tc)                -> EPERM
   A.link_update(link, tc)                     -> EINVAL
   A.link_detach(link)                         -> ok
   A.link_replace(link, tc, tc)                -> EPERM
   A.link_update(link, tc)                     -> EINVAL
   A.link_update(link, a)                      -> ENOLINK
   A.flow_dissector_attach(a)                  -> ok`,
);

test(
  'programs that look up sockets are asked in the order in which they came, one of them several times',
  follows,
  linux,
  `a = A.load(lookup)                          -> fd3
   b = A.load(lookup)                          -> fd4
   dissector = A.load(dissector)               -> fd5
   A.sk_lookup_link(dissector, home)           -> EINVAL
   first = A.sk_lookup_link(a, home)           -> fd6
   second = A.sk_lookup_link(b, home)          -> fd7
   third = A.sk_lookup_link(a, home)           -> fd8
   lookup(home)                                -> a b a
   A.link_update(first, b)                     -> ok
   lookup(home)                                -> b b a
   A.close(second)                             -> ok
   lookup(home)                                -> b a
   lookup(other)                               -> nothing`,
);

test('the links of a network namespace that nothing refers to are updated a while longer, then not any more; all goes later', (t) => {
  const { got, said, steps } = played(
    linux,
    `a = A.load(lookup)                        -> fd3
     b = A.load(lookup)                        -> fd4
     link = A.sk_lookup_link(a, other)         -> fd5
     A.link_update(link, b)                    -> ok
     A.device_move(eth0)                       -> ok
     namespace_delete(other)                   -> ok
     namespace_delete(other)                   -> impossible
     A.sk_lookup_link(b, other)                -> impossible
     A.link_update(link, b)                    -> ok
     namespace_release(other)                  -> ok
     A.link_update(link, a)                    -> ENOLINK
     lookup(other)                             -> impossible
     namespace_teardown(other)                 -> ok
     lookup(other)                             -> impossible
     A.link_update(link, a)                    -> ENOLINK
     A.link_detach(link)                       -> ok
     namespace_create(other)                   -> ok
     namespace_create(other)                   -> impossible
     lookup(other)                             -> nothing`,
  );

  t.deepEqual(got, said);
  t.true(steps[5]!.gained.includes('namespace other is removed, and still works'));
  t.true(steps[12]!.gained.includes('namespace other is gone'));
});

test(
  'a device goes with the network namespace it was moved to, and its name is free again',
  follows,
  linux,
  `a = A.load(tc)                              -> fd3
   link = A.tcx_link(a, eth0, none)            -> fd4
   A.device_move(eth0)                         -> ok
   packet(eth0)                                -> a
   namespace_delete(other)                     -> ok
   A.device_move(eth1)                         -> impossible
   namespace_release(other)                    -> ok
   namespace_teardown(other)                   -> ok
   packet(eth0)                                -> nothing
   A.device_create(eth0)                       -> ok
   A.link_update(link, a)                      -> ENOLINK`,
);

test(
  'without capabilities programs and links are attached',
  follows,
  linux,
  `a = A.load(dissector)                       -> fd3
   A.drop_capabilities()                       -> ok
   A.flow_dissector_attach(a)                  -> ok
   A.flow_dissector_detach(a)                  -> ok
   link = A.flow_dissector_link(a, home)       -> fd4`,
);

test(
  'before there were links, a flow dissector is attached and detached',
  follows,
  linuxBeforeLinks,
  `a = A.load(dissector)                       -> fd3
   A.flow_dissector_attach(a)                  -> ok
   A.crash()                                   -> ok
   dissect(home)                               -> a
   b = B.load(dissector)                       -> fd3
   B.flow_dissector_attach(b)                  -> ok
   B.flow_dissector_detach(b)                  -> ok`,
);
