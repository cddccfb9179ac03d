/** prog_array on Linux: the order of checks, whose map it is, and when its slots are emptied. */
import test from 'ava';
import { linux } from '../../../model/proposals/linux.js';
import { follows, played } from '../script.js';

test(
  'update looks at the map, the slot, the program and its kind, in this order',
  follows,
  linux,
  `map = A.prog_array_create()                      -> fd3
   plain = A.load(xdp)                              -> fd4
   A.prog_array_update(fd9, slot_beyond, fd9)       -> EBADF
   A.prog_array_update(plain, slot_beyond, fd9)     -> EINVAL
   A.prog_array_update(map, slot_beyond, fd9)       -> E2BIG
   A.prog_array_update(map, slot0, fd9)             -> EBADF
   A.prog_array_update(map, slot0, map)             -> EINVAL
   A.prog_array_update(map, slot0, plain)           -> ok`,
);

test(
  'delete looks at the map, the slot, and what is in it',
  follows,
  linux,
  `map = A.prog_array_create()                      -> fd3
   plain = A.load(xdp)                              -> fd4
   A.prog_array_delete(fd9, slot_beyond)            -> EBADF
   A.prog_array_delete(plain, slot_beyond)          -> EINVAL
   A.prog_array_delete(map, slot_beyond)            -> E2BIG
   A.prog_array_delete(map, slot0)                  -> ENOENT
   A.prog_array_update(map, slot0, plain)           -> ok
   A.prog_array_update(map, slot0, plain)           -> ok
   A.prog_array_update(map, slot1, plain)           -> ok
   A.prog_array_delete(map, slot0)                  -> ok
   A.prog_array_delete(map, slot0)                  -> ENOENT`,
);

test(
  'a map is for the kind of the first program that was put into it, also when it is empty again',
  follows,
  linux,
  `map = A.prog_array_create()                      -> fd3
   plain = A.load(xdp)                              -> fd4
   devmap = A.load(xdp_devmap)                      -> fd5
   tc = A.load(tc)                                  -> fd6
   A.prog_array_update(map, slot0, devmap)          -> ok
   A.prog_array_update(map, slot1, plain)           -> EINVAL
   A.prog_array_delete(map, slot0)                  -> ok
   A.prog_array_update(map, slot1, plain)           -> EINVAL
   A.prog_array_update(map, slot1, tc)              -> EINVAL
   A.load_tail_caller(map)                          -> EINVAL`,
);

test(
  'or for the kind of the first program that was loaded with it',
  follows,
  linux,
  `map = A.prog_array_create()                      -> fd3
   caller = A.load_tail_caller(map)                 -> fd4
   devmap = A.load(xdp_devmap)                      -> fd5
   A.close(caller)                                  -> ok
   A.prog_array_update(map, slot0, devmap)          -> EINVAL
   plain = A.load(xdp)                              -> fd4
   A.prog_array_update(map, slot0, plain)           -> ok`,
);

test(
  'a load that fails for want of a descriptor has fixed the kind of the map',
  follows,
  linux,
  `map = A.prog_array_create()                      -> fd3
   devmap = A.load(xdp_devmap)                      -> fd4
   A.load_tail_caller(map)                          -> EMFILE
   A.prog_array_update(map, slot0, devmap)          -> EINVAL`,
  { fds: 2 },
);

test(
  'loading looks at the map first, at its kind, and at descriptors last',
  follows,
  linux,
  `map = A.prog_array_create()                      -> fd3
   devmap = A.load(xdp_devmap)                      -> fd4
   A.load_tail_caller(devmap)                       -> EINVAL
   A.prog_array_update(map, slot0, devmap)          -> ok
   A.load_tail_caller(map)                          -> EINVAL
   A.close(devmap)                                  -> ok
   A.load_tail_caller(fd4)                          -> EBADF`,
  { fds: 2 },
);

// An extension counts as its target's type without an expected attach type.
test(
  'an extension that tail-calls shares its map with programs that were loaded without an expected attach type',
  follows,
  linux,
  `map = A.prog_array_create()                              -> fd3
   root = A.load(rootlet)                                   -> fd4
   any = A.load(rootlet_any)                                -> fd5
   A.load_tail_calling_extension(fd9, placeholder1, fd9)    -> EINVAL
   A.load_tail_calling_extension(root, placeholder1, fd9)   -> EBADF
   A.load_tail_calling_extension(root, placeholder1, any)   -> EINVAL
   A.load_tail_calling_extension(map, placeholder1, map)    -> EINVAL
   tail = A.load_tail_calling_extension(root, placeholder1, map) -> fd6
   A.load_tail_calling_extension(tail, placeholder1, map)   -> EINVAL
   A.prog_array_update(map, slot0, root)                    -> EINVAL
   A.prog_array_update(map, slot0, tail)                    -> EINVAL
   A.prog_array_update(map, slot0, any)                     -> ok
   other = A.prog_array_create()                            -> fd7
   A.prog_array_update(other, slot0, root)                  -> ok
   A.load_tail_calling_extension(root, placeholder1, other) -> EINVAL`,
);

test(
  'a tail-calling extension fixes the kind of its map, also when no descriptor is left for it',
  follows,
  linux,
  `map = A.prog_array_create()                              -> fd3
   root = A.load(rootlet)                                   -> fd4
   A.load_tail_calling_extension(root, placeholder1, map)   -> EMFILE
   A.prog_array_update(map, slot0, root)                    -> EINVAL`,
  { fds: 2 },
);

