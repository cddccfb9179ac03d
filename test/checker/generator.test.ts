import test from 'ava';
import {
  domain,
  guard,
  operation,
  optional,
  possible,
  refuse,
  type Machine,
} from '../../model/machine/index.js';
import { NONE, nat, struct } from '../../model/state/index.js';
import { machineOf, proposals } from '../../model/proposals/index.js';
import { SequenceGenerator, type GeneratorOptions } from '../../checker/generator.js';
import { runTrace, type Trace } from '../../checker/trace.js';
import { counter, files, grid, lock, machineOver, toggler } from '../models/tiny.js';

interface Drawn {
  readonly sequences: number;
  readonly calls: number;
  readonly refused: number;
  /** Calls that only look. */
  readonly looks: number;
  readonly lengths: readonly number[];
  readonly byOperation: Readonly<Record<string, number>>;
}

/** What comes of drawing the sequences for seeds 0, 1, 2, … */
function draw<S>(machine: Machine<S>, sequences: number, options: GeneratorOptions = {}): Drawn {
  const generator = new SequenceGenerator(machine, options);
  const byOperation: Record<string, number> = {};
  const lengths: number[] = [];
  let [calls, refused, looks] = [0, 0, 0];
  for (let seed = 0; seed < sequences; seed++) {
    const before = calls;
    generator.run(seed, (operation, _args, code) => {
      const { name, observe } = machine.operations[operation]!;
      byOperation[name] = (byOperation[name] ?? 0) + 1;
      calls++;
      if (code < 0) refused++;
      else if (observe) looks++;
    });
    lengths.push(calls - before);
  }
  return { sequences, calls, refused, looks, lengths, byOperation };
}

for (const proposal of proposals) {
  test(`of the calls drawn for ${proposal.name}, at least 95 of 100 do something or are refused on purpose`, (t) => {
    const { calls, refused, looks } = draw(machineOf(proposal), 1000);

    // Five of 100 draws take whatever comes first, which may well succeed: fewer than that are refused.
    t.true(refused > 0 && refused <= 0.05 * calls);
    t.is(looks, 0);
  });

  test(`without wrong calls none that is drawn for ${proposal.name} is refused`, (t) => {
    t.is(draw(machineOf(proposal), 300, { wrongCalls: 0 }).refused, 0);
  });
}

test('with wrong calls alone, most of what is drawn is what a careless caller would do', (t) => {
  const { calls, refused } = draw(machineOf(proposals[0]!), 300, { wrongCalls: 100 });

  t.true(refused > 0.5 * calls);
});

test('the same seed draws the same sequence, whatever was drawn before', (t) => {
  const one = new SequenceGenerator(files());
  const other = new SequenceGenerator(files());
  for (let seed = 0; seed < 20; seed++) one.draw(seed);

  for (let seed = -10; seed < 10; seed++) t.deepEqual(one.draw(seed), other.draw(seed));
});

test('different seeds draw different sequences', (t) => {
  const generator = new SequenceGenerator(machineOf(proposals[0]!), { minLength: 10, swarm: false });
  const drawn = new Set<string>();
  for (let seed = 0; seed < 1000; seed++) drawn.add(JSON.stringify(generator.draw(seed)));

  t.is(drawn.size, 1000);
});

test('a sequence that was drawn is a trace that plays to the same outcomes', (t) => {
  const machine = machineOf(proposals[0]!);
  const generator = new SequenceGenerator(machine, { wrongCalls: 20 });
  for (let seed = 0; seed < 200; seed++) {
    const drawn: number[] = [];
    const played: number[] = [];
    generator.run(seed, (operation, _args, code) => void drawn.push(operation, code));
    const last = machine.memory.memory.slice(0, machine.words);
    runTrace(machine, generator.draw(seed), (_index, code) => void played.push(code));

    t.deepEqual(
      drawn.filter((_, i) => i % 2 === 1),
      played,
    );
    t.deepEqual(machine.memory.memory.slice(0, machine.words), last);
  }
});

