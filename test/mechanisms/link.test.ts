import test from 'ava';
import { btfCopy } from '../../model/proposals/btf-copy.js';
import { linkFd } from '../../model/proposals/link-fd.js';
import { follows, played } from './script.js';

/** A's rootlet on eth0; B has a descriptor of it and its firewall loaded for it. From here on A and B go their ways. */
const ROOTLET = `
  rootlet = A.load(rootlet)              -> fd3
  device = A.attach(rootlet, eth0)       -> fd4
  target = A.send(rootlet, B)            -> fd3
  fw1 = B.load(target, placeholder1, fw1) -> fd4`;

// https://lore.kernel.org/bpf/20191115230229.qd6plwnvrmcm4pfo@ast-mbp.dhcp.thefacebook.com/: "packets will flow into rootlet
// and into the dummy placeholder".
test(
  'packets flow into the rootlet and its placeholder, into fw1 while it is attached, and back into the placeholder',
  follows,
  linkFd,
  `${ROOTLET}
   packet(eth0)                         -> rootlet placeholder1 placeholder2
   link = B.attach(fw1)                 -> fd5
   packet(eth0)                         -> rootlet fw1 placeholder2
   B.close(link)                        -> ok
   packet(eth0)                         -> rootlet placeholder1 placeholder2
   B.attach(fw1)                        -> fd5`,
);

test(
  'when fw1 crashes it is detached from the rootlet, with nothing to clean up',
  follows,
  linkFd,
  `${ROOTLET}
   B.attach(fw1)                        -> fd5
   B.crash()                            -> ok
   packet(eth0)                         -> rootlet placeholder1 placeholder2
   fw1_2 = A.load(rootlet, placeholder1, fw1) -> fd5
   A.attach(fw1_2)                      -> fd6
   packet(eth0)                         -> rootlet fw1_2 placeholder2`,
);

test(
  'each placeholder has its own extension',
  follows,
  linkFd,
  `${ROOTLET}
   fw2 = A.load(rootlet, placeholder2, fw2) -> fd5
   A.attach(fw2)                        -> fd6
   link = B.attach(fw1)                 -> fd5
   packet(eth0)                         -> rootlet fw1 fw2
   B.close(link)                        -> ok
   packet(eth0)                         -> rootlet placeholder1 fw2`,
);

test(
  'while a link is held nobody takes its place, not even its holder',
  follows,
  linkFd,
  `${ROOTLET}
   B.attach(fw1)                        -> fd5
   other = B.load(rootlet)              -> fd6
   B.attach(other, eth0)                -> EBUSY
   A.attach(rootlet, eth0)              -> EBUSY
   second = A.load(rootlet, placeholder1, fw1) -> fd5
   A.attach(second)                     -> EBUSY
   B.attach(fw1)                        -> EBUSY
   packet(eth0)                         -> rootlet fw1 placeholder2`,
);

test(
  'every descriptor of a link holds it, whoever has it, and the last one lets go',
  follows,
  linkFd,
  `rootlet = A.load(rootlet)            -> fd3
   link = A.attach(rootlet, eth0)       -> fd4
   again = A.dup(link)                  -> fd5
   theirs = A.send(link, B)             -> fd3
   A.close(link)                        -> ok
   A.close(again)                       -> ok
   packet(eth0)                         -> rootlet placeholder1 placeholder2
   A.crash()                            -> ok
   packet(eth0)                         -> rootlet placeholder1 placeholder2
   B.close(theirs)                      -> ok
   packet(eth0)                         -> nothing`,
);

test(
  'a pin of the link keeps it attached, and the hook taken, when all processes are gone',
  follows,
  linkFd,
  `rootlet = A.load(rootlet)            -> fd3
   link = A.attach(rootlet, eth0)       -> fd4
   A.pin(link, /pin1)                   -> ok
   A.crash()                            -> ok
   packet(eth0)                         -> rootlet placeholder1 placeholder2
   other = B.load(rootlet)              -> fd3
   B.attach(other, eth0)                -> EBUSY
   found = B.get(/pin1)                 -> fd4
   B.unpin(/pin1)                       -> ok
   B.attach(other, eth0)                -> EBUSY
   B.close(found)                       -> ok
   packet(eth0)                         -> nothing
   B.attach(other, eth0)                -> fd4`,
);

test(
  'unpinning a link that nothing else holds detaches it',
  follows,
  linkFd,
  `rootlet = A.load(rootlet)            -> fd3
   link = A.attach(rootlet, eth0)       -> fd4
   A.pin(link, /pin1)                   -> ok
   A.crash()                            -> ok
   B.unpin(/pin1)                       -> ok
   packet(eth0)                         -> nothing`,
);

// The same mail: "Pinning the program alone is not enough".
test(
  'a pin of the program keeps the program, and nothing attached',
  follows,
  linkFd,
  `rootlet = A.load(rootlet)            -> fd3
   A.attach(rootlet, eth0)              -> fd4
   A.pin(rootlet, /pin1)                -> ok
   A.crash()                            -> ok
   packet(eth0)                         -> nothing
   kept = B.get(/pin1)                  -> fd3
   B.attach(kept, eth0)                 -> fd4
   packet(eth0)                         -> rootlet placeholder1 placeholder2`,
);

test(
  'closing the descriptors of programs detaches nothing',
  follows,
  linkFd,
  `${ROOTLET}
   link = B.attach(fw1)                 -> fd5
   A.close(rootlet)                     -> ok
   B.close(target)                      -> ok
   B.close(fw1)                         -> ok
   packet(eth0)                         -> rootlet fw1 placeholder2
   B.close(link)                        -> ok
   packet(eth0)                         -> rootlet placeholder1 placeholder2`,
);

