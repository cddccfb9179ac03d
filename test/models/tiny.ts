/** Tiny machines whose states, transitions and shortest paths can be counted by hand. */
import {
  domain,
  guard,
  interchangeable,
  issued,
  Machine,
  operation,
  possible,
  roomFor,
  type MachineDefinition,
  type Operation,
  type Switches,
} from '../../model/machine/index.js';
import {
  array,
  bool,
  nat,
  NONE,
  refers,
  struct,
  table,
  type Fields,
  type Struct,
  type ValueOf,
} from '../../model/state/index.js';
import {
  broken,
  defineProperty,
  KEPT,
  type Property,
  type StateProperty,
  type StepProperty,
  type WitnessProperty,
} from '../../checker/property.js';

/** What a machine over a schema is made of; it starts with all zero unless it says otherwise. */
type Draft<S> = Omit<MachineDefinition<S>, 'name' | 'schema' | 'initial'> & {
  readonly name?: string;
  readonly initial?: (state: S) => void;
};

/** A machine whose rules see the state that its schema says. */
export function machineOver<F extends Fields>(
  schema: Struct<F>,
  draft: Draft<ValueOf<Struct<F>>>,
  switches?: Switches,
): Machine<ValueOf<Struct<F>>> {
  return new Machine({ name: 'tiny', initial: () => undefined, ...draft, schema }, switches);
}

/** The state that a machine's rules see. */
export type StateOf<M> = M extends Machine<infer S> ? S : never;

const said = {
  claim: 'said for a test',
  source: 'this test',
  situation: 'always',
  speaksAbout: 'all',
} as const;

/** What a test wants to say of a property; the sentences are filled in. */
export function stateProperty<S>(
  check: StateProperty<S>['check'],
  more: Partial<StateProperty<S>> = {},
): Property<S> {
  return defineProperty<S>({ ...said, name: 'state-property', kind: 'state', check, ...more });
}

export function settledProperty<S>(check: StateProperty<S>['check'], name = 'settled-property'): Property<S> {
  return defineProperty<S>({ ...said, name, kind: 'settled', check });
}

export function stepProperty<S>(
  check: StepProperty<S>['check'],
  more: Partial<StepProperty<S>> = {},
): Property<S> {
  return defineProperty<S>({ ...said, name: 'step-property', kind: 'step', check, ...more });
}

export function witness<S>(
  reached: WitnessProperty<S>['reached'],
  more: Partial<WitnessProperty<S>> = {},
): Property<S> {
  return defineProperty<S>({ ...said, name: 'witness', kind: 'witness', reached, ...more });
}

/** Breaks where `test` is true, and is kept everywhere else. */
export function never<S>(clause: string, test: (state: S) => boolean): Property<S> {
  return stateProperty((state) => (test(state) ? broken(clause) : KEPT), { name: 'never' });
}

/** 0 → 1 → … → n: n + 1 states in a row, n transitions. */
export function counter(n: number) {
  return machineOver(struct({ count: nat(n + 1) }), {
    name: 'counter',
    operations: [
      operation({
        verb: 'up',
        summary: 'one more',
        params: {},
        possible: [possible('below-the-top', (s) => s.count < n)],
        effect(s) {
          s.count++;
        },
      }),
    ],
  });
}

/** k bits, each of which can be flipped at any time: 2^k states, k × 2^k transitions, the farthest state k away. */
export function toggler(k: number) {
  const bits = domain(
    'bit',
    Array.from({ length: k }, (_, i) => `bit${i}`),
  );
  return machineOver(struct({ bits: array(k, bool) }), {
    name: 'toggler',
    operations: [
      operation({
        verb: 'flip',
        summary: 'flips a bit',
        params: { bit: bits },
        effect: (s, bit) => s.bits.set(bit, !s.bits.get(bit)),
      }),
    ],
  });
}

const process = interchangeable('process', ['A', 'B']);

/** What a process does, in {@link lock} and {@link brokenMutex}. */
export const IDLE = 0;
export const WAITING = 1;
export const CRITICAL = 2;