test('the lengths asked for are kept', (t) => {
  const lengths = (options: GeneratorOptions): number[] =>
    [...new Set(draw(toggler(3), 300, options).lengths)].sort();

  t.deepEqual(lengths({ minLength: 3, maxLength: 5 }), [3, 4, 5]);
  t.deepEqual(lengths({ minLength: 7, maxLength: 7 }), [7]);
  t.deepEqual(lengths({ minLength: 9, maxLength: 4 }), [4], 'the longest wins');
});

test('sequences have 1 to 30 calls, longer ones more often', (t) => {
  const { lengths, calls, sequences } = draw(toggler(3), 2000);

  t.is(Math.min(...lengths), 1);
  t.is(Math.max(...lengths), 30);
  // The larger of two draws from 1…30: 30 less the mean of (0² + … + 29²) / 30², which is 20.5; the error of 2,000 is 0.2.
  t.true(Math.abs(calls / sequences - 20.5) < 0.6);
});

test('a sequence ends early where nothing can be done any more', (t) => {
  const { lengths } = draw(counter(4), 50, { minLength: 10, maxLength: 20 });

  t.deepEqual([...new Set(lengths)], [4]);
});

test('an operation is drawn as often as its weight says, and never with 0', (t) => {
  // From any state both bits can be flipped, so that nothing but the weights decides.
  const two = machineOver(struct({ a: nat(2), b: nat(2), c: nat(2) }), {
    operations: [
      operation({ verb: 'a', summary: '', params: {}, effect: (s) => void (s.a = 1 - s.a) }),
      operation({ verb: 'b', summary: '', params: {}, effect: (s) => void (s.b = 1 - s.b) }),
      operation({ verb: 'c', summary: '', params: {}, effect: (s) => void (s.c = 1 - s.c) }),
    ],
  });
  const { byOperation, calls } = draw(two, 400, { weights: { a: 9, c: 0 }, swarm: false });

  t.is(byOperation['c'], undefined);
  // 9 of 10 on average; of some 8,000 draws the share is within 2 of 100 of that.
  t.true(Math.abs(byOperation['a']! / calls - 0.9) < 0.02);
});

test('an operation that only looks is drawn only if it is given a weight', (t) => {
  const machine = machineOf(proposals[0]!);

  t.is(draw(machine, 100).byOperation['packet'], undefined);
  t.true(draw(machine, 100, { weights: { packet: 1 } }).byOperation['packet']! > 0);
});

test('weights that leave nothing to draw are an error', (t) => {
  t.throws(() => new SequenceGenerator(counter(3), { weights: { up: 0 } }), {
    instanceOf: RangeError,
    message: 'no operation has a weight above 0',
  });
});

/** How many of the sequences go without at least one of the operations. */
function incomplete(options: GeneratorOptions): number {
  const machine = grid(3, 3);
  const generator = new SequenceGenerator(machine, { minLength: 60, maxLength: 60, ...options });
  let count = 0;
  for (let seed = 0; seed < 400; seed++) {
    const used = new Set<number>();
    generator.run(seed, (operation) => void used.add(operation));
    if (used.size < machine.operations.length) count++;
  }
  return count;
}

test('swarm testing leaves operations out of half of the sequences, and only if it is wanted', (t) => {
  // Half of them leave each of 4 operations out with a chance of 1/4: 1 - (3/4)^4 = 68 of 100, so 34 of 100 in all.
  const count = incomplete({});

  t.true(count > 100 && count < 180, `${count} of 400`);
  t.is(incomplete({ swarm: false }), 0);
});

test('a swarm leaves each of many operations out by itself', (t) => {
  // More operations than a word has bits.
  const many = machineOver(struct({ on: nat(2) }), {
    operations: Array.from({ length: 70 }, (_, i) =>
      operation({ verb: `op${i}`, summary: '', params: {}, effect: (s) => void (s.on = 1 - s.on) }),
    ),
  });
  const generator = new SequenceGenerator(many, { minLength: 700, maxLength: 700 });
  // For each operation but the first 6, how often it was there and the one 32 before or behind it was not.
  let apart = 0;
  for (let seed = 0; seed < 40; seed++) {
    const used = new Set<number>();
    generator.run(seed, (operation) => void used.add(operation));
    for (let i = 0; i + 32 < 70; i++) if (used.has(i) !== used.has(i + 32)) apart++;
  }

  // In half of 40 sequences, 38 pairs of which one alone is left out with a chance of 2 × 1/4 × 3/4: some 285.
  t.true(apart > 150 && apart < 450, `${apart}`);
});

