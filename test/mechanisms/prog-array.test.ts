import test from 'ava';
import { MAX_CALLS } from '../../model/kernel/dispatch.js';
import { progArrayProposal } from '../../model/proposals/prog-array.js';
import { follows, played } from './script.js';

/** A dispatcher on eth0, and two programs; A has all descriptors. */
const DISPATCHER = `
  map = A.create_map()             -> fd3
  dispatcher = A.load(map, dispatcher) -> fd4
  A.attach(dispatcher, eth0)       -> ok
  one = A.load(prog)               -> fd5
  two = A.load(prog)               -> fd6`;

test(
  'a tail call takes the first slot that is filled, and falls through without any',
  follows,
  progArrayProposal,
  `${DISPATCHER}
   packet(eth0)                    -> dispatcher
   A.attach(map, slot1, two)       -> ok
   packet(eth0)                    -> dispatcher two
   A.attach(map, slot0, one)       -> ok
   packet(eth0)                    -> dispatcher one
   A.detach(map, slot0)            -> ok
   packet(eth0)                    -> dispatcher two
   A.detach(map, slot0)            -> ENOENT`,
);

test(
  'any holder of the map overwrites and empties any slot',
  follows,
  progArrayProposal,
  `${DISPATCHER}
   A.attach(map, slot0, one)       -> ok
   theirs = A.send(map, B)         -> fd3
   other = B.load(prog)            -> fd4
   B.attach(theirs, slot0, other)  -> ok
   packet(eth0)                    -> dispatcher other
   B.detach(theirs, slot0)         -> ok
   packet(eth0)                    -> dispatcher`,
);

// Linux commit c9da161c6517: programs that use the map count as references, not as users.
test('the slots are emptied with the last descriptor of the map, while the dispatcher still runs', (t) => {
  const { got, said, steps } = played(
    progArrayProposal,
    `${DISPATCHER}
     A.attach(map, slot0, one)     -> ok
     A.attach(map, slot1, two)     -> ok
     theirs = A.send(map, B)       -> fd3
     A.crash()                     -> ok
     packet(eth0)                  -> dispatcher one
     B.close(theirs)               -> ok
     packet(eth0)                  -> dispatcher`,
  );

  t.deepEqual(got, said);
  t.deepEqual(steps[10]!.lost, [
    'one is loaded',
    'two is loaded',
    'map.slot0 runs one',
    'map.slot1 runs two',
  ]);
});

test('a pin of the map keeps the slots filled; with the pin they go', (t) => {
  const { got, said } = played(
    progArrayProposal,
    `${DISPATCHER}
     A.attach(map, slot0, one)     -> ok
     A.pin(map, /pin1)             -> ok
     A.crash()                     -> ok
     packet(eth0)                  -> dispatcher one
     again = B.get(/pin1)          -> fd3
     B.unpin(/pin1)                -> ok
     packet(eth0)                  -> dispatcher one
     B.close(again)                -> ok
     packet(eth0)                  -> dispatcher`,
  );

  t.deepEqual(got, said);
});

test('the dispatcher keeps the map itself, and takes it along', (t) => {
  const { steps } = played(
    progArrayProposal,
    `map = A.create_map()
     dispatcher = A.load(map, dispatcher)
     A.close(map)
     A.close(dispatcher)`,
  );

  t.deepEqual(steps[2]!.lost, []);
  t.deepEqual(steps[3]!.lost, ['dispatcher is loaded', 'map exists']);
});

test('a map that nobody uses goes with its last descriptor, and what is in it too', (t) => {
  const { steps } = played(
    progArrayProposal,
    `map = A.create_map()
     one = A.load(prog)
     A.attach(map, slot0, one)
     A.close(one)
     A.close(map)`,
  );

  t.deepEqual(steps[3]!.lost, []);
  t.deepEqual(steps[4]!.lost, ['one is loaded', 'map exists', 'map.slot0 runs one']);
});

test('a dispatcher in its own slot is called until calls are cut off, and does not keep itself', (t) => {
  const { steps } = played(
    progArrayProposal,
    `map = A.create_map()
     dispatcher = A.load(map, dispatcher)
     A.attach(map, slot0, dispatcher)
     A.attach(dispatcher, eth0)
     packet(eth0)
     A.detach(eth0)
     A.crash()`,
  );

  t.deepEqual(steps[4]!.outcome, { kind: 'saw', words: Array<string>(MAX_CALLS).fill('dispatcher') });
  t.deepEqual(steps[6]!.lost, ['dispatcher is loaded', 'map exists', 'map.slot0 runs dispatcher']);
});

test(
  'a map is no program, and a program no map',
  follows,
  progArrayProposal,
  `map = A.create_map()            -> fd3
   prog = A.load(prog)             -> fd4
   A.load(prog, dispatcher)        -> EINVAL
   A.load(fd5, dispatcher)         -> EBADF
   A.attach(map, eth0)             -> EINVAL
   A.attach(prog, slot0, prog)     -> EINVAL
   A.attach(map, slot0, map)       -> EINVAL
   A.attach(map, slot0, fd5)       -> EBADF
   A.attach(fd5, slot0, prog)      -> EBADF
   A.detach(prog, slot0)           -> EINVAL
   A.detach(fd5, slot0)            -> EBADF`,
);
