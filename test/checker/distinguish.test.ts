import test from 'ava';
import type { Sides } from '../../checker/alignment.js';
import type { Distinction } from '../../checker/distinction.js';
import { distinguish, type DistinguishOptions } from '../../checker/distinguish.js';
import { searchExhaustively } from '../../checker/exhaustive.js';
import { ModelFault } from '../../checker/faults.js';
import { callText, outcomeText, play } from '../../checker/playback.js';
import { createPrng, type Prng } from '../../checker/prng.js';
import { kernelAspects } from '../../model/kernel/aspects.js';
import { guard, Machine, operation, possible, type Errno } from '../../model/machine/index.js';
import { nat, NONE, struct } from '../../model/state/index.js';
import { designs, machineOf } from '../../model/proposals/index.js';
import { attachMini } from '../models/attach-mini.js';
import { box } from '../models/box.js';
import { lock } from '../models/lock.js';
import { brokenMutex, files, grid, machineOver } from '../models/tiny.js';

/** The calls of both sides, `-` where a side is not called. */
function lines<S>(machines: Sides<Machine<S>>, { calls, traces }: Distinction): string[] {
  const played = traces.map((trace, side) => play(machines[side]!, trace).steps);
  return calls.map((call) =>
    call
      .map((at, side) => {
        const step = played[side]![at];
        return step ? `${callText(step)} ${outcomeText(step.outcome)}` : '-';
      })
      .join(' | '),
  );
}

/** Everything that tells two machines apart: how, and by which calls. */
function told<S>(machines: Sides<Machine<S>>, options: DistinguishOptions<S> = {}): [string, ...string[]][] {
  return distinguish(machines, options).distinctions.map((found) => [found.how, ...lines(machines, found)]);
}

test('a machine cannot be told apart from itself, and there are no more joint states than states', (t) => {
  const small = { processes: 1, fds: 2, programs: 2, attachments: 1, pins: 1 };
  const pairs: Sides<Machine>[] = [
    [brokenMutex(), brokenMutex()] as unknown as Sides<Machine>,
    [grid(4, 3), grid(4, 3)] as unknown as Sides<Machine>,
    [files(), files()] as unknown as Sides<Machine>,
    [lock(), lock()] as unknown as Sides<Machine>,
    [box(), box()] as unknown as Sides<Machine>,
    ...designs.map(
      (proposal) => [machineOf(proposal, small), machineOf(proposal, small)] as unknown as Sides<Machine>,
    ),
  ];
  const size = { processes: 2, hooks: 1, programs: 1, links: 2 };
  pairs.push([new Machine(attachMini(size)), new Machine(attachMini(size))] as unknown as Sides<Machine>);
  for (const machines of pairs) {
    const { distinctions, closed, statistics } = distinguish(machines);
    t.deepEqual(distinctions, [], machines[0].name);
    t.true(closed);
    t.is(statistics.states, searchExhaustively(machines[0], []).statistics.states, machines[0].name);
  }
});

test('a call that one side alone refuses', (t) => {
  t.deepEqual(told([lock(), lock({ releasedByAnybody: true })]), [
    ['outcome', 'A.take() ok | A.take() ok', 'B.release() EPERM | B.release() ok'],
  ]);
});

test('a call that both refuse, with different errors; the search goes on behind it', (t) => {
  const machines = [lock(), lock({ busy: 'EAGAIN', releasedByAnybody: true })] as const;
  const { distinctions, closed } = distinguish(machines);
  t.deepEqual(
    distinctions.map((found) => [found.how, ...lines(machines, found)]),
    [
      ['errno', 'A.take() ok | A.take() ok', 'A.take() EBUSY | A.take() EAGAIN'],
      ['outcome', 'A.take() ok | A.take() ok', 'B.release() EPERM | B.release() ok'],
    ],
  );
  t.deepEqual(distinctions[0]!.refusals, [
    { errno: 'EBUSY', guard: 'lock-is-free' },
    { errno: 'EAGAIN', guard: 'lock-is-free' },
  ]);
  t.true(closed);
});

