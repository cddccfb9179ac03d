/** What each design makes of the common verbs. The calls are worked out from the mails and the rules of each mechanism. */
import test from 'ava';
import { columnOf } from './columns.js';

const ON_A_DEVICE = [
  'prog1 = A.load(program)',
  'link = A.attach(prog1, eth0)',
  'prog2 = A.load(program)',
  'A.replace(link, prog2)',
  'packet(eth0)',
  'A.detach(link)',
  'packet(eth0)',
];

const setAgain = (source: string): string[] => [
  `prog1 = load(${source}): ok`,
  'attach(prog1, eth0): ok',
  `prog2 = load(${source}): ok`,
  'attach(prog2, eth0): ok',
  'packet(eth0): met prog2',
  'detach(eth0): ok',
  'packet(eth0): met nothing',
];

const onADevice: Readonly<Record<string, readonly string[]>> = {
  'netlink-xdp': setAgain('prog'),
  'prog-array': setAgain('prog'),
  'chain-call': setAgain('prog'),
  'explicit-replace': setAgain('rootlet'),
  'tc-filter': [
    'prog1 = load(filter): ok',
    'create_qdisc(eth0); link = attach(prog1, eth0): ok',
    'prog2 = load(filter): ok',
    'replace(link, prog2): ok',
    'packet(eth0): met prog2',
    'detach(link): ok',
    'packet(eth0): met nothing',
  ],
  'expected-fd': [
    'prog1 = load(prog): ok',
    'replace(none, prog1, eth0): ok',
    'prog2 = load(prog): ok',
    'replace(prog1, prog2, eth0): ok',
    'packet(eth0): met prog2',
    'replace(prog2, none, eth0): ok',
    'packet(eth0): met nothing',
  ],
  // Its links have no update: they came without it in 2019.
  'link-fd': [
    'prog1 = load(rootlet): ok',
    'link = attach(prog1, eth0): ok',
    'prog2 = load(rootlet): ok',
    'cannot-be-said (nothing is replaced in place)',
  ],
  'btf-copy': [
    'prog1 = load(rootlet): ok',
    'link = attach(prog1, eth0): ok',
    'prog2 = load(rootlet): ok',
    'cannot-be-said (nothing is replaced in place)',
  ],
  'linux-before-links': [
    'prog1 = load(xdp): ok',
    'xdp_set(prog1, eth0, drv): ok',
    'prog2 = load(xdp): ok',
    'xdp_set(prog2, eth0, drv): ok',
    'packet(eth0): met prog2',
    'xdp_clear(eth0, drv): ok',
    'packet(eth0): met nothing',
  ],
  linux: [
    'prog1 = load(xdp): ok',
    'link = xdp_link(prog1, eth0, drv): ok',
    'prog2 = load(xdp): ok',
    'link_replace(link, prog2, prog1): ok',
    'packet(eth0): met prog2',
    'link_detach(link): ok',
    'packet(eth0): met nothing',
  ],
};

for (const [name, expected] of Object.entries(onADevice)) {
  test(`${name}: attach, replace and detach on a device`, (t) => {
    t.deepEqual(columnOf(name, ...ON_A_DEVICE), expected);
  });
}

const TWO_FIREWALLS = [
  'root = A.load(rootlet)',
  'held = A.attach(root, eth0)',
  'one = A.load(fw1, root)',
  'link = A.attach(one, root)',
  'two = A.load(fw2, root)',
  'other = A.attach(two, root)',
  'packet(eth0)',
  'A.detach(link)',
  'packet(eth0)',
];

test('linux: an extension is attached where it was loaded for, and detached by closing its link', (t) => {
  t.deepEqual(columnOf('linux', ...TWO_FIREWALLS), [
    'root = load(rootlet): ok',
    'held = xdp_link(root, eth0, drv): ok',
    'one = load_extension(root, placeholder1, fw): ok',
    'link = tracing_link(one): ok',
    'two = load_extension(root, placeholder2, fw): ok',
    'other = tracing_link(two): ok',
    'packet(eth0): met root one two',
    'close(link): ok',
    'packet(eth0): met root two',
  ]);
});

test('linux: an extension goes into another rootlet than the one it was loaded for, once it can', (t) => {
  const steps = [
    'root = A.load(rootlet)',
    'fw = A.load(fw1, root)',
    'newer = A.load(rootlet)',
    'link = A.attach(fw, newer)',
  ];

  t.is(columnOf('linux', ...steps).at(-1), 'link = tracing_link_to(fw, newer, placeholder1): ok');
  t.is(columnOf('linux-xdp-links', ...steps).at(-1), 'cannot-be-said (fw was loaded for root)');
});

test('where a link is all there is, letting go of it is how it is detached', (t) => {
  const steps = ['prog = A.load(program)', 'link = A.attach(prog, eth0)', 'A.detach(link)', 'A.close(link)'];
  t.deepEqual(columnOf('link-fd', ...steps).slice(2), [
    'close(link): ok',
    'nothing-to-do (no descriptor to close)',
  ]);
});

