/** What threads search together in tests, by names that can be sent to them. */
import { speaksAbout, type Property } from '../../checker/property.js';
import { domain, operation, type Machine } from '../../model/machine/index.js';
import type { Bounds } from '../../model/kernel/model.js';
import { machineOf, proposals, type Proposal } from '../../model/proposals/index.js';
import { array, bool, struct } from '../../model/state/index.js';
import { properties } from '../../properties/index.js';
import { machineOver, never, toggler, type StateOf } from './tiny.js';

export interface Subject<S = never> {
  readonly machine: Machine<S>;
  readonly properties: readonly Property<S>[];
}

/** A proposal with the claims that speak about it. */
export interface AboutProposal {
  readonly proposal: string;
  readonly bounds: Partial<Bounds>;
  readonly without?: readonly string[];
}

export type Bits = StateOf<ReturnType<typeof toggler>>;

/** 2^BITS states; the largest level has a fifth of them. */
export const BITS = 14;

export const bitsSet = (s: Bits): number => {
  let set = 0;
  for (let i = 0; i < BITS; i++) if (s.bits.get(i)) set++;
  return set;
};

/** Small machines in which something happens in the middle of a large level. */
const TOGGLERS = {
  'two claims are broken': () => ({
    machine: toggler(BITS),
    properties: [
      never<Bits>('six bits, the last but one among them', (s) => bitsSet(s) === 6 && s.bits.get(BITS - 2)),
      never<Bits>('seven bits without the first', (s) => bitsSet(s) === 7 && !s.bits.get(0)),
      never<Bits>('eight bits and a half', () => false),
    ],
  }),
  'nothing happens': () => ({ machine: toggler(BITS), properties: [never<Bits>('nothing', () => false)] }),
  'a claim throws': () => ({
    machine: toggler(BITS),
    properties: [
      never<Bits>('never', (s) => {
        if (bitsSet(s) === 6 && s.bits.get(4) && !s.bits.get(3)) throw new Error('six bits are too many');
        return false;
      }),
    ],
  }),
  'a rule throws': () => ({ machine: fragile(), properties: [] }),
} as const satisfies Record<string, () => Subject<Bits>>;

/** A toggler that cannot flip the last bit once seven are set. */
function fragile() {
  const bits = domain(
    'bit',
    Array.from({ length: BITS }, (_, i) => `bit${i}`),
  );
  return machineOver(struct({ bits: array(BITS, bool) }), {
    name: 'fragile',
    operations: [
      operation({
        verb: 'flip',
        summary: 'flips a bit',
        params: { bit: bits },
        effect(s, bit) {
          if (bit === BITS - 1 && bitsSet(s) === 7) throw new Error('it breaks');
          s.bits.set(bit, !s.bits.get(bit));
        },
      }),
    ],
  });
}

export type TogglerName = keyof typeof TOGGLERS;
export type SubjectName = AboutProposal | TogglerName;

/** Made afresh, so that it has found nothing and remembers nothing. */
export function subjectOf(name: SubjectName): Subject {
  const subject = typeof name === 'string' ? TOGGLERS[name]() : aboutProposal(name);
  return subject as unknown as Subject;
}

/** All bounds of a proposal, some of them as they are asked for. */
export function boundsOf(name: string, asked: Partial<Bounds>): Bounds {
  return { ...named(name).bounds, ...asked };
}

function named(name: string): Proposal {
  return proposals.find((proposal) => proposal.name === name)!;
}

function aboutProposal({ proposal, bounds, without = [] }: AboutProposal) {
  const machine = machineOf(named(proposal), boundsOf(proposal, bounds), { without });
  const claims = properties.filter((property) => speaksAbout(property, machine.definition.tags ?? []));
  return { machine, properties: claims };
}
