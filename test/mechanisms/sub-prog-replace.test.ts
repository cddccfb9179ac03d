import test from 'ava';
import { explicitReplace } from '../../model/proposals/explicit-replace.js';
import { follows, played } from './script.js';

/** A's rootlet on eth0, and a firewall that was loaded for no target. */
const ROOTLET = `
  rootlet = A.load(rootlet)              -> fd3
  A.attach(rootlet, eth0)                -> ok
  fw1 = A.load(fw1)                      -> fd4`;

test(
  'a subprogram is replaced, replaced again by any holder of the target, and put back',
  follows,
  explicitReplace,
  `${ROOTLET}
   packet(eth0)                         -> rootlet placeholder1 placeholder2
   A.replace(rootlet, placeholder1, fw1) -> ok
   packet(eth0)                         -> rootlet fw1 placeholder2
   theirs = A.send(rootlet, B)          -> fd3
   other = B.load(fw1)                  -> fd4
   B.replace(theirs, placeholder1, other) -> ok
   packet(eth0)                         -> rootlet other placeholder2
   A.detach(rootlet, placeholder1)      -> ok
   packet(eth0)                         -> rootlet placeholder1 placeholder2
   A.detach(rootlet, placeholder1)      -> ENOENT`,
);

test(
  'each placeholder is replaced by itself',
  follows,
  explicitReplace,
  `${ROOTLET}
   fw2 = A.load(fw2)                    -> fd5
   A.replace(rootlet, placeholder2, fw2) -> ok
   packet(eth0)                         -> rootlet placeholder1 fw2
   A.replace(rootlet, placeholder1, fw1) -> ok
   packet(eth0)                         -> rootlet fw1 fw2
   A.detach(rootlet, placeholder2)      -> ok
   packet(eth0)                         -> rootlet fw1 placeholder2`,
);

test(
  'closing and crashing put nothing back',
  follows,
  explicitReplace,
  `${ROOTLET}
   A.replace(rootlet, placeholder1, fw1) -> ok
   A.close(fw1)                         -> ok
   packet(eth0)                         -> rootlet fw1 placeholder2
   A.crash()                            -> ok
   packet(eth0)                         -> rootlet fw1 placeholder2`,
);

test('the target holds what replaces its subprograms, and not the other way round', (t) => {
  const { steps } = played(
    explicitReplace,
    `rootlet = A.load(rootlet)
     fw1 = A.load(fw1)
     A.replace(rootlet, placeholder1, fw1)
     A.close(fw1)
     A.close(rootlet)`,
  );

  t.deepEqual(steps[3]!.lost, []);
  t.deepEqual(steps[4]!.lost, [
    'rootlet is loaded',
    'rootlet.placeholder2 runs its own code',
    'fw1 is loaded',
    'rootlet.placeholder1 runs fw1',
  ]);
});

test('what is replaced again is let go', (t) => {
  const { steps } = played(
    explicitReplace,
    `${ROOTLET}
     A.replace(rootlet, placeholder1, fw1)
     A.close(fw1)
     other = A.load(fw1)
     A.replace(rootlet, placeholder1, other)`,
  );

  t.deepEqual(steps[6]!.lost, ['fw1 is loaded', 'rootlet.placeholder1 runs fw1']);
});

test(
  'what is replaced in one rootlet is not in another',
  follows,
  explicitReplace,
  `${ROOTLET}
   other = A.load(rootlet)              -> fd5
   A.replace(other, placeholder1, fw1)  -> ok
   packet(eth0)                         -> rootlet placeholder1 placeholder2
   A.attach(other, eth0)                -> ok
   packet(eth0)                         -> other fw1 placeholder2`,
);

test(
  'types are compared when a subprogram is replaced',
  follows,
  explicitReplace,
  `${ROOTLET}
   A.replace(rootlet, placeholder2, fw1) -> EINVAL   # it has another signature
   A.replace(rootlet, placeholder1, rootlet) -> EINVAL
   A.replace(fw1, placeholder1, fw1)    -> EINVAL
   A.replace(fd5, placeholder1, fw1)    -> EBADF
   A.replace(rootlet, placeholder1, fd5) -> EBADF
   A.detach(fw1, placeholder1)          -> EINVAL
   A.attach(fw1, eth0)                  -> EINVAL`,
);