test('a swarm that leaves everything out draws from everything', (t) => {
  t.true(draw(counter(30), 200).lengths.every((length) => length > 0));
});

test('every value of a parameter is drawn, NONE and the last one too', (t) => {
  const seen = new Set<number>();
  const machine = machineOver(struct({ on: nat(2) }), {
    operations: [
      operation({
        verb: 'set',
        summary: '',
        params: { place: optional(domain('place', ['a', 'b', 'c'])) },
        effect(_s, place) {
          seen.add(place);
        },
      }),
    ],
  });
  draw(machine, 20);

  t.deepEqual([...seen].sort(), [-1, 0, 1, 2]);
});

test('an operation without values for a parameter is never drawn', (t) => {
  const machine = machineOver(struct({ on: nat(2) }), {
    operations: [
      operation({ verb: 'never', summary: '', params: { nothing: domain('nothing', []) } }),
      operation({ verb: 'flip', summary: '', params: {}, effect: (s) => void (s.on = 1 - s.on) }),
    ],
  });

  t.deepEqual(Object.keys(draw(machine, 50).byOperation), ['flip']);
});

test('a focus leaves the operations and arguments that are drawn, until the next one', (t) => {
  const machine = machineOver(struct({ at: nat(10) }), {
    operations: ['put', 'shift'].map((verb) =>
      operation({
        verb,
        summary: '',
        params: { from: optional(domain('place', ['a', 'b', 'c'])), to: domain('place', ['a', 'b', 'c']) },
        guards: [],
        effect: (s, _from, to) => void (s.at = to),
      }),
    ),
  });
  const generator = new SequenceGenerator(machine, { minLength: 30, maxLength: 30, swarm: false });
  const drawn = (): string[] => {
    const calls = generator.draw(3).map(({ operation, args }) => JSON.stringify([operation, ...args]));
    return [...new Set(calls)].sort();
  };

  generator.focus({ weights: { shift: 2 }, values: () => [NONE, 1] });
  t.deepEqual(drawn(), ['[1,-1,1]', '[1,1,1]']);
  // NONE is no value of the second parameter: what is left for it is everything.
  generator.focus({ weights: { put: 1 }, values: () => [NONE] });
  t.deepEqual(drawn(), ['[0,-1,0]', '[0,-1,1]', '[0,-1,2]']);
});

test('a wrong call is made only if it was refused or succeeded, never if it is impossible', (t) => {
  const machine = lock();
  const codes = new Set<number>();
  const generator = new SequenceGenerator(machine, { wrongCalls: 100 });
  for (let seed = 0; seed < 200; seed++)
    generator.run(seed, (_operation, _args, code) => void codes.add(code));

  t.deepEqual([...codes].sort(), [-1, 0]);
});

test('a refused call that is not wanted leaves no trace, even if its effect had begun', (t) => {
  const machine = machineOver(struct({ count: nat(100), on: nat(2) }), {
    operations: [
      operation({
        verb: 'fail',
        summary: 'counts, and then fails',
        params: {},
        guards: [guard('is-on', 'EAGAIN', (s) => s.on === 1)],
        effect(s) {
          s.count++;
          return refuse('ENOMEM');
        },
      }),
      operation({
        verb: 'flip',
        summary: '',
        params: {},
        possible: [possible('count-is-0', (s) => s.count === 0)],
        effect: (s) => void (s.on = 1 - s.on),
      }),
    ],
  });
  const generator = new SequenceGenerator(machine, {
    wrongCalls: 0,
    swarm: false,
    minLength: 10,
    maxLength: 10,
  });
  const drawn: Trace = generator.draw(1);

  t.is(machine.state.count, 0);
  t.deepEqual(drawn, new Array(10).fill({ operation: 1, args: [] }));
});
