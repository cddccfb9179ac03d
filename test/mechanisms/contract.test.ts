/** What every built-in design has in common: descriptors, pins, attaching and letting go, refusals. */
import test from 'ava';
import { argumentLists } from '../../checker/calls.js';
import { ExhaustiveSearch } from '../../checker/exhaustive.js';
import { isOpen, objectBehind } from '../../model/kernel/descriptors.js';
import { isLive } from '../../model/kernel/lifetime.js';
import type { Bounds, KernelState } from '../../model/kernel/model.js';
import { errnoOf, IMPOSSIBLE, isRefusal, type Machine, type Operation } from '../../model/machine/index.js';
import { NONE } from '../../model/state/index.js';
import { designs, linkFd, machineOf, type Proposal } from '../../model/proposals/index.js';
import { follows, played } from './script.js';
import { walkedStates } from './walks.js';

/** How a proposal says what all can do. A does it, and `x` is its descriptor of the program. */
interface Dialect {
  /** A program that can be attached to a device. */
  readonly program: string;
  /** What a packet meets when `x` is attached. */
  readonly met: string;
  /** What must be there first. */
  readonly prepare: string;
  readonly attach: string;
  /** What takes it off the device again. */
  readonly letGo: string;
}

const ways: Readonly<Record<'netlink' | 'filter' | 'link', Pick<Dialect, 'prepare' | 'attach' | 'letGo'>>> = {
  netlink: { prepare: '', attach: 'A.attach(x, eth0) -> ok', letGo: 'A.detach(eth0) -> ok' },
  filter: {
    prepare: 'A.create_qdisc(eth0) -> ok',
    attach: 'handle = A.attach(x, eth0) -> handle1',
    letGo: 'A.detach(handle) -> ok',
  },
  link: { prepare: '', attach: 'link = A.attach(x, eth0) -> fd4', letGo: 'A.close(link) -> ok' },
};

function dialectOf({ kernel, bounds }: Proposal): Dialect {
  const device = kernel.hooks(bounds).find(({ kind }) => kind === 'device')!;
  const way = device.keptBy === 'link' ? 'link' : device.exclusive ? 'netlink' : 'filter';
  const source = kernel.sources.find(({ kind, tailCalls }) => kind === 'ordinary' && !tailCalls)!;
  return {
    ...ways[way],
    program: source.name,
    met: ['x', ...Object.keys(source.placeholders ?? {})].join(' '),
  };
}

/** What a call made untrue; nothing if it changed nothing that matters to anybody but the caller. */
function losses(proposal: Proposal, calls: string): (readonly string[])[] {
  const { got, said, steps } = played(proposal, calls);
  if (got.join('\n') !== said.join('\n')) throw new Error(`it came to\n${got.join('\n')}`);
  return steps.map(({ lost }) => lost.filter((fact) => fact.endsWith(' is loaded')));
}

interface MadeCall {
  readonly operation: Operation<KernelState>;
  readonly args: readonly number[];
  readonly code: number;
}

/** Makes every call in every state that walks come to; `machine.before` shows the state before the call. */
function makeAllCalls(machine: Machine<KernelState>, see: (call: MadeCall) => void): void {
  for (const row of walkedStates(machine)) {
    machine.operations.forEach((operation, index) => {
      if (operation.observe) return;
      for (const args of argumentLists(machine, index)) {
        machine.load(row, 0);
        machine.remember();
        see({ operation, args, code: machine.call(index, args) });
      }
    });
  }
}

/** The lowest number that is free in the table of a process; undefined if it is full. */
function lowestFree(s: KernelState, process: number): number | undefined {
  const { length } = s.processes[process]!.fds;
  return Array.from({ length }, (_, fd) => fd).find((fd) => !isOpen(s, process, fd));
}

/** Whose descriptor an operation hands out; undefined for one that hands out none. */
function receiver({ returns, params }: Operation<KernelState>, args: readonly number[]): number | undefined {
  return returns?.domain.name === 'fd' ? args[Object.keys(params).indexOf(returns.owner!)]! : undefined;
}