test('one difference hides the guards behind it, but not other differences', (t) => {
  // Whoever releases does not free it: seen at once, wherever one looks.
  const machines = [lock(), lock({ staysTaken: true })] as const;
  const { distinctions } = distinguish(machines);
  t.is(distinctions.length, 1);
  const [found] = distinctions as [Distinction];
  t.deepEqual(lines(machines, found), [
    'A.take() ok | A.take() ok',
    'A.release() ok | A.release() ok',
    'see(front) nobody | see(front) A',
    'see(back) nobody | see(back) A',
  ]);
  t.is(found.length, 2);
  t.deepEqual(
    found.contrasts.map(({ kind, name, contrast }) => [kind, name, contrast]),
    [
      ['sight', 'see(front)', 'other'],
      ['sight', 'see(back)', 'other'],
    ],
  );
});

test('an operation that one side alone has is called there, to see what it changes', (t) => {
  t.deepEqual(told([lock(), lock({ canBeBroken: true })]), [
    [
      'contrast',
      'A.take() ok | A.take() ok',
      '- | A.break() ok',
      'see(front) A | see(front) nobody',
      'see(back) A | see(back) nobody',
    ],
  ]);
});

test('operations of other names are the same if somebody says so', (t) => {
  const machines = [lock(), lock({ take: 'seize' })] as const;
  t.is(distinguish(machines).distinctions.length, 2);
  t.deepEqual(distinguish(machines, { same: [['take', 'seize']] }).distinctions, []);
});

test('the first states can differ, and nothing is called then', (t) => {
  const at = (start: number) =>
    machineOver(struct({ at: nat(2) }), {
      initial: (s) => {
        s.at = start;
      },
      operations: [
        operation({
          verb: 'turn',
          summary: 'turns',
          params: {},
          effect: (s) => (s.at = 1 - s.at) && undefined,
        }),
        operation({ verb: 'see', summary: 'sees', params: {}, observe: (s) => [s.at] }),
      ],
    });
  const { distinctions, statistics } = distinguish([at(0), at(1)]);
  t.deepEqual(
    distinctions.map(({ length, operation, contrasts }) => [length, operation, contrasts[0]!.name]),
    [[0, undefined, 'see()']],
  );
  t.is(statistics.calls, 0);
});

test('a call that can be made on one side only', (t) => {
  const door = (opens: boolean) =>
    machineOver(struct({ at: nat(2) }), {
      operations: [
        operation({
          verb: 'open',
          summary: 'opens',
          params: {},
          possible: [possible('it-opens', () => opens)],
        }),
      ],
    });
  t.deepEqual(told([door(true), door(false)]), [['possible', 'open() ok | open() impossible']]);
});

test('a bound of one side is no difference, and is named', (t) => {
  const { distinctions, statistics } = distinguish([box(), box({ room: 1 })]);
  t.deepEqual(distinctions, []);
  t.deepEqual(statistics.boundsMet, ['items']);
});

test('a full table is no difference if its error is given, and is named', (t) => {
  const machines = [lock({ busy: 'EMFILE' }), lock({ busy: 'EBUSY' })] as const;
  t.is(distinguish(machines).distinctions.length, 1);
  const { distinctions, statistics } = distinguish(machines, { fullErrnos: ['EMFILE'] });
  t.deepEqual(distinctions, []);
  t.deepEqual(statistics.boundsMet, ['lock-is-free']);
});

test('numbers correspond, whatever they are', (t) => {
  const { distinctions, closed } = distinguish([box(), box({ fromAbove: true })]);
  t.deepEqual(distinctions, []);
  t.true(closed);
});

test('an object that is alive on one side only', (t) => {
  const machines = [box({ isClosed: true }), box({ isClosed: true, leaks: true })] as const;
  const { distinctions } = distinguish(machines);
  t.deepEqual(
    distinctions.map((found) => lines(machines, found)),
    [['item = make() n0 | item = make() n0', 'close(item) ok | close(item) ok']],
  );
  const [contrast] = distinctions[0]!.contrasts;
  t.deepEqual(contrast, {
    kind: 'alive',
    name: 'which objects are alive',
    contrast: 'only-second',
    objects: [0, 0],
  });
});