const IN_A_ROOTLET = [
  'root = A.load(rootlet)',
  'device = A.attach(root, eth0)',
  'fw = A.load(fw1, root)',
  'link = A.attach(fw, root)',
  'packet(eth0)',
  'A.detach(link)',
  'packet(eth0)',
];

const inARootlet: Readonly<Record<string, readonly string[]>> = {
  'prog-array': [
    'root_map = create_map(); root = load(root_map, dispatcher): ok',
    'attach(root, eth0): ok',
    'fw = load(prog): ok',
    'attach(root_map, slot0, fw): ok',
    'packet(eth0): met root fw',
    'detach(root_map, slot0): ok',
    'packet(eth0): met root',
  ],
  'chain-call': [
    'root = load(prog): ok',
    'attach(root, eth0): ok',
    'fw = load(prog): ok',
    'attach(root, next, fw): ok',
    'packet(eth0): met root fw',
    'detach(root, next): ok',
    'packet(eth0): met root',
  ],
  'explicit-replace': [
    'root = load(rootlet): ok',
    'attach(root, eth0): ok',
    'fw = load(fw1): ok',
    'replace(root, placeholder1, fw): ok',
    'packet(eth0): met root fw',
    'detach(root, placeholder1): ok',
    'packet(eth0): met root',
  ],
  'link-fd': [
    'root = load(rootlet): ok',
    'device = attach(root, eth0): ok',
    'fw = load(root, placeholder1, fw1): ok',
    'link = attach(fw): ok',
    'packet(eth0): met root fw',
    'close(link): ok',
    'packet(eth0): met root',
  ],
  'btf-copy': [
    'root = load(rootlet): ok',
    'device = attach(root, eth0): ok',
    'fw = load(root, placeholder1, fw1): ok',
    'link = attach(fw, root): ok',
    'packet(eth0): met root fw',
    'close(link): ok',
    'packet(eth0): met root',
  ],
  'netlink-xdp': [
    'root = load(prog): ok',
    'attach(root, eth0): ok',
    'fw = load(prog): ok',
    'cannot-be-said (no program runs in another)',
  ],
  'tc-filter': [
    'root = load(filter): ok',
    'create_qdisc(eth0); device = attach(root, eth0): ok',
    'fw = load(filter): ok',
    'cannot-be-said (no program runs in another)',
  ],
  'expected-fd': [
    'root = load(prog): ok',
    'replace(none, root, eth0): ok',
    'fw = load(prog): ok',
    'cannot-be-said (no program runs in another)',
  ],
};

for (const [name, expected] of Object.entries(inARootlet)) {
  test(`${name}: a firewall in a rootlet`, (t) => {
    t.deepEqual(columnOf(name, ...IN_A_ROOTLET), expected);
  });
}

test('a firewall goes where its signature fits', (t) => {
  const steps = ['root = A.load(rootlet)', 'fw = A.load(fw2, root)', 'A.attach(fw, root)'];
  t.deepEqual(columnOf('explicit-replace', ...steps).slice(1), [
    'fw = load(fw2): ok',
    'replace(root, placeholder2, fw): ok',
  ]);
  t.is(columnOf('link-fd', ...steps)[1], 'fw = load(root, placeholder2, fw2): ok');
  t.is(columnOf('btf-copy', ...steps)[1], 'cannot-be-said (there is no fw2 here)');
});

test('prog-array: the lowest free slot is taken, and there are two', (t) => {
  const steps = [
    'root = A.load(rootlet)',
    ...['a', 'b', 'c'].map((name) => `${name} = A.load(fw1, root)`),
    'link = A.attach(a, root)',
    'A.attach(b, root)',
    'A.attach(c, root)',
    'A.detach(link)',
    'A.attach(c, root)',
  ];
  t.deepEqual(columnOf('prog-array', ...steps).slice(4), [
    'attach(root_map, slot0, a): ok',
    'attach(root_map, slot1, b): ok',
    'out-of-reach (all slots are filled)',
    'detach(root_map, slot0): ok',
    'attach(root_map, slot0, c): ok',
  ]);
});

test('prog-array: a dispatcher goes from hand to hand and onto bpffs with its map', (t) => {
  const steps = [
    'root = A.load(rootlet)',
    'root_B = A.send(root, B)',
    'B.pin(root_B, /pin1)',
    'B.close(root_B)',
    'root_C = C.get(/pin1)',
    'C.unpin(/pin1)',
    'fw = C.load(fw1, root_C)',
    'C.attach(fw, root_C)',
  ];
  t.deepEqual(columnOf('prog-array', ...steps).slice(1), [
    'root_B_map = send(root_map, B); root_B = send(root, B): ok',
    // The path behind those of the scenario is the map's.
    'pin(root_B_map, /pin1); pin(root_B, /pin2): ok',
    'close(root_B_map); close(root_B): ok',
    'root_C_map = get(/pin1); root_C = get(/pin2): ok',
    'unpin(/pin1); unpin(/pin2): ok',
    'fw = load(prog): ok',
    'attach(root_C_map, slot0, fw): ok',
  ]);
});

