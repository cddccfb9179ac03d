/** The C programs: what stands in them, and, where the machine is up to it, what a real kernel says to the same calls. */
import test, { type ExecutionContext } from 'ava';
import path from 'node:path';
import { loadCatalogue } from '../../cli/catalogue.js';
import { outcomeText, play, type PlayedOutcome, type Playback } from '../../checker/index.js';
import { bindCase, parseCase, readCaseFile, settingOf, type Case } from '../../corpus/index.js';
import { machineOf } from '../../model/proposals/index.js';
import { caseCatalogue } from '../../project/case-catalogue.js';
import { libbpfProgram, NotOnLinuxError } from '../../report/index.js';
import { callRule, type CallRule } from '../../report/libbpf/calls.js';
import { holdfast, packageRoot } from '../run-holdfast.js';
import { compile, namespaceOf, processesIn, run, start, whyNotCompiled, whyNotRun } from './c-programs.js';

const catalogue = await loadCatalogue([]);

/** Stored cases that have, between them and {@link WRITTEN}, all calls that Linux has. */
const STORED = [
  'netlink-xdp/held-link-never-overridden',
  'incidents/if-empty-refuses',
  'incidents/rootlet-deleted',
  'incidents/expected-fd-lost-race',
  'incidents/handle-theft',
  'incidents/attach-loop',
  'incidents/qdisc-deleted-on-exit',
  'incidents/pinned-map-keeps-slots',
  'incidents/wrong-slot',
  'prog-array/running-dispatcher-keeps-its-slots',
  'incidents/link-refuses-override',
  'incidents/pinned-link-owner-gone',
  'incidents/pin-sweep',
];

/** Calls by hand, with what the manuals say of them: dup(2), unlink(2), bpf(2), and the sources that the guards name. */
const WRITTEN: Readonly<Record<string, string>> = {
  'descriptors and pins': `case: what is closed, taken or gone is refused
proposal: netlink-xdp
property: unreferenced-is-freed
expect: kept

prog = A.load(prog)      -> fd3
copy = A.dup(prog)       -> fd4
A.close(prog)            -> ok
A.close(fd3)             -> EBADF
A.attach(fd3, eth0)      -> EBADF
A.pin(copy, /pin1)       -> ok
A.pin(copy, /pin1)       -> EEXIST
A.pin(fd9, /pin2)        -> EINVAL   # kernel/bpf/inode.c, bpf_fd_probe_obj
mine = B.get(/pin1)      -> fd3
B.unpin(/pin1)           -> ok
B.unpin(/pin1)           -> ENOENT
B.get(/pin1)             -> ENOENT
B.attach(mine, eth0)     -> ok
A.crash()                -> ok
B.crash()                -> ok
packet(eth0)             -> prog
`,
  'a full table': `case: no descriptor is left, and then there is one
proposal: netlink-xdp
property: unreferenced-is-freed
expect: kept
bounds: fds=2

first = A.load(prog)     -> fd3
second = A.load(prog)    -> fd4
A.load(prog)             -> EMFILE
A.dup(first)             -> EMFILE
other = B.load(prog)     -> fd3
B.send(other, A)         -> EMFILE
A.attach(second, eth0)   -> ok
A.close(second)          -> ok
received = B.send(other, A) -> fd4
`,
  'a full table, and links': `case: no descriptor is left for a link
proposal: link-fd
property: unreferenced-is-freed
expect: kept
bounds: fds=3

one = A.load(rootlet)     -> fd3
link = A.attach(one, eth0) -> fd4
A.attach(one, eth0)       -> EBUSY
two = A.load(rootlet)     -> fd5
A.attach(two, eth1)       -> EMFILE
A.close(one)              -> ok
other = A.attach(two, eth1) -> fd3
packet(eth0)              -> one placeholder1 placeholder2
packet(eth1)              -> two placeholder1 placeholder2
A.close(link)             -> ok
packet(eth0)              -> nothing
`,
  'slots of a map': `case: a slot is filled, emptied, and empty
proposal: prog-array
property: unreferenced-is-freed
expect: kept

map = A.create_map()            -> fd3
entry = A.load(map, dispatcher) -> fd4
A.attach(entry, eth0)           -> ok
policy = A.load(prog)           -> fd5
A.attach(map, slot1, policy)    -> ok
packet(eth0)                    -> entry policy
A.detach(map, slot1)            -> ok
A.detach(map, slot1)            -> ENOENT
packet(eth0)                    -> entry
A.attach(policy, slot0, policy) -> EINVAL
A.attach(map, slot0, map)       -> EINVAL
A.detach(eth0)                  -> ok
packet(eth0)                    -> nothing
`,
  'a qdisc and its filters': `case: no qdisc, then one, and a filter that is gone with it
proposal: tc-filter
property: unreferenced-is-freed
expect: kept

prog = A.load(filter)            -> fd3
A.attach(prog, eth0)             -> EINVAL
A.attach(fd9, eth0)              -> EINVAL   # the qdisc is looked for first: net/sched/cls_api.c, tc_new_tfilter
A.create_qdisc(eth0)             -> ok
B.create_qdisc(eth0)             -> EEXIST
A.attach(fd9, eth0)              -> EBADF
filter = A.attach(prog, eth0)    -> handle1
B.replace(filter, fd9)           -> EBADF
B.detach(filter)                 -> ok
B.detach(filter)                 -> ENOENT
A.replace(filter, prog)          -> ENOENT
A.delete_qdisc(eth0)             -> ok
A.delete_qdisc(eth0)             -> EINVAL
packet(eth0)                     -> nothing
`,
  'names that C has taken': `case: asm, bool, linux, and two that differ in a sign only
proposal: netlink-xdp
property: unreferenced-is-freed
expect: kept

asm = A.load(prog)        -> fd3
bool = A.dup(asm)         -> fd4
linux = A.dup(bool)       -> fd5
my-own = A.load(prog)     -> fd6
my_own = A.dup(my-own)    -> fd7
A.close(asm)              -> ok
A.close(bool)             -> ok
A.attach(linux, eth0)     -> ok
packet(eth0)              -> asm
A.close(my-own)           -> ok
A.attach(my_own, eth0)    -> ok
packet(eth0)              -> my-own
`,
};