test('a number of another object', (t) => {
  t.deepEqual(told([box(), box({ confuses: true })]), [
    [
      'object',
      'item1 = make() n0 | item1 = make() n0',
      'item2 = make() n1 | item2 = make() n1',
      'item2_again = again(item2) n2 | item1_again = again(item2) n2',
    ],
  ]);
});

test('what has no number on one side is called on the other alone', (t) => {
  const machines = [box(), box({ keepsNumbers: true })] as const;
  const [found] = distinguish(machines).distinctions as [Distinction];
  t.deepEqual(lines(machines, found), [
    'item = make() n0 | make() ok',
    'close(item) ok | -',
    'count() 0 | count() 1',
  ]);
  t.deepEqual(found.calls[1], [1, NONE]);
});

test('what one side alone asks for is chosen so that both agree, if it can be', (t) => {
  const gate = (asks: boolean, right: number) =>
    machineOver(struct({ isOpen: nat(2) }), {
      operations: [
        operation({
          verb: 'open',
          summary: 'opens the gate',
          params: asks
            ? { word: { name: 'word', values: ['a', 'b'], interchangeable: false, optional: false } }
            : {},
          guards: asks ? [guard('word-is-right', 'EPERM', (_s, word: number) => word === right)] : [],
        }),
      ],
    });
  t.deepEqual(told([gate(false, 0), gate(true, 1)]), []);
  // With no right word the nearest call is told; all are as near.
  t.deepEqual(told([gate(false, 0), gate(true, 2)]), [['outcome', 'open() ok | open(a) EPERM']]);
});

test('what is compared besides can be given', (t) => {
  const [linkFd] = designs.filter(({ name }) => name === 'link-fd');
  const bounds = { processes: 1, fds: 2, programs: 1, attachments: 1 };
  const machines = [
    machineOf(linkFd!, bounds),
    machineOf(linkFd!, bounds, { without: ['hold:pins'] }),
  ] as const;
  // A pin that holds nothing: the program goes with its descriptor, and the pin with it only if somebody looks at pins.
  const [found] = distinguish(machines, { aspects: kernelAspects }).distinctions as [Distinction];
  t.deepEqual(lines(machines, found).slice(0, 3), [
    'rootlet = A.load(rootlet) fd3 | rootlet = A.load(rootlet) fd3',
    'A.pin(rootlet, /pin1) ok | A.pin(rootlet, /pin1) ok',
    'A.close(rootlet) ok | A.close(rootlet) ok',
  ]);
  t.deepEqual(
    found.contrasts.map(({ kind, contrast }) => [kind, contrast]),
    [['alive', 'only-first']],
  );
});

test('a search that is stopped says how far it looked', (t) => {
  const machines = [lock(), lock({ busy: 'EAGAIN' })] as const;
  const none = distinguish(machines, { depth: 1 });
  t.deepEqual(none.distinctions, []);
  t.false(none.closed);
  t.is(none.stoppedBy, 'depth');
  t.is(none.statistics.depth, 1);
  t.is(distinguish(machines, { depth: 2 }).distinctions.length, 1);
  t.is(distinguish([grid(5, 5), grid(5, 5)], { maxStates: 4 }).stoppedBy, 'states');
});

test('an operation that throws is told with the calls that lead there', (t) => {
  const counter = (most: number) =>
    machineOver(struct({ at: nat(most) }), {
      name: `counter-${most}`,
      operations: [
        operation({
          verb: 'count',
          summary: 'counts up to three',
          params: {},
          guards: [guard('below-three', 'ERANGE', (s) => s.at < 3)],
          effect(s) {
            s.at++;
          },
        }),
      ],
    });
  const fault = t.throws(() => distinguish([counter(4), counter(3)]), { instanceOf: ModelFault });
  t.is(fault.machine, 'counter-3');
  t.is(fault.trace.length, 3);
});

