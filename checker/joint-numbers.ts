/**
 * The numbers that calls hand out on two machines: which of them are open, which stand for each other, and which can be named in
 * a call on both sides or on one.
 */
import type { Machine } from '../model/machine/index.js';
import { NONE } from '../model/state/index.js';
import type { AlignedNumbers, Sides } from './alignment.js';
import { objectTables, type Correspondence, type Group } from './correspondence.js';

/** In the place of a number: this side has nothing to name. */
export const NOTHING = -2;

/** Arguments of one parameter to try: two numbers each, one for each side. */
export interface Choices {
  readonly pairs: Int32Array;
  length: number;
}

/** A number that a call has handed out on one side. */
export interface HandedOut {
  readonly value: number;
  /** The argument that says whose it is; NONE if it is everyone's. */
  readonly owner: number;
}

export class JointNumbers<S> {
  /** What to choose from in the present state, by kind and owner. */
  private readonly choices: readonly (readonly Choices[])[];
  /** For each kind of number and side, the index of an owner among the owners, by the argument that names it. */
  private readonly ownerIndex: readonly Sides<readonly number[]>[];

  constructor(
    private readonly machines: Sides<Machine<S>>,
    private readonly kinds: readonly AlignedNumbers[],
    private readonly pairs: Correspondence,
  ) {
    this.choices = kinds.map((kind) => {
      return kind.owners.map(() => ({ pairs: new Int32Array(2 * mostChoices(kind)), length: 0 }));
    });
    this.ownerIndex = kinds.map(({ owners }) => {
      const ofSide = (side: 0 | 1): number[] => {
        const index: number[] = [];
        owners.forEach((pair, i) => (index[pair[side]] = i));
        return index;
      };
      return [ofSide(0), ofSide(1)];
    });
  }

  /** Finds what there is to choose from in the present state. */
  findChoices(): void {
    for (let kind = 0; kind < this.kinds.length; kind++) {
      const { length } = this.kinds[kind]!.owners;
      for (let owner = 0; owner < length; owner++) this.findChoicesOf(kind, owner);
    }
  }

  /** The numbers of a kind that a call can name; `actor` is who makes it on that side. */
  choicesOf(kind: number, side: 0 | 1, actor: number): Choices {
    return this.choices[kind]![this.ownerOf(kind, side, actor)]!;
  }

  /** Numbers open on both sides, then those open on one; of the closed ones, which are all alike, one stands for all. */
  private findChoicesOf(kind: number, owner: number): void {
    const { domains } = this.kinds[kind]!;
    const choices = this.choices[kind]![owner]!;
    const group = this.pairs.numbers[kind]![owner];
    const { pairs } = choices;
    let n = 0;
    const closed: [number, number] = [NOTHING, NOTHING];
    for (let side = 0; side < 2; side++) {
      const size = domains[side]?.values.length ?? 0;
      for (let value = 0; value < size; value++) {
        if (!this.isOpen(side as 0 | 1, kind, owner, value)) {
          if (closed[side] === NOTHING) closed[side] = value;
          continue;
        }
        const isFirst = side === 0;
        const partner = !group ? NONE : isFirst ? this.pairs.partner(group, value) : NONE;
        if (!isFirst && group && this.pairs.partnerOfSecond(group, value) !== NONE) continue;
        // Where the other side has no such numbers, it has nothing to miss.
        const other = partner !== NONE ? partner : group ? NOTHING : NONE;
        pairs[n++] = isFirst ? value : other;
        pairs[n++] = isFirst ? other : value;
      }
    }
    const first = domains[0] ? closed[0] : NONE;
    const second = domains[1] ? closed[1] : NONE;
    if (first !== NOTHING && second !== NOTHING) {
      pairs[n++] = first;
      pairs[n++] = second;
    }
    choices.length = n;
  }

  private isOpen(side: 0 | 1, kind: number, owner: number, value: number): boolean {
    const { definition, state } = this.machines[side];
    if (!definition.objectBehind) return true;
    const { domains, owners } = this.kinds[kind]!;
    const object = definition.objectBehind(state, domains[side]!.name, owners[owner]![side], value);
    return object !== NONE && (definition.isLive?.(state, object) ?? true);
  }