const cases = new Map([
  ...STORED.map((name) => [name, stored(name)] as const),
  ...Object.entries(WRITTEN).map(([name, text]) => [name, parseCase(text, name)] as const),
]);

test('the sequences that are compiled here have every call that Linux has', (t) => {
  const all = catalogue.proposals.flatMap((proposal) =>
    machineOf(proposal).operations.map(({ name }) => [callRule(proposal.name, name), name] as const),
  );
  const missing = new Map(all.filter((known): known is [CallRule, string] => typeof known[0] !== 'string'));
  t.is(missing.size, 25);
  for (const playback of [...cases.values()].map(played))
    for (const { operation } of playback.steps)
      missing.delete(callRule(playback.machine, operation) as CallRule);
  t.deepEqual([...missing.values()], []);
});

for (const [name, read] of cases) {
  test(`as the case says, the model does: ${name}`, (t) => {
    const outcomes = played(read).steps.map(({ outcome }) => outcomeText(outcome));
    t.deepEqual(
      outcomes,
      read.calls.map(({ outcome }) => outcome),
    );
  });

  if (whyNotRun !== undefined) {
    unless(whyNotCompiled, `it compiles without a warning: ${name}`, async (t) => {
      await t.notThrowsAsync(compile(t, libbpfProgram(played(read))));
    });
  }

  onKernel(`as the model does, the kernel does: ${name}`, async (t) => {
    const { status, stdout } = await run(await compile(t, libbpfProgram(played(read))));
    t.is(status, 0, stdout);
    t.is(stdout.split('\n').filter((line) => line.startsWith('ok ')).length, read.calls.length);
  });
}

onKernel(
  'a call that comes to something else than the model says is named, and the program exits with 1',
  async (t) => {
    const playback = withOutcomes(played(stored('netlink-xdp/held-link-never-overridden')), {
      4: { kind: 'refused', errno: 'EBUSY', guard: 'device-is-free' },
    });
    const { status, stdout } = await run(await compile(t, libbpfProgram(playback)));
    t.is(status, 1);
    t.deepEqual(stdout.trimEnd().split('\n'), [
      '1..4',
      'ok 1 - prog1 = A.load(prog) -> fd3 # the model says fd3',
      'ok 2 - prog2 = B.load(prog) -> fd3 # the model says fd3',
      'ok 3 - A.attach(prog1, eth0) -> ok # the model says ok',
      'not ok 4 - B.attach(prog2, eth0) -> ok # the model says EBUSY',
    ]);
  },
);

