/**
 * attach-mini: a small attach API whose numbers of states and transitions are known from a C program, SPIN and TLC.
 *
 * Modelled: links in slots, attached to exclusive hooks; processes with up to two descriptors of each link; a pin for each
 * link; crash and restart; forced detach. A link without descriptors and without its pin is freed. Every call that can be
 * made is a precondition, not a guard, so that a transition is a call that did something, as in the other tools.
 */
import {
  domain,
  operation,
  possible,
  type MachineDefinition,
  type Operation,
} from '../../model/machine/index.js';
import { array, bool, nat, NONE, refers, struct, table, type ValueOf } from '../../model/state/index.js';
import { broken, defineProperty, KEPT, type Property } from '../../checker/property.js';

export interface AttachMiniSize {
  readonly processes: number;
  readonly hooks: number;
  readonly programs: number;
  /** Link slots. */
  readonly links: number;
}

/** Descriptors of one link that a process can have. */
const MAX_FDS = 2;

function attachMiniSchema({ processes, hooks, programs, links }: AttachMiniSize) {
  return struct({
    /** `live` says whether the slot is allocated. */
    links: table(
      links,
      {
        attached: bool,
        pinned: bool,
        hook: nat(hooks, { of: 'hooks' }),
        program: nat(programs, { of: 'programs' }),
        /** How many descriptors of the link each process has. */
        fds: array(processes, nat(MAX_FDS + 1), { each: 'processes' }),
      },
      { interchangeable: 'allocated' },
    ),
    /** The link at each hook. */
    holders: array(hooks, refers('links'), { each: 'hooks' }),
    alive: array(processes, bool, { each: 'processes' }),
  });
}

export type AttachMiniState = ValueOf<ReturnType<typeof attachMiniSchema>>;

export function attachMini(size: AttachMiniSize): MachineDefinition<AttachMiniState> {
  return {
    name: `attach-mini(${size.processes}, ${size.hooks}, ${size.programs}, ${size.links})`,
    schema: attachMiniSchema(size),
    operations: [...linkOperations(size), ...descriptorOperations(size), ...processOperations(size)],
    initial(s) {
      for (let p = 0; p < s.alive.length; p++) s.alive.set(p, true);
    },
  };
}

function domainsOf(size: AttachMiniSize) {
  const numbered = (name: string, count: number) =>
    domain(
      name,
      Array.from({ length: count }, (_, i) => `${name}${i}`),
    );
  return {
    process: numbered('process', size.processes),
    hook: numbered('hook', size.hooks),
    program: numbered('program', size.programs),
    link: numbered('link', size.links),
  };
}

function linkOperations(size: AttachMiniSize): Operation<AttachMiniState>[] {
  const { process, hook, program, link } = domainsOf(size);
  const isAttached = possible<AttachMiniState>('link-is-attached', (s, _p, l) => s.links[l]!.attached);
  return [
    operation({
      verb: 'create',
      summary: 'attaches a program to a free hook, in the lowest free slot',
      params: { actor: process, hook, program },
      possible: [
        possible('slot-is-free', (s) => freeSlot(s) !== NONE),
        actorIsAlive,
        possible('hook-is-free', (s, _p, h) => s.holders.get(h) === NONE),
      ],
      effect(s, p, h, g) {
        const slot = freeSlot(s);
        const link = s.links[slot]!;
        link.live = true;
        link.attached = true;
        link.hook = h;
        link.program = g;
        link.fds.set(p, 1);
        s.holders.set(h, slot);
      },
    }),
    operation({
      verb: 'update',
      summary: 'another program in an attached link',
      params: { actor: process, link, program },
      possible: [
        actorHasFd,
        isAttached,
        possible('program-differs', (s, _p, l, g) => s.links[l]!.program !== g),
      ],
      effect(s, _p, l, g) {
        s.links[l]!.program = g;
      },
    }),
    operation({
      verb: 'detach',
      summary: 'takes a link off its hook',
      params: { actor: process, link },
      possible: [actorHasFd, isAttached],
      effect(s, _p, l) {
        const link = s.links[l]!;
        link.attached = false;
        s.holders.set(link.hook, NONE);
      },
    }),
  ];
}