  /** Makes partners of two numbers and of what is behind them; false if these have other partners already. */
  pairUp(kind: number, first: HandedOut, second: HandedOut): boolean {
    const { pairs } = this;
    const { objects } = pairs;
    const owner = this.ownerOf(kind, 0, first.owner);
    pairs.pair(pairs.numbers[kind]![owner]!, first.value, second.value);
    const [one, other] = [this.objectOf(kind, 0, first), this.objectOf(kind, 1, second)];
    if (one === NONE || other === NONE) return one === other;
    const [a, b] = [pairs.place(0, one), pairs.place(1, other)];
    const partner = pairs.partner(objects, a);
    if (partner !== NONE) return partner === b;
    if (pairs.partnerOfSecond(objects, b) !== NONE) return false;
    pairs.pair(objects, a, b);
    return true;
  }

  /** A number that the other side does not hand out has no partner, whatever it had when it was open before. */
  keepAlone(kind: number, side: 0 | 1, { value, owner }: HandedOut): void {
    const group = this.pairs.numbers[kind]![this.ownerOf(kind, side, owner)];
    if (!group) return;
    if (side === 0) this.pairs.forget(group, value);
    else this.pairs.part(group, value);
  }

  /** Numbers that are not open on both sides any more are partners no more. */
  forgetClosed(): void {
    const { numbers } = this.pairs;
    for (let kind = 0; kind < numbers.length; kind++) {
      for (let owner = 0; owner < numbers[kind]!.length; owner++) {
        this.forgetClosedOf(numbers[kind]![owner]!, kind, owner);
      }
    }
  }

  private forgetClosedOf(group: Group, kind: number, owner: number): void {
    for (let value = 0; value < group.sizes[0]; value++) {
      const partner = this.pairs.partner(group, value);
      if (partner === NONE) continue;
      if (!this.isOpen(0, kind, owner, value) || !this.isOpen(1, kind, owner, partner)) {
        this.pairs.forget(group, value);
      }
    }
  }

  /** What is open or alive from the start stands for what has the same name on the other side. */
  pairInitial(): void {
    this.kinds.forEach(({ owners }, kind) => {
      owners.forEach((_, owner) => {
        this.pairOpenNumbers(kind, owner);
      });
    });
    this.pairLiveObjects();
  }

  private pairOpenNumbers(kind: number, owner: number): void {
    const group = this.pairs.numbers[kind]![owner];
    const [a, b] = this.kinds[kind]!.domains;
    if (!group || !a || !b) return;
    a.values.forEach((text, value) => {
      const other = b.values.indexOf(text);
      if (other < 0 || !this.isOpen(0, kind, owner, value) || !this.isOpen(1, kind, owner, other)) return;
      this.pairs.pair(group, value, other);
    });
  }

  private pairLiveObjects(): void {
    const { machines, pairs } = this;
    const [a, b] = [objectTables(machines[0]), objectTables(machines[1])];
    const isLive = ({ definition, state }: Machine<S>, object: number): boolean =>
      definition.isLive?.(state, object) ?? true;
    for (const object of a.objects) {
      if (!b.objects.includes(object) || !isLive(machines[0], object) || !isLive(machines[1], object))
        continue;
      pairs.pair(pairs.objects, pairs.place(0, object), pairs.place(1, object));
    }
  }

  private ownerOf(kind: number, side: 0 | 1, owner: number): number {
    return owner === NONE || this.kinds[kind]!.owners[0]?.[0] === NONE
      ? 0
      : this.ownerIndex[kind]![side][owner]!;
  }

  private objectOf(kind: number, side: 0 | 1, { value, owner }: HandedOut): number {
    const { definition, state } = this.machines[side];
    const { name } = this.kinds[kind]!.domains[side]!;
    return definition.objectBehind?.(state, name, owner, value) ?? NONE;
  }
}

/** At most so many numbers of a kind can be named by one owner. */
export function mostChoices({ domains: [a, b] }: AlignedNumbers): number {
  return (a?.values.length ?? 0) + (b?.values.length ?? 0) + 1;
}