onKernel('descriptors, handles, errors and what packets meet are all compared', async (t) => {
  const read = stored('incidents/handle-theft');
  const playback = withOutcomes(played(read), {
    1: { kind: 'refused', errno: 'EEXIST', guard: 'qdisc-is-absent' },
    2: { kind: 'value', value: 'fd4' },
    3: { kind: 'value', value: 'handle2' },
    4: { kind: 'ok' },
    5: { kind: 'refused', errno: 'ENOENT', guard: 'filter-is-there' },
    6: { kind: 'saw', words: ['agent'] },
    7: { kind: 'refused', errno: 'ENOENT', guard: 'filter-is-there' },
  });
  const { status, stdout } = await run(await compile(t, libbpfProgram(playback)));
  t.is(status, 1);
  t.deepEqual(
    stdout.match(/^not ok \d+/gm),
    [1, 2, 3, 4, 5, 6, 7].map((call) => `not ok ${call}`),
  );
});

onKernel('killed half-way, a program leaves no process and no network namespace', async (t) => {
  const file = await compile(t, libbpfProgram(played(stored('incidents/pinned-map-keeps-slots'))));
  const { child, untilLine, ended } = start(file);
  await untilLine('ok 4');
  const namespace = namespaceOf(child.pid!)!;
  t.not(namespace, namespaceOf('self'));
  t.is(processesIn(namespace).length, 2, 'the program, and A');

  child.kill('SIGKILL');
  const { status, stdout } = await ended;
  t.is(status, null);
  t.notRegex(stdout, /^ok 8/m);
  t.deepEqual(await emptied(namespace), []);
});

onKernel('a program that ran to its end leaves no process and no network namespace', async (t) => {
  const { child, untilLine, ended } = start(
    await compile(t, libbpfProgram(played(stored('incidents/pinned-map-keeps-slots')))),
  );
  await untilLine('ok 4');
  const namespace = namespaceOf(child.pid!)!;
  const { status } = await ended;
  t.is(status, 0);
  t.deepEqual(await emptied(namespace), []);
});

const REPLACE = `case: a rootlet in the place of its own placeholder
proposal: explicit-replace
property: unreferenced-is-freed
expect: kept

rootlet = A.load(rootlet)
A.attach(rootlet, eth0)
A.replace(rootlet, placeholder1, rootlet)
`;

const EXTENSION = 'extensions came in 5.6 as freplace';

const NOT_ON_LINUX: readonly (readonly [Case, number, string, string])[] = [
  [parseCase(REPLACE, 'a.case'), 3, 'A.replace(rootlet, placeholder1, rootlet)', 'a command that replaces'],
  [stored('incidents/explicit-replace-crash'), 4, 'fw1 = B.load(fw1)', EXTENSION],
  [stored('incidents/chain-cycle-leaks'), 3, 'A.attach(one, next, two)', 'chain calls were proposed'],
  [stored('incidents/firewall-close'), 3, 'fw1 = A.load(rootlet, placeholder1, fw1)', EXTENSION],
  [stored('incidents/copied-btf-target-dies'), 2, 'fw1 = A.load(rootlet1, placeholder1, fw1)', EXTENSION],
];

for (const [read, number, call, why] of NOT_ON_LINUX) {
  test(`Linux has no such sequence, and the first call that it lacks is named: ${read.title}`, (t) => {
    const { message } = t.throws(() => libbpfProgram(played(read)), { instanceOf: NotOnLinuxError });
    t.true(message.startsWith(`Linux does not have call ${number}, '${call}': ${why}`), message);
  });
}

test('filters on two devices are refused: Linux numbers them for each device', (t) => {
  const read = parseCase(
    `case: two devices
proposal: tc-filter
property: unreferenced-is-freed
expect: kept

A.create_qdisc(eth0)
A.create_qdisc(eth1)
one = A.load(filter)
A.attach(one, eth0)
A.attach(one, eth1)
`,
    'a.case',
  );
  t.throws(() => libbpfProgram(played(read)), {
    instanceOf: NotOnLinuxError,
    message: /^Linux gives call 5, '.*A\.attach\(one, eth1\)', another handle/,
  });
});

