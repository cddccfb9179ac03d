/** fentry on programs: one attach for each load, beside extensions but not at the same function. */
import test from 'ava';
import { linux, linuxTcx } from '../../../model/proposals/linux.js';
import { follows, played } from '../script.js';

test(
  'a tracer attaches once, and not again when its link is gone',
  follows,
  linux,
  `root = A.load(rootlet)                           -> fd3
   tracer = A.load_tracer(root, main)               -> fd4
   link = A.tracing_link(tracer)                    -> fd5
   A.tracing_link(tracer)                           -> EINVAL
   A.close(link)                                    -> ok
   A.tracing_link(tracer)                           -> EINVAL
   A.tracing_link_to(tracer, root, placeholder1)    -> EINVAL
   A.tracing_link_to(tracer, fd9, placeholder1)     -> EINVAL`,
);

test(
  'a tracer is loaded for a function that its target has',
  follows,
  linux,
  `plain = A.load(xdp)                              -> fd3
   A.load_tracer(fd4, main)                         -> EINVAL
   A.load_tracer(plain, placeholder1)               -> EINVAL
   A.load_tracer(plain, main)                       -> fd4`,
);

test(
  'an extension and a tracer are not at one function, whichever comes first; at two of one program they are',
  follows,
  linux,
  `root = A.load(rootlet)                           -> fd3
   fw = A.load_extension(root, placeholder1, fw)    -> fd4
   same = A.load_tracer(root, placeholder1)         -> fd5
   other = A.load_tracer(root, placeholder2)        -> fd6
   start = A.load_tracer(root, main)                -> fd7
   link = A.tracing_link(fw)                        -> fd8
   A.tracing_link(same)                             -> EBUSY
   A.tracing_link(other)                            -> fd9
   A.tracing_link(start)                            -> fd10
   A.tracing_link_to(fw, root, placeholder2)        -> EBUSY
   A.close(link)                                    -> ok
   A.tracing_link(same)                             -> fd8
   A.tracing_link_to(fw, root, placeholder1)        -> EBUSY`,
  { fds: 9, attachments: 5 },
);

test(
  'an extension is traced where it begins; it has no placeholders',
  follows,
  linux,
  `root = A.load(rootlet)                           -> fd3
   fw = A.load_extension(root, placeholder1, fw)    -> fd4
   A.load_tracer(fw, placeholder1)                  -> EINVAL
   tracer = A.load_tracer(fw, main)                 -> fd5
   A.tracing_link(tracer)                           -> fd6
   A.tracing_link(fw)                               -> fd7`,
);

// Linux commit 19bfcdf9498a.
test(
  'a tracer is traced, but not one that traces a tracer',
  follows,
  linux,
  `plain = A.load(xdp)                              -> fd3
   one = A.load_tracer(plain, main)                 -> fd4
   two = A.load_tracer(one, main)                   -> fd5
   A.load_tracer(two, main)                         -> EINVAL
   A.tracing_link(two)                              -> fd6
   A.load_tracer(two, main)                         -> EINVAL`,
);

test('a link of a tracer keeps tracer and target alive', (t) => {
  const { got, said, steps } = played(
    linux,
    `plain = A.load(xdp)                            -> fd3
     tracer = A.load_tracer(plain, main)            -> fd4
     link = A.tracing_link(tracer)                  -> fd5
     A.pin(link, /pin1)                             -> ok
     A.crash()                                      -> ok
     B.unpin(/pin1)                                 -> ok
     release(link#1)                                 -> ok`,
  );

  t.deepEqual(got, said);
  t.deepEqual(steps[4]!.lost, []);
  t.true(steps[6]!.lost.includes('plain is loaded'));
  t.true(steps[6]!.lost.includes('tracer is loaded'));
});

test(
  'a tracer runs before its function, the one that came last first; an extension is traced where it begins',
  follows,
  linux,
  `root = A.load(rootlet)                           -> fd3
   A.xdp_set(root, eth0, drv)                       -> ok
   one = A.load_tracer(root, placeholder2)          -> fd4
   two = A.load_tracer(root, placeholder2)          -> fd5
   A.tracing_link(one)                              -> fd6
   A.tracing_link(two)                              -> fd7
   packet(eth0)                                     -> root placeholder1 two one placeholder2
   start = A.load_tracer(root, main)                -> fd8
   A.tracing_link(start)                            -> fd9
   fw = A.load_extension(root, placeholder1, fw)    -> fd10
   probe = A.load_tracer(fw, main)                  -> fd11
   A.tracing_link(probe)                            -> fd12
   A.tracing_link(fw)                               -> fd13
   packet(eth0)                                     -> start root probe fw two one placeholder2
   A.close(fd7)                                     -> ok
   packet(eth0)                                     -> start root probe fw one placeholder2`,
  { fds: 12, attachments: 8, programs: 8 },
);

// Linux commit 19bfcdf9498a; before it, every tracer of a tracer was refused: "Cannot recursively attach".
for (const [proposal, outcome] of [
  [linux, 'fd5'],
  [linuxTcx, 'EINVAL'],
] as const) {
  test(
    `${proposal.name}: a tracer of a tracer is ${outcome}`,
    follows,
    proposal,
    `plain = A.load(xdp)                                            -> fd3
     tracer = A.load_tracer(plain, main)                            -> fd4
     A.load_tracer(tracer, main)                                    -> ${outcome}`,
  );
}