for (const proposal of designs) {
  const { name } = proposal;
  const { program, met, prepare, attach, letGo } = dialectOf(proposal);

  test(
    `${name}: a descriptor is the lowest that is free, and numbers are used again`,
    follows,
    proposal,
    `one = A.load(${program})     -> fd3
     two = A.load(${program})     -> fd4
     three = A.load(${program})   -> fd5
     B.load(${program})           -> fd3
     A.close(two)                 -> ok
     A.dup(three)                 -> fd4
     A.close(one)                 -> ok
     A.load(${program})           -> fd3
     A.load(${program})           -> fd6`,
  );

  test(`${name}: closing a closed descriptor is EBADF and changes nothing`, (t) => {
    const { said, got, steps } = played(
      proposal,
      `A.close(fd3)                 -> EBADF
       x = A.load(${program})       -> fd3
       A.close(x)                   -> ok
       A.close(x)                   -> EBADF`,
    );

    t.deepEqual(got, said);
    t.deepEqual(steps[3]!.state, steps[2]!.state);
  });

  test(`${name}: a second descriptor holds the program, here or in another process`, (t) => {
    const lost = losses(
      proposal,
      `x = A.load(${program})       -> fd3
       again = A.dup(x)             -> fd4
       there = A.send(x, B)         -> fd3
       A.close(x)                   -> ok
       A.close(again)               -> ok
       B.close(there)               -> ok`,
    );

    t.deepEqual(lost.slice(3), [[], [], ['x is loaded']]);
  });

  test(
    `${name}: nobody receives a descriptor when dead`,
    follows,
    proposal,
    `
     x = A.load(${program})         -> fd3
     B.crash()                      -> ok
     A.send(x, B)                   -> EPIPE
     B.restart()                    -> ok
     A.send(x, B)                   -> fd3`,
  );

  test(`${name}: a process that is gone has closed everything and calls nothing; a new one starts empty`, (t) => {
    const calls = `x = A.load(${program})       -> fd3
                   A.dup(x)                     -> fd4
                   y = A.load(${program})       -> fd5
                   A.crash()                    -> ok
                   A.close(fd3)                 -> impossible
                   A.restart()                  -> ok
                   A.close(fd3)                 -> EBADF
                   A.load(${program})           -> fd3`;

    t.deepEqual(losses(proposal, calls)[3], ['x is loaded', 'y is loaded']);
  });

  test(
    `${name}: a path is taken once, and must be there to be opened or removed`,
    follows,
    proposal,
    `x = A.load(${program})         -> fd3
     A.get(/pin1)                   -> ENOENT
     A.unpin(/pin1)                 -> ENOENT
     A.pin(x, /pin1)                -> ok
     A.pin(x, /pin1)                -> EEXIST
     B.pin(fd3, /pin1)              -> EINVAL   # not EBADF; and before the path is looked at
     A.pin(x, /pin2)                -> ok
     A.unpin(/pin1)                 -> ok
     A.get(/pin1)                   -> ENOENT
     A.get(/pin2)                   -> fd4`,
  );

  test(`${name}: a pin holds the program when its descriptors are gone, and whoever unpins it lets it go`, (t) => {
    const lost = losses(
      proposal,
      `x = A.load(${program})       -> fd3
       A.pin(x, /pin1)              -> ok
       A.crash()                    -> ok
       y = B.get(/pin1)             -> fd3
       B.close(y)                   -> ok
       B.unpin(/pin1)               -> ok`,
    );

    t.deepEqual(lost.slice(2), [[], [], [], ['x is loaded']]);
  });

  test(
    `${name}: a full table of descriptors is the last thing that is looked at`,
    follows,
    proposal,
    `x = A.load(${program})         -> fd3
     A.load(${program})             -> EMFILE
     A.dup(x)                       -> EMFILE
     A.dup(fd3)                     -> EMFILE
     A.get(/pin1)                   -> ENOENT
     A.pin(x, /pin1)                -> ok
     A.get(/pin1)                   -> EMFILE
     B.send(fd3, A)                 -> EBADF
     y = B.load(${program})         -> fd3
     B.send(y, A)                   -> EMFILE`,
    { fds: 1 },
  );

  test(
    `${name}: a packet meets nothing at an empty device, whatever is loaded`,
    follows,
    proposal,
    `packet(eth0)                   -> nothing
     x = A.load(${program})         -> fd3
     A.pin(x, /pin1)                -> ok
     packet(eth0)                   -> nothing`,
  );

  test(
    `${name}: a packet meets what is attached, until it is let go`,
    follows,
    proposal,
    `x = A.load(${program})         -> fd3
     ${prepare}
     ${attach}
     packet(eth0)                   -> ${met}
     ${letGo}
     packet(eth0)                   -> nothing`,
  );

  test(`${name}: what is attached stays in memory without a descriptor, and goes when it is let go`, (t) => {
    const lost = losses(
      proposal,
      `x = A.load(${program})       -> fd3
       ${prepare}
       ${attach}
       A.close(x)                   -> ok
       packet(eth0)                 -> ${met}
       ${letGo}`,
    );

    t.deepEqual(lost.slice(-3), [[], [], ['x is loaded']]);
  });

  test(
    `${name}: what is not open cannot be attached`,
    follows,
    proposal,
    `${prepare}
     A.attach(fd3, eth0)            -> EBADF
     packet(eth0)                   -> nothing`,
  );

  test(`${name}: a refused call changes nothing, in any state`, (t) => {
    const machine = machineOf(proposal);
    const changing = new Set<string>();
    let refused = 0;

    makeAllCalls(machine, ({ operation, code }) => {
      if (code >= 0) return;
      refused++;
      if (!machine.unchanged()) changing.add(operation.name);
    });

    t.deepEqual([...changing], []);
    t.true(refused > 10_000);
  });

  test(`${name}: a call hands out the lowest free descriptor, of something alive; with none free it is EMFILE`, (t) => {
    const machine = machineOf(proposal);
    const handingOut = machine.operations.filter(({ returns }) => returns?.domain.name === 'fd');
    const full = new Set<string>();

    makeAllCalls(machine, ({ operation, args, code }) => {
      const process = receiver(operation, args);
      if (process === undefined || code === IMPOSSIBLE) return;
      const free = lowestFree(machine.before, process);
      if (isRefusal(code) && errnoOf(operation, code) === 'EMFILE') {
        full.add(operation.name);
        if (free !== undefined) t.fail(`${operation.name}: EMFILE, and fd${free + 3} is free`);
      } else if (
        code >= 0 &&
        (free !== code || !isLive(machine.state, objectBehind(machine.state, process, code)))
      ) {
        t.fail(`${operation.name} handed out ${code}`);
      }
    });

    t.deepEqual([...full].sort(), handingOut.map((operation) => operation.name).sort());
  });

  test(`${name}: after a crash a process has nothing open, in any state`, (t) => {
    const machine = machineOf(proposal);
    const crash = machine.operationIndex('crash');
    const { fds } = machine.state.processes[0]!;

    for (const row of walkedStates(machine)) {
      machine.load(row, 0);
      if (machine.call(crash, [0]) === IMPOSSIBLE) continue;
      for (let fd = 0; fd < fds.length; fd++) if (fds.get(fd) !== NONE) t.fail(`fd${fd + 3} is left`);
    }
    t.pass();
  });
}