test('the command exits with 64, says why, and writes nothing to stdout, if Linux has no such sequence', (t) => {
  const file = 'counterexamples/incidents/chain-cycle-leaks.case';
  const { status, stdout, stderr } = holdfast(['replay', file, '--format', 'c']);
  t.is(status, 64);
  t.is(stdout, '');
  t.regex(stderr, /Linux does not have call 3, 'A\.attach\(one, next, two\)'/);
});

test('each call stands in a comment above its function, and the text above all in the first comment', (t) => {
  const text = libbpfProgram(played(stored('incidents/handle-theft')), ['A cycle of handles.']);
  t.true(text.startsWith('/*\n * A cycle of handles.\n *\n'));
  t.true(text.includes('/* 1. A.create_qdisc(eth0) -> ok */\nstatic int call_1(void)\n'));
  t.true(text.includes('/* 3. handle = A.attach(agent, eth0) -> handle1 */\nstatic int call_3(void)\n'));
  t.true(text.includes('/* 5. B.replace(handle, datapath) -> ok */\nstatic int call_5(void)\n'));
});

test('a string is written as C writes it, and no text ends a comment', (t) => {
  const playback = played(cases.get('descriptors and pins')!);
  const strange = {
    ...playback,
    steps: playback.steps.map((step) =>
      step.operation === 'pin' ? { ...step, args: [step.args[0]!, '/a"b\\c*/'] } : step,
    ),
  };
  const text = libbpfProgram(strange, ['one */ two /* three']);
  t.true(text.includes(String.raw`on_bpffs("/a\"b\\c*/")`));
  t.true(text.includes(String.raw`/* 6. A.pin(copy, /a"b\c* /) -> ok */`));
  t.true(text.startsWith('/*\n * one * / two / * three\n'));
});

test('all of it is ASCII', (t) => {
  const text = libbpfProgram(played(stored('incidents/handle-theft')), ['Zoë’s case — 1 ≤ 2 → “yes”']);
  t.regex(text, /^[\t\n -~]*$/);
  t.true(text.startsWith(`/*\n * Zoe's case -- 1 <= 2 -> "yes"\n`));
});

test('a program has only the pieces that its calls need', (t) => {
  const text = libbpfProgram(played(stored('netlink-xdp/held-link-never-overridden')));
  t.true(text.includes('static int set_xdp('));
  t.false(text.includes('static int add_filter('));
  t.false(text.includes('static int packet('));
});

function stored(name: string): Case {
  const entry = readCaseFile(path.join(packageRoot, 'counterexamples', `${name}.case`));
  if (!entry.case) throw entry.error;
  return entry.case;
}

/** All calls of a case, also those behind the one that breaks the claim. */
function played(read: Case): Playback {
  const { machine } = settingOf(read, caseCatalogue(catalogue));
  const { trace, names } = bindCase(read, machine);
  return play(machine, trace, names);
}

/** The playback with other outcomes; calls count from 1. */
function withOutcomes(playback: Playback, outcomes: Readonly<Record<number, PlayedOutcome>>): Playback {
  const steps = playback.steps.map((step, i) => ({ ...step, outcome: outcomes[i + 1] ?? step.outcome }));
  return { ...playback, steps };
}

/** The processes that are still in a network namespace when they have had two seconds to end. */
async function emptied(namespace: string): Promise<readonly number[]> {
  for (let i = 0; i < 40 && processesIn(namespace).length > 0; i++)
    await new Promise((resolve) => setTimeout(resolve, 50));
  return processesIn(namespace);
}

/** A test that needs a kernel that lets it. */
function onKernel(title: string, body: Body): void {
  unless(whyNotCompiled ?? whyNotRun, title, body);
}

type Body = (t: ExecutionContext) => Promise<void>;

/** A test for machines that are up to it; on another one its title says why it is not tried. */
function unless(reason: string | undefined, title: string, body: Body): void {
  if (reason === undefined) {
    test.serial(title, body);
    return;
  }
  test(`not tried here, because ${reason}: ${title}`, (t) => {
    t.log(reason);
    t.pass();
  });
}
