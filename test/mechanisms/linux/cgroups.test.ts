import test from 'ava';
import { linux, linuxTcx, linuxBeforeLinks } from '../../../model/proposals/linux.js';
import { follows, played } from '../script.js';
import { withLinuxState } from './variants.js';

test(
  'where one program is allowed, attaching replaces it, and detaching takes off whatever is there',
  follows,
  linux,
  `a = A.load(skb)                                   -> fd3
   b = B.load(skb)                                   -> fd3
   A.cgroup_attach(a, parent, none, none)            -> ok
   B.cgroup_attach(b, parent, none, none)            -> ok
   socket(parent)                                    -> b
   A.cgroup_attach(a, parent, override, none)        -> EPERM
   A.cgroup_attach(a, parent, multi, none)           -> EPERM
   A.cgroup_link(a, parent, none)                    -> EPERM
   A.cgroup_detach(a, parent, none)                  -> ok      # it was b
   socket(parent)                                    -> nothing
   A.cgroup_detach(a, parent, none)                  -> ENOENT
   A.cgroup_attach(a, parent, override, none)        -> ok
   A.cgroup_detach(fd9, parent, none)                -> ok
   A.cgroup_attach(a, parent, multi, none)           -> ok`,
  { fds: 8 },
);

// kernel/bpf/cgroup.c, hierarchy_allows_attach and compute_effective_progs.
test(
  'what the parent lets its child do, and what a socket in the child then meets',
  follows,
  linux,
  `a = A.load(skb)                                   -> fd3
   b = A.load(skb)                                   -> fd4
   A.cgroup_attach(a, parent, none, none)            -> ok
   socket(child)                                     -> a
   A.cgroup_attach(b, child, none, none)             -> EPERM
   A.cgroup_attach(b, child, multi, none)            -> EPERM
   A.cgroup_link(b, child, none)                     -> EPERM
   A.cgroup_detach(none, parent, none)               -> ok
   A.cgroup_attach(a, parent, override, none)        -> ok
   A.cgroup_attach(b, child, none, none)             -> ok
   socket(child)                                     -> b
   A.cgroup_detach(none, child, none)                -> ok
   socket(child)                                     -> a
   A.cgroup_detach(none, parent, none)               -> ok
   A.cgroup_attach(a, parent, multi, none)           -> ok
   link = A.cgroup_link(b, child, none)              -> fd5
   socket(child)                                     -> b a
   socket(parent)                                    -> a`,
);

test(
  'a program that a parent allows nobody to override freezes a child that has programs, but for detaching and updates',
  follows,
  linux,
  `a = A.load(skb)                                   -> fd3
   b = A.load(skb)                                   -> fd4
   A.cgroup_attach(b, child, multi, none)            -> ok
   link = A.cgroup_link(b, child, none)              -> fd5
   A.cgroup_attach(a, parent, none, none)            -> ok
   socket(child)                                     -> b b
   A.cgroup_attach(a, child, multi, none)            -> EPERM
   A.cgroup_replace(a, child, b, none)               -> EPERM
   A.cgroup_link(a, child, none)                     -> EPERM
   A.link_update(link, a)                            -> ok
   A.cgroup_detach(b, child, none)                   -> ok
   socket(child)                                     -> a
   A.cgroup_attach(b, child, multi, none)            -> EPERM`,
  { programs: 3, attachments: 4 },
);

test(
  'in a list a program is once by itself, and as often as one likes by links; what a link made is neither replaced nor detached',
  follows,
  linux,
  `a = A.load(skb)                                   -> fd3
   b = A.load(skb)                                   -> fd4
   c = A.load(skb)                                   -> fd5
   one = A.cgroup_link(a, parent, none)              -> fd6
   A.cgroup_attach(a, parent, multi, none)           -> ok
   A.cgroup_attach(a, parent, multi, none)           -> EINVAL
   two = A.cgroup_link(a, parent, none)              -> fd7
   A.cgroup_attach(b, parent, multi, none)           -> ok
   socket(parent)                                    -> a a a b
   A.cgroup_replace(b, parent, a, none)              -> EINVAL
   A.cgroup_replace(b, parent, c, none)              -> EINVAL
   A.cgroup_replace(c, parent, c, none)              -> ENOENT
   A.cgroup_replace(a, parent, a, none)              -> ok
   A.cgroup_replace(c, parent, a, none)              -> ok
   socket(parent)                                    -> a c a b
   A.cgroup_replace(b, parent, a, none)              -> EINVAL
   A.cgroup_detach(a, parent, none)                  -> ENOENT
   A.cgroup_detach(none, parent, none)               -> EINVAL
   A.cgroup_detach(fd9, parent, none)                -> EINVAL
   A.cgroup_detach(one, parent, none)                -> EINVAL
   A.cgroup_detach(c, parent, none)                  -> ok
   A.cgroup_attach(c, parent, none, none)            -> EPERM
   socket(parent)                                    -> a a b`,
  { fds: 8, attachments: 6 },
);