const ONLY_PROGRAMS = 'nothing but programs has a descriptor here';
const NO_EXTENSIONS = 'there are no extensions here';
const ALL_PLACEHOLDERS = 'every program that is no extension has both placeholders';

/** Guards that never refuse within the bounds of the proposal, and why. */
const idle: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'netlink-xdp': {
    'attach/fd-is-a-program': ONLY_PROGRAMS,
    'attach/program-is-no-extension': NO_EXTENSIONS,
    'attach_if_empty/fd-is-a-program': ONLY_PROGRAMS,
    'attach_if_empty/program-is-no-extension': NO_EXTENSIONS,
  },
  'tc-filter': { 'attach/fd-is-a-program': ONLY_PROGRAMS, 'replace/fd-is-a-program': ONLY_PROGRAMS },
  'prog-array': { 'attach/program-is-no-extension': NO_EXTENSIONS },
  'chain-call': {
    'attach/fd-is-a-program': ONLY_PROGRAMS,
    'attach/program-is-no-extension': NO_EXTENSIONS,
    'attach-chain/previous-is-a-program': ONLY_PROGRAMS,
    'attach-chain/next-is-a-program': ONLY_PROGRAMS,
    'detach-chain/previous-is-a-program': ONLY_PROGRAMS,
  },
  'link-fd': {
    'load-extension/target-is-no-extension':
      'a loaded extension holds its target: the table of programs is full then, and a search asks no further',
    'load-extension/target-has-the-subprogram': ALL_PLACEHOLDERS,
  },
  'explicit-replace': {
    'attach/fd-is-a-program': ONLY_PROGRAMS,
    'replace-subprogram/target-is-a-program': ONLY_PROGRAMS,
    'replace-subprogram/fd-is-a-program': ONLY_PROGRAMS,
    'detach-subprogram/target-is-a-program': ONLY_PROGRAMS,
  },
  'btf-copy': { 'load-extension/target-has-the-subprogram': ALL_PLACEHOLDERS },
  'expected-fd': {
    'attach/fd-is-a-program': ONLY_PROGRAMS,
    'attach/program-is-no-extension': NO_EXTENSIONS,
    'replace/fd-is-a-program': ONLY_PROGRAMS,
    'replace/expected-is-a-program': ONLY_PROGRAMS,
  },
};

/** What no call in the first states of a breadth-first search did: operations that succeed, guards that refuse. */
function neverMet(proposal: Proposal, bounds: Partial<Bounds> = {}, known: readonly string[] = []): string[] {
  const search = new ExhaustiveSearch(machineOf(proposal, bounds), [], { maxStates: 60_000 });
  for (;;) {
    const goesOn = search.advance(1 << 10);
    const operations = search
      .result()
      .statistics.operations.filter(({ operation }) => operation !== 'packet');
    const unmet = operations.flatMap(({ operation, done, refused }) => [
      ...(done > 0 ? [] : [operation]),
      ...Object.keys(refused).flatMap((guard) => (refused[guard]! > 0 ? [] : [`${operation}/${guard}`])),
    ]);
    if (!goesOn || unmet.every((one) => known.includes(one))) return unmet;
  }
}

for (const proposal of designs) {
  test(`${proposal.name}: every operation can succeed, and every guard can refuse, but for those with a reason`, (t) => {
    const known = Object.keys(idle[proposal.name] ?? {});

    t.deepEqual(neverMet(proposal, {}, known).sort(), [...known].sort());
  });
}

test('link-fd: with room for a third program, an extension is refused as a target', (t) => {
  t.deepEqual(neverMet(linkFd, { programs: 3 }, Object.keys(idle['link-fd']!)), [
    'load-extension/target-has-the-subprogram',
  ]);
});
