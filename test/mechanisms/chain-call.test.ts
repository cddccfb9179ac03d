import test from 'ava';
import { MAX_CALLS } from '../../model/kernel/dispatch.js';
import { chainCallProposal } from '../../model/proposals/chain-call.js';
import { follows, played } from './script.js';

/** Two programs in a chain on eth0, and a third. */
const CHAIN = `
  first = A.load(prog)             -> fd3
  second = A.load(prog)            -> fd4
  third = A.load(prog)             -> fd5
  A.attach(first, eth0)            -> ok
  A.attach(first, next, second)    -> ok`;

test(
  'programs run in the order of the chain',
  follows,
  chainCallProposal,
  `${CHAIN}
   packet(eth0)                    -> first second
   A.attach(second, next, third)   -> ok
   packet(eth0)                    -> first second third`,
);

// The mail of 7 Oct 2019: xdpdump puts itself between two programs, and takes itself out again.
test(
  'a program is put in between and taken out again without a gap',
  follows,
  chainCallProposal,
  `${CHAIN}
   A.attach(third, next, second)   -> ok
   packet(eth0)                    -> first second
   A.attach(first, next, third)    -> ok
   packet(eth0)                    -> first third second
   A.attach(first, next, second)   -> ok
   packet(eth0)                    -> first second`,
);

test(
  'any holder of the previous program rewrites the edge, and nobody else does',
  follows,
  chainCallProposal,
  `${CHAIN}
   other = B.load(prog)            -> fd3
   B.attach(fd4, next, other)      -> EBADF
   theirs = A.send(first, B)       -> fd4
   B.attach(theirs, next, other)   -> ok
   packet(eth0)                    -> first other
   B.detach(theirs, next)          -> ok
   packet(eth0)                    -> first
   B.detach(theirs, next)          -> ENOENT`,
);

test(
  'the chain survives those who made it',
  follows,
  chainCallProposal,
  `${CHAIN}
   A.crash()                       -> ok
   packet(eth0)                    -> first second`,
);

test('an edge holds the next program, and goes with the previous one', (t) => {
  const { steps } = played(
    chainCallProposal,
    `first = A.load(prog)
     second = A.load(prog)
     third = A.load(prog)
     A.attach(first, next, second)
     A.attach(second, next, third)
     A.close(second)
     A.close(third)
     A.close(first)`,
  );

  t.deepEqual(steps[5]!.lost, []);
  t.deepEqual(steps[6]!.lost, []);
  t.deepEqual(steps[7]!.lost, [
    'first is loaded',
    'second is loaded',
    'third is loaded',
    'first.next runs second',
    'second.next runs third',
  ]);
});

test('an edge does not hold the previous program', (t) => {
  const { steps } = played(
    chainCallProposal,
    `first = A.load(prog)
     second = A.load(prog)
     A.attach(first, next, second)
     A.close(first)`,
  );

  t.deepEqual(steps[3]!.lost, ['first is loaded', 'first.next runs second']);
});

test('nothing keeps a cycle from being made: calls are cut off, and the programs keep each other', (t) => {
  const { steps } = played(
    chainCallProposal,
    `${CHAIN}
     A.attach(second, next, first)  -> ok
     packet(eth0)
     A.detach(eth0)                 -> ok
     A.close(first)                 -> ok
     A.close(second)                -> ok`,
  );
  const path = Array.from({ length: MAX_CALLS }, (_, i) => (i % 2 === 0 ? 'first' : 'second'));

  t.deepEqual(steps[6]!.outcome, { kind: 'saw', words: path });
  t.deepEqual(steps[9]!.lost, []);
});

test(
  'both ends of an edge must be open',
  follows,
  chainCallProposal,
  `prog = A.load(prog)             -> fd3
   A.attach(fd4, next, prog)       -> EBADF
   A.attach(prog, next, fd4)       -> EBADF
   A.detach(fd4, next)             -> EBADF`,
);