test(
  'programs are put next to programs, links next to links, and nothing else',
  follows,
  linux,
  `a = A.load(skb)                                   -> fd3
   b = A.load(skb)                                   -> fd4
   c = A.load(skb)                                   -> fd5
   A.cgroup_attach(a, parent, multi, none)           -> ok
   link = A.cgroup_link(b, parent, none)             -> fd6
   A.cgroup_attach_before(c, parent, b, none)        -> ENOENT
   A.cgroup_attach_before(c, parent, fd9, none)      -> EBADF
   A.cgroup_attach_before(c, parent, link, none)     -> EINVAL
   A.cgroup_attach_before(a, parent, fd9, none)      -> EINVAL
   A.cgroup_attach_before(c, parent, a, none)        -> ok
   socket(parent)                                    -> c a b
   A.cgroup_detach(c, parent, none)                  -> ok
   A.cgroup_attach_after(c, parent, a, none)         -> ok
   socket(parent)                                    -> a c b
   A.cgroup_link_before(c, parent, a, none)          -> EINVAL
   A.cgroup_link_before(c, parent, fd9, none)        -> EBADF
   before = A.cgroup_link_before(c, parent, link, none) -> fd7
   socket(parent)                                    -> a c c b
   first = A.cgroup_link_before(b, parent, none, none) -> fd8
   last = A.cgroup_link_after(a, parent, none, none) -> fd9
   socket(parent)                                    -> b a c c b a
   A.link_detach(before)                             -> ok
   A.cgroup_link_after(c, parent, before, none)      -> ENOENT
   A.cgroup_link_after(c, child, link, none)         -> ENOENT`,
  { fds: 10, attachments: 8 },
);

test(
  'what is checked before what: the program, rights, the cgroup, the revision, the parent, the mode, the list',
  follows,
  linux,
  `a = A.load(skb)                                   -> fd3
   tc = A.load(tc)                                   -> fd4
   A.cgroup_attach(a, parent, none, none)            -> ok
   A.cgroup_attach(fd9, child, multi, r5)            -> EBADF
   A.cgroup_attach(tc, child, multi, r5)             -> EINVAL
   A.cgroup_attach(a, child, multi, r5)              -> ESTALE
   A.cgroup_attach(a, child, multi, r1)              -> EPERM
   A.cgroup_replace(a, child, fd9, r5)               -> EBADF
   A.cgroup_replace(a, child, tc, r5)                -> EINVAL
   A.cgroup_replace(a, child, a, r5)                 -> ESTALE
   A.cgroup_replace(a, child, a, r1)                 -> EPERM
   A.cgroup_attach(a, parent, multi, r1)             -> ESTALE
   A.cgroup_attach(a, parent, multi, r2)             -> EPERM
   A.cgroup_detach(fd9, parent, r1)                  -> ESTALE
   A.cgroup_link(a, parent, r1)                      -> ESTALE
   A.cgroup_remove(child)                            -> ok
   A.cgroup_attach(a, child, multi, r5)              -> ENOENT
   A.cgroup_replace(a, child, fd9, r5)               -> ENOENT
   A.cgroup_link(a, child, r5)                       -> ENOENT
   A.cgroup_detach(fd9, child, r5)                   -> ENOENT
   A.drop_capabilities()                             -> ok
   A.cgroup_attach(tc, child, multi, none)           -> EINVAL
   A.cgroup_attach(a, child, multi, none)            -> EINVAL
   A.cgroup_link(a, child, none)                     -> EPERM
   A.cgroup_link(fd9, child, none)                   -> EBADF
   A.cgroup_detach(a, parent, none)                  -> ok`,
  { fds: 8 },
);