// kernel/bpf/arraymap.c, prog_fd_array_get_ptr: bpf_prog_map_compatible stands before is_extended.
test(
  'a program that is extended is refused, and a map without a kind has its kind from then on',
  follows,
  linux,
  `map = A.prog_array_create()                      -> fd3
   root = A.load(rootlet)                           -> fd4
   fw = A.load_extension(root, placeholder1, fw)    -> fd5
   devmap = A.load(xdp_devmap)                      -> fd6
   link = A.tracing_link(fw)                        -> fd7
   A.prog_array_update(map, slot0, root)            -> EBUSY
   A.prog_array_update(map, slot0, root)            -> EBUSY
   A.prog_array_update(map, slot0, devmap)          -> EINVAL
   A.prog_array_update(map, slot0, fw)              -> EINVAL
   other = A.prog_array_create()                    -> fd8
   A.prog_array_update(other, slot0, devmap)        -> ok
   A.prog_array_update(other, slot1, root)          -> EINVAL`,
);

test('the slots are emptied some time after the last descriptor is closed, while the caller stays', (t) => {
  const { got, said, steps } = played(
    linux,
    `map = A.prog_array_create()                    -> fd3
     caller = A.load_tail_caller(map)               -> fd4
     plain = A.load(xdp)                            -> fd5
     A.prog_array_update(map, slot0, plain)         -> ok
     A.close(plain)                                 -> ok
     A.close(map)                                   -> ok
     clear(map#1)                                    -> ok
     again = A.map_get_fd_by_id(map#1)               -> fd3
     next = A.load(xdp)                             -> fd5
     A.prog_array_update(again, slot0, next)        -> ok`,
  );

  t.deepEqual(got, said);
  t.deepEqual(steps[5]!.lost, []);
  t.deepEqual(steps[6]!.lost, ['plain is loaded', 'map is to be emptied', 'map.slot0 runs plain']);
});

test('a map that is opened by its id before it is emptied is emptied all the same', (t) => {
  const { got, said, steps } = played(
    linux,
    `map = A.prog_array_create()                    -> fd3
     plain = A.load(xdp)                            -> fd4
     A.close(map)                                   -> ok
     again = A.map_get_fd_by_id(map#1)               -> fd3
     A.prog_array_update(again, slot0, plain)       -> ok
     clear(map#1)                                    -> ok
     A.prog_array_delete(again, slot0)              -> ENOENT
     A.map_get_fd_by_id(map#1)                       -> fd5`,
  );

  t.deepEqual(got, said);
  t.true(steps[5]!.lost.includes('map.slot0 runs plain'));
});

test('a map without users and programs goes when it has been emptied, and its id with it', (t) => {
  const { got, said } = played(
    linux,
    `map = A.prog_array_create()                    -> fd3
     A.pin(map, /pin1)                              -> ok
     A.close(map)                                   -> ok
     A.unpin(/pin1)                                 -> ok
     clear(map#1)                                    -> ok
     A.map_get_fd_by_id(map#1)                       -> ENOENT`,
  );

  t.deepEqual(got, said);
});

test(
  'a tail call comes back to the program that called the function it was made in',
  follows,
  linux,
  `map = A.prog_array_create()                              -> fd3
   root = A.load(rootlet_any)                               -> fd4
   next = A.load(rootlet_any)                               -> fd5
   tail = A.load_tail_calling_extension(root, placeholder1, map) -> fd6
   A.xdp_set(root, eth0, drv)                               -> ok
   A.tracing_link(tail)                                     -> fd7
   packet(eth0)                                             -> root tail placeholder2
   A.prog_array_update(map, slot0, next)                    -> ok
   packet(eth0)                                             -> root tail next placeholder1 placeholder2 placeholder2
   A.prog_array_update(map, slot1, root)                    -> EBUSY`,
);

test(
  'slots are still called when the last descriptor is gone, until the kernel empties them',
  follows,
  linux,
  `map = A.prog_array_create()                      -> fd3
   caller = A.load_tail_caller(map)                 -> fd4
   plain = A.load(xdp)                              -> fd5
   A.prog_array_update(map, slot1, plain)           -> ok
   A.xdp_set(caller, eth0, drv)                     -> ok
   A.crash()                                        -> ok
   packet(eth0)                                     -> caller plain
   clear(map#1)                                     -> ok
   packet(eth0)                                     -> caller`,
);

test(
  'without capabilities no map is made or opened by its id; one that is open can be filled',
  follows,
  linux,
  `map = A.prog_array_create()                      -> fd3
   plain = A.load(xdp)                              -> fd4
   A.drop_capabilities()                            -> ok
   A.prog_array_create()                            -> EPERM
   A.map_get_fd_by_id(map#2)                        -> EPERM
   A.load_tail_caller(fd9)                          -> EPERM
   A.prog_array_update(map, slot0, plain)           -> ok`,
);

// Seen on Linux 6.18: all of 29 maps that were opened by their ids and closed again in time were still there afterwards.
test('a map that is closed for the last time twice before it is emptied is never freed', (t) => {
  const { got, said, state } = played(
    linux,
    `map = A.prog_array_create()                    -> fd3
     A.close(map)                                   -> ok
     again = A.map_get_fd_by_id(map#1)              -> fd3
     A.close(again)                                 -> ok
     clear(map#1)                                   -> ok
     last = A.map_get_fd_by_id(map#1)               -> fd3
     A.close(last)                                  -> ok
     clear(map#1)                                   -> ok`,
  );

  t.deepEqual(got, said);
  t.true(state.maps[0]!.live);
});

test('a map that is opened and closed again once it has been emptied goes', (t) => {
  const { state } = played(
    linux,
    `map = A.prog_array_create()
     caller = A.load_tail_caller(map)
     A.close(map)
     clear(map#1)
     again = A.map_get_fd_by_id(map#1)
     A.close(again)
     clear(map#1)
     A.close(caller)`,
  );

  t.false(state.maps[0]!.live);
});
