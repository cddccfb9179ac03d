import test from 'ava';
import fc from 'fast-check';
import { isDeepStrictEqual } from 'node:util';
import { linkFd } from '../../model/proposals/link-fd.js';
import { netlinkXdp } from '../../model/proposals/netlink-xdp.js';
import { proposals } from '../../model/proposals/index.js';
import { machineOf } from '../../model/proposals/proposal.js';
import { domain, domainSize, issued, Machine, operation } from '../../model/machine/index.js';
import { MAX_PARAMETERS } from '../../model/machine/operation.js';
import { nat, struct, type ValueOf } from '../../model/state/index.js';
import { outcomeText, play } from '../../checker/playback.js';
import { Recorder } from '../../checker/trace.js';
import { bindCase, caseOf, printCase, withoutNeedlessBounds } from '../../corpus/index.js';
import {
  machineFor,
  neverOverridden,
  OVERRIDE,
  read,
  ROOTLET_CASE,
  somethingAttached,
  withLine,
} from './setting.js';

const OVERRIDE_ABOUT = {
  title: 'B overrides what A attached',
  proposal: 'netlink-xdp',
  expect: 'violated',
} as const;

test('a trace becomes the case that a person would write', (t) => {
  const machine = machineOf(netlinkXdp);
  const { trace } = bindCase(read(OVERRIDE), machine);

  t.is(printCase(caseOf(machine, neverOverridden, { trace }, OVERRIDE_ABOUT)), OVERRIDE);
});

test('names come from what is loaded and attached, and rules that are off and bounds are written down', (t) => {
  const machine = machineOf(linkFd, { fds: 4 }, { without: ['device-is-free'] });
  const { trace } = bindCase(read(ROOTLET_CASE), machine);
  const about = { title: ' a firewall\n in a rootlet', proposal: 'link-fd', expect: 'reached' } as const;
  const made = caseOf(
    machine,
    somethingAttached,
    { trace },
    { ...about, origins: ['a\tsearch'], bounds: { fds: 4 } },
  );

  t.is(
    printCase(made),
    `case: a firewall in a rootlet
proposal: link-fd
property: something-attached
expect: reached
origin: a search
bounds: fds=4
without: device-is-free

rootlet = A.load(rootlet)                -> fd3
fw1 = A.load(rootlet, placeholder1, fw1) -> fd4
link1 = A.attach(fw1)                    -> fd5
link2 = A.attach(rootlet, eth0)          -> fd6
packet(eth0)                             -> rootlet fw1 placeholder2
`,
  );
});

test('bounds are kept only where the case comes out otherwise without them', (t) => {
  const machine = machineOf(netlinkXdp, { fds: 1 });
  const about = { ...OVERRIDE_ABOUT, bounds: { fds: 1 } };
  const made = (text: string) => caseOf(machine, neverOverridden, bindCase(read(text), machine), about);
  const needless = made(OVERRIDE);
  const needed = made(withLine(OVERRIDE, 7, 'A.load(prog) -> EMFILE\nA.attach(prog1, eth0)'));

  t.deepEqual(withoutNeedlessBounds(needless, machineFor, neverOverridden).bounds, {});
  t.deepEqual(withoutNeedlessBounds(needed, machineFor, neverOverridden).bounds, { fds: 1 });
});

test('a refused call that another one refers to has a name', (t) => {
  const machine = machineOf(netlinkXdp, { fds: 1 });
  const load = machine.operationIndex('load');
  const close = machine.operationIndex('close');
  const trace = [
    { operation: load, args: [0, 0] },
    { operation: load, args: [0, 0] },
    { operation: close, args: [0, { result: 1 }] },
  ];
  const made = caseOf(machine, neverOverridden, { trace }, { ...OVERRIDE_ABOUT, expect: 'kept' });

  t.deepEqual(printCase(made).split('\n').slice(5), [
    'prog = A.load(prog)             -> fd3',
    'result2 = A.load(prog)          -> EMFILE',
    'A.close(result2)                -> impossible',
    '',
  ]);
});

const schema = struct({ count: nat(5) });

test('what would be read in another way is written with plain names and the names of operations', (t) => {
  const number = issued('ticket', ['t1', 't2', 't3'], 'everyone');
  type State = ValueOf<typeof schema>;
  const take = (name: string) =>
    operation<State>({
      name,
      verb: 'take',
      summary: 'takes a ticket',
      params: { colour: domain('colour', ['red']) },
      effect: (s) => s.count++,
      returns: { domain: number },
    });
  const machine = new Machine<State>({
    name: 'tickets',
    schema,
    operations: [take('take'), take('take-other')],
    initial: () => undefined,
  });
  const trace = [
    { operation: 1, args: [0] },
    { operation: 0, args: [0] },
  ];
  const about = { title: 't', proposal: 'tickets', expect: 'kept' } as const;
  const made = caseOf(machine, { name: 'q' }, { trace }, about);

  t.deepEqual(printCase(made).split('\n').slice(5), [
    'result1 = take-other(red)       -> t1',
    'result2 = take(red)             -> t2',
    '',
  ]);
  t.deepEqual(bindCase(made, machine).trace, trace);
});

test('a trace that is none of the machine cannot be written', (t) => {
  const machine = machineOf(netlinkXdp);
  const attach = machine.operationIndex('attach');
  const trace = [
    { operation: attach, args: [0, 0, 0] },
    { operation: attach, args: [0, { result: 0 }, 0] },
  ];

  t.throws(() => caseOf(machine, neverOverridden, { trace }, OVERRIDE_ABOUT), { instanceOf: RangeError });
});

const machines = proposals.map((proposal) => machineOf(proposal));

/** A machine, and for each call the number of an operation and of its arguments' values. */
const randomCalls = fc.tuple(
  fc.constantFrom(...machines),
  fc.array(fc.tuple(fc.nat(), fc.array(fc.nat(), { minLength: MAX_PARAMETERS, maxLength: MAX_PARAMETERS })), {
    maxLength: 25,
  }),
);

test('whatever was done in a proposal is read again as it was written, and comes to the same', (t) => {
  fc.assert(
    fc.property(randomCalls, ([machine, calls]) => {
      const recorder = new Recorder(machine);
      machine.reset();
      for (const [choice, choices] of calls) {
        const index = choice % machine.operations.length;
        const domains = Object.values(machine.operations[index]!.params);
        const args = domains.map((known, i) => (choices[i]! % domainSize(known)) - (known.optional ? 1 : 0));
        recorder.add(index, args, machine.call(index, args));
      }
      const { trace } = recorder;
      const made = caseOf(machine, { name: 'q' }, { trace }, { ...OVERRIDE_ABOUT, proposal: machine.name });
      const bound = bindCase(made, machine);
      const { steps } = play(machine, trace, bound.names);

      return (
        isDeepStrictEqual(bound.trace, trace) &&
        isDeepStrictEqual(
          bound.expected,
          steps.map(({ outcome }) => outcomeText(outcome)),
        )
      );
    }),
    { numRuns: 200 },
  );
  t.pass();
});