test(
  'each change makes the revision greater by one, an exchange for the same program too; it never begins again',
  follows,
  linux,
  `a = A.load(skb)                                   -> fd3
   A.cgroup_attach(a, parent, none, r1)              -> ok
   A.cgroup_attach(a, parent, none, r2)              -> ok
   A.cgroup_detach(none, parent, r3)                 -> ok
   link = A.cgroup_link(a, parent, r4)               -> fd4
   A.link_update(link, a)                            -> ok
   A.link_detach(link)                               -> ok
   A.cgroup_attach(a, parent, multi, r7)             -> ok
   A.cgroup_replace(a, parent, a, r8)                -> ok
   A.cgroup_detach(a, parent, r9)                    -> ok
   A.cgroup_attach(a, parent, multi, r1)             -> ESTALE`,
);

test('a removed cgroup works for its links a while longer, then they are defunct and its programs go', (t) => {
  const { got, said, steps } = played(
    linux,
    `a = A.load(skb)                                 -> fd3
     b = A.load(skb)                                 -> fd4
     link = A.cgroup_link(a, child, none)            -> fd5
     A.cgroup_attach(b, child, multi, none)          -> ok
     A.close(b)                                      -> ok
     A.cgroup_remove(parent)                         -> EBUSY
     A.cgroup_remove(child)                          -> ok
     A.cgroup_remove(child)                          -> ENOENT
     A.link_update(link, a)                          -> ok
     A.cgroup_create(child)                          -> impossible
     cgroup_teardown(child)                          -> ok
     A.link_update(link, a)                          -> ENOLINK
     A.cgroup_create(child)                          -> ok
     A.cgroup_create(child)                          -> EEXIST
     A.cgroup_attach(a, child, none, r1)             -> ok
     socket(child)                                   -> a`,
  );

  t.deepEqual(got, said);
  t.false(steps[6]!.lost.includes('b is loaded'));
  t.true(steps[10]!.lost.includes('b is loaded'));
});

test(
  'a parent is removed behind its child, and torn down behind it',
  follows,
  linux,
  `A.cgroup_remove(child)                            -> ok
   A.cgroup_remove(parent)                           -> ok
   A.cgroup_create(child)                            -> ENOENT
   cgroup_teardown(parent)                           -> impossible
   cgroup_teardown(child)                            -> ok
   A.cgroup_create(child)                            -> ENOENT
   cgroup_teardown(parent)                           -> ok
   A.cgroup_create(parent)                           -> ok
   A.cgroup_create(child)                            -> ok`,
);

test(
  'programs stay when those who attached them are gone, links go',
  follows,
  linux,
  `a = A.load(skb)                                   -> fd3
   b = A.load(skb)                                   -> fd4
   A.cgroup_attach(a, parent, multi, none)           -> ok
   link = A.cgroup_link(b, parent, none)             -> fd5
   socket(parent)                                    -> a b
   A.crash()                                         -> ok
   socket(parent)                                    -> a`,
);

test(
  'before links there were modes; before revisions, links',
  follows,
  linuxBeforeLinks,
  `a = A.load(skb)                                   -> fd3
   A.cgroup_attach(a, parent, multi)                 -> ok
   A.cgroup_replace(a, parent, a)                    -> ok
   A.cgroup_detach(a, parent)                        -> ok`,
);

test(
  'a link without a revision',
  follows,
  linuxTcx,
  `a = A.load(skb)                                   -> fd3
   link = A.cgroup_link(a, parent)                   -> fd4
   A.link_update(link, a)                            -> ok`,
);

const small = withLinuxState(linux, { listLimit: 2 });

// kernel/bpf/cgroup.c, __cgroup_bpf_attach; the limit is 64 there.
test(
  'a full list is E2BIG, to a replacement too, after the mode and before the program',
  follows,
  small,
  `a = A.load(skb)                                   -> fd3
   b = A.load(skb)                                   -> fd4
   c = A.load(skb)                                   -> fd5
   A.cgroup_attach(a, parent, multi, none)           -> ok
   A.cgroup_attach(b, parent, multi, none)           -> ok
   A.cgroup_attach(c, parent, none, none)            -> EPERM
   A.cgroup_attach(a, parent, multi, none)           -> E2BIG
   A.cgroup_replace(c, parent, a, none)              -> E2BIG
   A.cgroup_attach_before(c, parent, fd9, none)      -> E2BIG
   A.cgroup_link(c, parent, none)                    -> E2BIG
   A.cgroup_attach(c, parent, multi, r1)             -> ESTALE`,
  { fds: 8, attachments: 4 },
);