function descriptorOperations(size: AttachMiniSize): Operation<AttachMiniState>[] {
  const { process, link } = domainsOf(size);
  return [
    operation({
      verb: 'close',
      summary: 'closes a descriptor',
      params: { actor: process, link },
      possible: [actorHasFd],
      effect(s, p, l) {
        addFds(s, p, l, -1);
        put(s, l);
      },
    }),
    operation({
      verb: 'dup',
      summary: 'a second descriptor',
      params: { actor: process, link },
      possible: [possible('actor-has-one-fd', (s, p, l) => s.links[l]!.fds.get(p) === 1)],
      effect: (s, p, l) => addFds(s, p, l, 1),
    }),
    operation({
      verb: 'send',
      summary: 'passes a descriptor to another process',
      params: { actor: process, link, to: process },
      possible: [
        actorHasFd,
        possible('receiver-is-another', (_s, p, _l, to) => to !== p),
        possible('receiver-is-alive', (s, _p, _l, to) => s.alive.get(to)),
        possible('receiver-has-room', (s, _p, l, to) => s.links[l]!.fds.get(to) < MAX_FDS),
      ],
      effect: (s, _p, l, to) => addFds(s, to, l, 1),
    }),
    operation({
      verb: 'pin',
      summary: 'pins a link',
      params: { actor: process, link },
      possible: [actorHasFd, possible('link-is-not-pinned', (s, _p, l) => !s.links[l]!.pinned)],
      effect(s, _p, l) {
        s.links[l]!.pinned = true;
      },
    }),
    operation({
      verb: 'unpin',
      summary: 'removes a pin, whoever made it',
      params: { link },
      possible: [possible('link-is-pinned', (s, l) => s.links[l]!.pinned)],
      effect(s, l) {
        s.links[l]!.pinned = false;
        put(s, l);
      },
    }),
    operation({
      verb: 'get',
      summary: 'opens a pin',
      params: { actor: process, link },
      possible: [
        actorIsAlive,
        possible('link-is-pinned', (s, _p, l) => s.links[l]!.pinned),
        possible('actor-has-room', (s, p, l) => s.links[l]!.fds.get(p) < MAX_FDS),
      ],
      effect: (s, p, l) => addFds(s, p, l, 1),
    }),
  ];
}

function processOperations(size: AttachMiniSize): Operation<AttachMiniState>[] {
  const { process } = domainsOf(size);
  return [
    operation({
      verb: 'crash',
      summary: 'the process is gone, and its descriptors with it',
      params: { actor: process },
      possible: [actorIsAlive],
      effect(s, p) {
        s.alive.set(p, false);
        for (let l = 0; l < s.links.length; l++) {
          s.links[l]!.fds.set(p, 0);
          put(s, l);
        }
      },
    }),
    operation({
      verb: 'restart',
      summary: 'a new process in the place of a dead one',
      params: { actor: process },
      possible: [possible('actor-is-dead', (s, p) => !s.alive.get(p))],
      effect: (s, p) => s.alive.set(p, true),
    }),
  ];
}

const actorIsAlive = possible<AttachMiniState>('actor-is-alive', (s, p: number) => s.alive.get(p));
const actorHasFd = possible<AttachMiniState>(
  'actor-has-fd',
  (s, p: number, l: number) => s.links[l]!.fds.get(p) > 0,
);

function freeSlot(s: AttachMiniState): number {
  for (let l = 0; l < s.links.length; l++) if (!s.links[l]!.live) return l;
  return NONE;
}

function addFds(s: AttachMiniState, process: number, link: number, change: number): void {
  const { fds } = s.links[link]!;
  fds.set(process, fds.get(process) + change);
}

function isReferenced(s: AttachMiniState, l: number): boolean {
  const { pinned, fds } = s.links[l]!;
  if (pinned) return true;
  for (let p = 0; p < fds.length; p++) if (fds.get(p) > 0) return true;
  return false;
}

/** Frees a link that nothing refers to any more. */
function put(s: AttachMiniState, l: number): void {
  const link = s.links[l]!;
  if (!link.live || isReferenced(s, l)) return;
  if (link.attached) s.holders.set(link.hook, NONE);
  link.clear();
}

const common = { kind: 'state', source: 'attach-mini', speaksAbout: 'all' } as const;

export const attachMiniProperties: readonly Property<AttachMiniState>[] = [
  defineProperty({
    ...common,
    name: 'holder-is-attached',
    claim: "A hook's holder is an allocated, attached link on that hook.",
    situation: 'always',
    check(s: AttachMiniState) {
      for (let h = 0; h < s.holders.length; h++) {
        const holder = s.holders.get(h);
        if (holder === NONE) continue;
        const { live, attached, hook } = s.links[holder]!;
        if (!live || !attached || hook !== h) return broken(`the holder of hook ${h} is not attached there`);
      }
      return KEPT;
    },
  }),
  defineProperty({
    ...common,
    name: 'allocated-is-referenced',
    claim: 'An allocated link has a descriptor or a pin.',
    situation: 'always',
    check(s: AttachMiniState) {
      for (let l = 0; l < s.links.length; l++) {
        if (s.links[l]!.live && !isReferenced(s, l)) return broken(`nothing refers to link ${l}`);
      }
      return KEPT;
    },
  }),
  defineProperty({
    ...common,
    name: 'one-link-per-hook',
    claim: 'Two attached links never share a hook.',
    situation: 'always',
    check(s: AttachMiniState) {
      for (let a = 0; a < s.links.length; a++) {
        for (let b = 0; b < a; b++) {
          const [one, other] = [s.links[a]!, s.links[b]!];
          if (one.attached && other.attached && one.hook === other.hook)
            return broken(`links ${b} and ${a} share a hook`);
        }
      }
      return KEPT;
    },
  }),
];