test('an extension that is loaded and not attached keeps its target in memory', (t) => {
  const { steps } = played(
    linkFd,
    `rootlet = A.load(rootlet)
     fw1 = A.load(rootlet, placeholder1, fw1)
     A.close(rootlet)
     A.close(fw1)`,
  );

  t.deepEqual(steps[2]!.lost, []);
  t.true(steps[3]!.lost.includes('rootlet is loaded'));
  t.true(steps[3]!.lost.includes('fw1 is loaded'));
});

test('the rootlet stays in memory when it left the device, as long as fw1 is linked', (t) => {
  const { got, said, steps } = played(
    linkFd,
    `${ROOTLET}
     link = B.attach(fw1)               -> fd5
     B.close(fw1)                       -> ok
     B.close(target)                    -> ok
     A.crash()                          -> ok
     packet(eth0)                       -> nothing
     B.close(link)                      -> ok`,
  );

  t.deepEqual(got, said);
  t.deepEqual(steps[7]!.lost, ['eth0 runs rootlet (device)']);
  t.deepEqual(steps[9]!.lost, [
    'rootlet is loaded',
    'rootlet.placeholder2 runs its own code',
    'fw1 is loaded',
    'rootlet.placeholder1 runs fw1 (link)',
  ]);
});

test('closing a descriptor of the rootlet does not detach what is in it, and the other way round', (t) => {
  const { steps } = played(
    linkFd,
    `${ROOTLET}
     link = B.attach(fw1)
     A.close(device)
     B.close(link)`,
  );

  t.deepEqual(steps[5]!.lost, ['eth0 runs rootlet (device)']);
  t.deepEqual(steps[6]!.lost, ['rootlet.placeholder1 runs fw1 (link)']);
  t.deepEqual(steps[6]!.gained, ['rootlet.placeholder1 runs its own code']);
});

test(
  'an extension is verified when it is loaded',
  follows,
  linkFd,
  `rootlet = A.load(rootlet)            -> fd3
   A.load(fd4, placeholder1, fw1)       -> EBADF
   A.load(rootlet, placeholder2, fw1)   -> EINVAL   # it has another signature
   A.load(rootlet, placeholder1, fw2)   -> EINVAL
   fw2 = A.load(rootlet, placeholder2, fw2) -> fd4
   A.load(fw2, placeholder1, fw1)       -> EINVAL   # an extension of an extension
   link = A.attach(fw2)                 -> fd5
   A.load(link, placeholder1, fw1)      -> EINVAL`,
);

test(
  'extensions go into placeholders and other programs to devices, and links nowhere',
  follows,
  linkFd,
  `rootlet = A.load(rootlet)            -> fd3
   fw1 = A.load(rootlet, placeholder1, fw1) -> fd4
   A.attach(rootlet)                    -> EINVAL
   A.attach(fw1, eth0)                  -> EINVAL
   link = A.attach(rootlet, eth0)       -> fd5
   A.attach(link, eth0)                 -> EINVAL
   A.attach(link)                       -> EINVAL
   A.attach(fd6)                        -> EBADF`,
);

test(
  'with a copied BTF, an extension goes into any program of an equal type',
  follows,
  btfCopy,
  `verified = A.load(rootlet)           -> fd3
   fw1 = A.load(verified, placeholder1, fw1) -> fd4
   other = A.load(rootlet)              -> fd5
   A.attach(other, eth0)                -> fd6
   packet(eth0)                         -> other placeholder1 placeholder2
   link = A.attach(fw1, other)          -> fd7
   packet(eth0)                         -> other fw1 placeholder2
   A.attach(fw1, verified)              -> fd8   # and into several at once
   A.attach(fw1, other)                 -> EBUSY
   A.close(link)                        -> ok
   packet(eth0)                         -> other placeholder1 placeholder2`,
);

test(
  'with a copied BTF, a program of another type is refused when it is attached',
  follows,
  btfCopy,
  `verified = A.load(rootlet)           -> fd3
   fw1 = A.load(verified, placeholder1, fw1) -> fd4
   changed = A.load(rootlet_v2)         -> fd5
   A.attach(fw1, changed)               -> EINVAL
   A.load(changed, placeholder1, fw1)   -> EINVAL
   A.attach(fw1, fw1)                   -> EINVAL
   A.attach(fw1, fd6)                   -> EBADF`,
);

test('with a copied BTF, the target may die between load and attach', (t) => {
  const { got, said, steps } = played(
    btfCopy,
    `verified = A.load(rootlet)         -> fd3
     fw1 = A.load(verified, placeholder1, fw1) -> fd4
     A.close(verified)                  -> ok
     A.attach(fw1, verified)            -> EBADF
     successor = A.load(rootlet)        -> fd3
     A.attach(fw1, successor)           -> fd5`,
  );

  t.deepEqual(got, said);
  t.true(steps[2]!.lost.includes('verified is loaded'));
});

test('with a copied BTF, the link holds the target it is attached in', (t) => {
  const { steps } = played(
    btfCopy,
    `rootlet = A.load(rootlet)
     fw1 = A.load(rootlet, placeholder1, fw1)
     link = A.attach(fw1, rootlet)
     A.close(rootlet)
     A.close(fw1)
     A.close(link)`,
  );

  t.deepEqual(steps[3]!.lost, []);
  t.deepEqual(steps[4]!.lost, []);
  t.true(steps[5]!.lost.includes('rootlet is loaded'));
  t.true(steps[5]!.lost.includes('fw1 is loaded'));
});