/** A machine of four states and three calls without arguments, each refused in some states; `see` shows a colour. */
function automaton(prng: Prng) {
  const numbers = (count: number, below: number): number[] =>
    Array.from({ length: count }, () => prng.next(below));
  const colours = [0, ...numbers(3, 2)];
  const errnos: readonly Errno[] = ['EBUSY', 'EPERM'];
  const machine = machineOver(struct({ at: nat(4) }), {
    operations: [
      ...['a', 'b', 'c'].map((verb) => {
        const next = numbers(4, 4);
        const refused = numbers(4, 4);
        return operation<{ at: number }>({
          verb,
          summary: 'goes somewhere',
          params: {},
          guards: [guard('may', errnos[prng.next(2)]!, (s) => refused[s.at] !== 0)],
          effect(s) {
            s.at = next[s.at]!;
          },
        });
      }),
      operation({ verb: 'see', summary: 'sees the colour', params: {}, observe: (s) => [colours[s.at]!] }),
    ],
  });
  return { machine, colour: (): number => colours[machine.state.at]! };
}

type Automaton = ReturnType<typeof automaton>;

/** The length of the shortest sequence for each kind of difference, by making all sequences of up to `most` calls. */
function shortestByHand(both: Sides<Automaton>, most: number): Record<string, number> {
  const shortest: Record<string, number> = {};
  const meet = (kind: string, length: number): void => {
    shortest[kind] = Math.min(shortest[kind] ?? Infinity, length);
  };
  function go(calls: readonly number[]): void {
    if (calls.length === most) return;
    for (const call of [0, 1, 2]) {
      for (const { machine } of both) machine.reset();
      for (const before of calls) for (const { machine } of both) machine.call(before, []);
      const [first, second] = both.map(({ machine }) => machine.call(call, []));
      const name = 'abc'[call]!;
      const [one, other] = both.map(({ machine }) => machine.operations[call]!.guards[0]!.errno);
      if (first! < 0 !== second! < 0)
        meet(`${name} outcome ${first! < 0 ? 'first' : 'second'}`, calls.length + 1);
      else if (first! < 0) {
        // Nothing has happened: whatever comes behind comes without this call, too.
        if (one !== other) meet(`${name} errno`, calls.length + 1);
      } else if (both[0].colour() !== both[1].colour()) meet(`${name} contrast`, calls.length + 1);
      else go([...calls, call]);
    }
  }
  go([]);
  return shortest;
}

test('each kind of difference comes by a shortest sequence: the same as when all sequences are made', (t) => {
  const prng = createPrng();
  prng.seed(7);
  let kinds = 0;
  for (let pair = 0; pair < 150; pair++) {
    const both = [automaton(prng), automaton(prng)] as const;
    const found = distinguish([both[0].machine, both[1].machine], { depth: 6 }).distinctions.map(
      ({ operation: name, how, refusals, length }) =>
        [
          how === 'outcome' ? `${name} outcome ${refusals[0] ? 'first' : 'second'}` : `${name} ${how}`,
          length,
        ] as const,
    );
    t.deepEqual(Object.fromEntries(found), shortestByHand(both, 6));
    t.is(new Set(found.map(([kind]) => kind)).size, found.length);
    kinds += found.length;
  }
  t.true(kinds > 300);
});

test('all pairs of built-in designs are searched without a fault, and what is found replays', (t) => {
  for (const a of designs) {
    for (const b of designs.slice(designs.indexOf(a) + 1)) {
      const bounds = { processes: 2, fds: 3, programs: 2, attachments: 2, maps: 1, pins: 1, devices: 1 };
      const machines = [machineOf(a, bounds), machineOf(b, bounds)] as const;
      const { distinctions } = distinguish(machines, {
        aspects: kernelAspects,
        fullErrnos: ['EMFILE'],
        depth: 3,
      });
      t.true(distinctions.length > 0, `${a.name} ${b.name}`);
      for (const found of distinctions) {
        // Every call but the last does something wherever it is made, and A is the first to act.
        const played = found.traces.map((trace, side) => play(machines[side]!, trace).steps);
        const made = found.calls.map((call) => call.map((at, side) => played[side]![at]));
        const earlier = made.slice(0, Math.max(0, found.length - 1)).flat();
        t.true(earlier.every((step) => !step || ['ok', 'value'].includes(step.outcome.kind)));
        t.true(made[0]!.every((step) => !step || step.actor === 'A'));
        t.is(
          found.calls.length - found.length,
          found.contrasts.filter(({ kind }) => kind === 'sight').length,
        );
      }
    }
  }
});