/**
 * Two processes and a lock. Each is idle (i), waiting (w) or critical (c):
 *
 *         ┌──────▶ wi ──────▶ ci ──────▶ cw        a process that waits while the other
 *        ii          ╲    ╱      ╲                 is critical is refused: in cw, in wc
 *         │           ww          (from ci back to ii, from cw to iw; the same mirrored)
 *         └──────▶ iw ──────▶ ic ──────▶ wc
 *
 * All pairs but cc: 8 states. Each process can do something in each, but in cw and wc one is refused: 14 transitions and 2
 * refusals. The farthest states, cw and wc, are 3 calls away.
 */
export function lock(switches?: Switches) {
  return machineOver(
    struct({ at: array(2, nat(3)) }),
    {
      name: 'lock',
      operations: [
        operation({
          verb: 'want',
          summary: 'starts to wait',
          params: { actor: process },
          possible: [possible('actor-is-idle', (s, actor: number) => s.at.get(actor) === IDLE)],
          effect: (s, actor) => s.at.set(actor, WAITING),
        }),
        operation({
          verb: 'enter',
          summary: 'takes the lock',
          params: { actor: process },
          possible: [possible('actor-waits', (s, actor: number) => s.at.get(actor) === WAITING)],
          guards: [
            guard('lock-is-free', 'EBUSY', (s) => s.at.get(0) !== CRITICAL && s.at.get(1) !== CRITICAL),
          ],
          effect: (s, actor) => s.at.set(actor, CRITICAL),
        }),
        operation({
          verb: 'leave',
          summary: 'gives the lock back',
          params: { actor: process },
          possible: [possible('actor-is-inside', (s, actor: number) => s.at.get(actor) === CRITICAL)],
          effect: (s, actor) => s.at.set(actor, IDLE),
        }),
      ],
    },
    switches,
  );
}

/**
 * A mutex that looks first and enters later. Both processes are inside after 4 calls, two of each: A looks, B looks, A enters,
 * B enters. Fewer cannot do, because each must look and enter. 9 states: each process is idle, has seen the lock free, or is
 * inside.
 */
export function brokenMutex() {
  return machineOver(struct({ at: array(2, nat(3)) }), {
    name: 'broken-mutex',
    operations: [
      operation({
        verb: 'look',
        summary: 'sees that nobody is inside',
        params: { actor: process },
        possible: [possible('actor-is-idle', (s, actor: number) => s.at.get(actor) === IDLE)],
        guards: [guard('lock-is-free', 'EBUSY', (s) => s.at.get(0) !== CRITICAL && s.at.get(1) !== CRITICAL)],
        effect: (s, actor) => s.at.set(actor, WAITING),
      }),
      operation({
        verb: 'enter',
        summary: 'goes in without looking again',
        params: { actor: process },
        possible: [possible('actor-has-looked', (s, actor: number) => s.at.get(actor) === WAITING)],
        effect: (s, actor) => s.at.set(actor, CRITICAL),
      }),
      operation({
        verb: 'leave',
        summary: 'goes out',
        params: { actor: process },
        possible: [possible('actor-is-inside', (s, actor: number) => s.at.get(actor) === CRITICAL)],
        effect: (s, actor) => s.at.set(actor, IDLE),
      }),
    ],
  });
}

export type MutexState = StateOf<ReturnType<typeof brokenMutex>>;

export const mutualExclusion: Property<MutexState> = stateProperty(
  (s) => (s.at.get(0) === CRITICAL && s.at.get(1) === CRITICAL ? broken('both are inside') : KEPT),
  { name: 'mutual-exclusion' },
);

/**
 * A walk on a grid, in four directions: width × height states, each pair of neighbours two transitions, and the corner
 * across is (width - 1) + (height - 1) calls away.
 */