const HANDED_ON = [
  'prog = A.load(program)',
  'link = A.attach(prog, eth0)',
  'link_B = A.send(link, B)',
  'B.pin(link_B, /pin1)',
  'B.close(link_B)',
  'link_C = C.get(/pin1)',
  'C.unpin(/pin1)',
  'C.close(link_C)',
];

test('what has no descriptor is not sent, pinned, opened or closed, and nothing is lost by it', (t) => {
  t.deepEqual(columnOf('netlink-xdp', ...HANDED_ON).slice(2), [
    'nothing-to-do (no descriptor to send)',
    'nothing-to-do (no descriptor to pin)',
    'nothing-to-do (no descriptor to close)',
    'nothing-to-do (no descriptor to open)',
    'nothing-to-do (nothing is pinned there)',
    'nothing-to-do (no descriptor to close)',
  ]);
});

test('a link is', (t) => {
  t.deepEqual(columnOf('link-fd', ...HANDED_ON).slice(2), [
    'link_B = send(link, B): ok',
    'pin(link_B, /pin1): ok',
    'close(link_B): ok',
    'link_C = get(/pin1): ok',
    'unpin(/pin1): ok',
    'close(link_C): ok',
  ]);
});

test('whoever has no descriptor of a link does not reach it; a name is for everybody', (t) => {
  const steps = [
    'prog = A.load(program)',
    'link = A.attach(prog, eth0)',
    'other = B.load(program)',
    'B.replace(link, other)',
    'B.detach(link)',
    'B.detach(eth0)',
    'packet(eth0)',
  ];
  t.deepEqual(columnOf('link-fd', ...steps).slice(3), [
    'out-of-reach (B has no descriptor of link)',
    'out-of-reach (B has no descriptor of link)',
    'out-of-reach (nothing is detached by the name of its device)',
    'packet(eth0): met prog',
  ]);
  t.deepEqual(columnOf('tc-filter', ...steps).slice(3), [
    'replace(link, other): ok',
    'detach(link): ok',
    'delete_qdisc(eth0): ok',
    'packet(eth0): met nothing',
  ]);
  // Who compares must be able to name what is expected; a clear by the name of the device is blind.
  t.deepEqual(columnOf('expected-fd', ...steps).slice(3), [
    'out-of-reach (B has no descriptor of prog)',
    'out-of-reach (B has no descriptor of prog)',
    'detach(eth0): ok',
    'packet(eth0): met nothing',
  ]);
});

test('compare-and-swap expects what the actor knows, not what is there', (t) => {
  const steps = [
    'prog1 = A.load(program)',
    'link = A.attach(prog1, eth0)',
    'prog1_B = A.send(prog1, B)',
    'prog2 = B.load(program)',
    'B.replace(link, prog2)',
    'prog3 = A.load(program)',
    'A.replace(link, prog3)',
  ];
  const column = columnOf('expected-fd', ...steps);
  t.is(column[4], 'replace(prog1_B, prog2, eth0): ok');
  t.is(column[6], 'replace(prog1, prog3, eth0): EEXIST device-has-the-expected-program');
});

test('where a firewall goes is said at load in one design, at attach in another', (t) => {
  const steps = [
    'root = A.load(rootlet)',
    'newer = A.load(rootlet)',
    'fw = A.load(fw1, root)',
    'A.attach(fw, newer)',
  ];
  t.is(columnOf('link-fd', ...steps)[3], 'cannot-be-said (fw was loaded for root)');
  t.is(columnOf('btf-copy', ...steps)[3], 'link = attach(fw, newer): ok');
});

test('a refusal ends its step, and what it should have made is not there for the steps below', (t) => {
  const steps = [
    'prog1 = A.load(program)',
    'link1 = A.attach(prog1, eth0)',
    'link2 = A.attach(prog1, eth0)',
    'link3 = A.send(link2, B)',
    'A.pin(link2, /pin1)',
    'A.close(link2)',
    'A.get(/pin1)',
    'A.detach(link2)',
  ];
  t.deepEqual(columnOf('link-fd', ...steps).slice(2), [
    'attach(prog1, eth0): EBUSY device-is-free',
    'out-of-reach (there is no link2)',
    'out-of-reach (there is no link2)',
    'nothing-to-do (there is no link2)',
    'get(/pin1): ENOENT path-exists',
    'nothing-to-do (there is no link2)',
  ]);
});

test('after a crash and a restart, an actor has no descriptor of what it had', (t) => {
  const steps = [
    'prog = A.load(program)',
    'link = A.attach(prog, eth0)',
    'A.crash()',
    'A.restart()',
    'A.detach(link)',
    'packet(eth0)',
  ];
  t.deepEqual(columnOf('link-fd', ...steps).slice(4), [
    'out-of-reach (A has no descriptor of link)',
    'packet(eth0): met nothing',
  ]);
  t.deepEqual(columnOf('netlink-xdp', ...steps).slice(4), ['detach(eth0): ok', 'packet(eth0): met nothing']);
});