export function grid(width: number, height: number) {
  type GridState = ValueOf<Struct<{ x: ReturnType<typeof nat>; y: ReturnType<typeof nat> }>>;
  const step = (verb: string, dx: number, dy: number): Operation<GridState> =>
    operation({
      verb,
      summary: `one step ${verb}`,
      params: {},
      possible: [
        possible('stays-on-the-grid', ({ x, y }) => {
          return x + dx >= 0 && x + dx < width && y + dy >= 0 && y + dy < height;
        }),
      ],
      effect(s) {
        s.x += dx;
        s.y += dy;
      },
    });
  return machineOver(struct({ x: nat(width), y: nat(height) }), {
    name: 'grid',
    operations: [step('left', -1, 0), step('right', 1, 0), step('up', 0, -1), step('down', 0, 1)],
  });
}

/**
 * Two processes, files in places that both can use, and descriptors: `open` makes a file and gives its actor a descriptor of
 * it, `send` gives the other one too. Writing after the other has removed the file is possible, and that is its bug:
 * open, remove, write.
 */
export function files() {
  const fd = issued('fd', ['fd3', 'fd4', 'fd5'], 'actor');
  const schema = struct({
    files: table(2, { removed: bool, written: bool }),
    fds: array(2, struct({ file: array(3, refers('files')) })),
    ticks: nat(2),
  });
  type FilesState = ValueOf<typeof schema>;
  const fileBehind = (s: FilesState, actor: number, descriptor: number): number =>
    s.fds[actor]!.file.get(descriptor);
  const freeFd = (s: FilesState, actor: number): number =>
    [0, 1, 2].find((descriptor) => fileBehind(s, actor, descriptor) === NONE) ?? NONE;
  const isOpen = guard<FilesState>('fd-is-open', 'EBADF', (s, actor: number, descriptor: number) => {
    return fileBehind(s, actor, descriptor) !== NONE;
  });
  return machineOver(schema, {
    name: 'files',
    kindOf: () => 'file',
    objectBehind: (s, _domain, owner, value) => fileBehind(s, owner, value),
    isLive: (s, object) => s.files[object]!.live,
    operations: [
      operation({
        verb: 'open',
        summary: 'makes a file',
        params: { actor: process },
        possible: [roomFor('files', (s) => !s.files[0]!.live || !s.files[1]!.live)],
        guards: [guard('fd-is-free', 'EMFILE', (s, actor) => freeFd(s, actor) !== NONE)],
        effect(s, actor) {
          const file = s.files[0]!.live ? 1 : 0;
          const descriptor = freeFd(s, actor);
          s.files[file]!.live = true;
          s.fds[actor]!.file.set(descriptor, file);
          return descriptor;
        },
        returns: { domain: fd, owner: 'actor' },
      }),
      operation({
        verb: 'send',
        summary: 'gives a descriptor to a process',
        params: { actor: process, fd, to: process },
        guards: [
          isOpen,
          guard('receiver-has-a-free-fd', 'EMFILE', (s, _actor, _fd, to) => freeFd(s, to) !== NONE),
        ],
        effect(s, actor, descriptor, to) {
          const there = freeFd(s, to);
          s.fds[to]!.file.set(there, fileBehind(s, actor, descriptor));
          return there;
        },
        returns: { domain: fd, owner: 'to' },
      }),
      operation({
        verb: 'close',
        summary: 'closes a descriptor',
        params: { actor: process, fd },
        guards: [isOpen],
        effect: (s, actor, descriptor) => s.fds[actor]!.file.set(descriptor, NONE),
      }),
      operation({
        verb: 'remove',
        summary: 'removes the file behind a descriptor',
        params: { actor: process, fd },
        guards: [isOpen],
        effect(s, actor, descriptor) {
          s.files[fileBehind(s, actor, descriptor)]!.removed = true;
        },
      }),
      operation({
        verb: 'write',
        summary: 'writes to the file behind a descriptor',
        params: { actor: process, fd },
        guards: [isOpen],
        effect(s, actor, descriptor) {
          s.files[fileBehind(s, actor, descriptor)]!.written = true;
        },
      }),
      operation({
        verb: 'tick',
        summary: 'time passes, for whoever asks',
        params: { actor: process },
        effect(s) {
          s.ticks = 1 - s.ticks;
        },
      }),
    ],
  });
}

export type FilesState = StateOf<ReturnType<typeof files>>;
