/**
 * Two machines that are called side by side. A joint call names the same thing on both sides; a number that is open on one
 * side only is nothing that the other side could be asked about, so the call is made on the one side alone.
 */
import {
  errnoOf,
  guardOf,
  IMPOSSIBLE,
  type Errno,
  type Machine,
  type Operation,
  type OutcomeCode,
  type Test,
} from '../model/machine/index.js';
import { NONE } from '../model/state/index.js';
import {
  operationsOf,
  type AlignedOperation,
  type AlignedParameter,
  type Alignment,
  type Sides,
} from './alignment.js';
import { comparisons, type Aspect, type Compared, type Contrast } from './comparison.js';
import { Correspondence, objectTables, type Group } from './correspondence.js';

/** The present call. The same object is shown for every call: read it, do not keep it. */
export interface JointCall {
  /** Index into the alignment's operations. */
  readonly operation: number;
  /** In the order of each side's parameters. */
  readonly args: Sides<readonly number[]>;
  /** Whether it was made on each side. */
  readonly made: Sides<boolean>;
  /** What it came to, where it was made. */
  readonly codes: Sides<OutcomeCode>;
}

/** How a call came out differently; what is seen behind it is asked with {@link JointMachine.compared}. */
export type CallDifference =
  /** Done on one side, refused on the other. */
  | 'outcome'
  /** Refused on both, with different errors. */
  | 'errno'
  /** It can be made at all on one side only. */
  | 'possible'
  /** It hands out a number of another object. */
  | 'object';

/** How the states contrast in one of the things compared. */
export interface Contrasting {
  readonly contrast: Contrast;
  /** If it is about what is alive: the partners, of which one is. */
  readonly objects: Sides<number> | undefined;
}

export interface JointListener {
  /** The call did something, and nothing differs behind it; {@link JointMachine.save} writes the state. */
  moved(): void;
  /** The call itself came out differently. */
  differs(how: CallDifference): void;
  /** Something is not the same behind the call: `index` is the first of {@link JointMachine.compared} that differs. */
  contrasts(index: number, contrast: Contrast): void;
}

/** In the place of a number: this side has nothing to name. */
const NOTHING = -2;

/** Arguments of one parameter to try: two numbers each, one for each side. */
interface Choices {
  readonly pairs: Int32Array;
  length: number;
}

/** What is known of an operation before any call. */
interface Plan<S> {
  readonly aligned: AlignedOperation;
  readonly operations: Sides<Operation<S> | undefined>;
  readonly callers: Sides<ReturnType<Machine<S>['caller']> | undefined>;
  /** How many parameters both sides have. */
  readonly shared: number;
  /** The fixed values of each parameter. */
  readonly fixed: readonly Choices[];
  /** Which argument says whose the number handed out is; NONE if it is everyone's or there is none. */
  readonly owners: Sides<number>;
  /** The kinds of numbers that a number handed out on one side only may be of. */
  readonly handsOut: Sides<readonly number[]>;
  /** What can keep every call of an actor from being made, whatever else is named. */
  readonly early: Sides<readonly Test<S>[]>;
}

export class JointMachine<S> {
  /** Words of a joint state: both rows, and what stands for what. */
  readonly words: number;
  readonly call: JointCall;
  readonly compared: readonly Compared[];
  /** Joint calls made so far. */
  calls = 0;
  /** The machines' own bounds that kept a call from being made on one side or both. */
  readonly boundsMet = new Set<string>();
  private readonly pairs: Correspondence;
  private readonly plans: readonly Plan<S>[];
  /** The numbers to choose from in the present state, by kind and owner. */
  private readonly numbers: readonly (readonly Choices[])[];
  /** For each kind of number and side, the index of an owner among the owners, by the value of the actor. */
  private readonly ownerIndex: readonly Sides<readonly number[]>[];
  private readonly args: Sides<number[]> = [
    [0, 0, 0, 0, 0],
    [0, 0, 0, 0, 0],
  ];
  private readonly current = {
    operation: 0,
    args: this.args,
    made: [true, true] as [boolean, boolean],
    codes: [0, 0] as [number, number],
  };
  /** How many of the arguments chosen so far each side cannot name. */
  private readonly missing: [number, number] = [0, 0];
  /** Of what one side alone asks for, see {@link chooseAlone}. */
  private readonly choice = {
    isOpen: false,
    agreed: false,
    /** How far the nearest call got: the number of guards that it passed; NONE if none differed. */
    nearest: NONE,
    args: [[], []] as Sides<number[]>,
  };
  /** Of the present expansion. */
  private listener: JointListener = { moved: ignore, differs: ignore, contrasts: ignore };

  constructor(
    readonly machines: Sides<Machine<S>>,
    readonly alignment: Alignment,
    aspects: readonly Aspect<S>[],
    /** Errors that say that a table is full. Whether it is depends on the bounds: refused with one of them is not compared. */
    private readonly fullErrnos: readonly Errno[],
  ) {
    const tables = [objectTables(machines[0]), objectTables(machines[1])] as const;
    this.pairs = new Correspondence(alignment.numbers, tables);
    this.words = machines[0].words + machines[1].words + this.pairs.words;
    this.call = this.current;
    this.compared = comparisons(machines, alignment, this.pairs, aspects);
    this.plans = alignment.operations.map((aligned) => this.plan(aligned));
    this.numbers = alignment.numbers.map(({ domains: [a, b], owners }) => {
      const most = (a?.values.length ?? 0) + (b?.values.length ?? 0) + 1;
      return owners.map(() => ({ pairs: new Int32Array(2 * most), length: 0 }));
    });
    this.ownerIndex = alignment.numbers.map(({ owners }) => {
      const ofSide = (side: 0 | 1): number[] => {
        const index: number[] = [];
        owners.forEach((pair, i) => (index[pair[side]] = i));
        return index;
      };
      return [ofSide(0), ofSide(1)];
    });
  }

  /** The state in which both begin. */
  initialRow(): Int32Array {
    const { machines, pairs } = this;
    const row = new Int32Array(this.words);
    for (const machine of machines) machine.reset();
    this.alignment.numbers.forEach(({ owners }, kind) => {
      owners.forEach((_, owner) => this.pairOpenNumbers(kind, owner));
    });
    this.pairLiveObjects();
    machines[0].save(row, 0);
    machines[1].save(row, machines[0].words);
    pairs.save(row, machines[0].words + machines[1].words);
    return row;
  }

  /** Makes the joint state at `offset` the present one. */
  load(rows: Int32Array, offset: number): void {
    const [first, second] = this.machines;
    first.load(rows, offset);
    first.remember();
    second.load(rows, offset + first.words);
    second.remember();
    this.pairs.load(rows, offset + first.words + second.words);
    this.pairs.remember();
  }

  /** Writes the present joint state to `offset`. */
  save(rows: Int32Array, offset: number): void {
    const [first, second] = this.machines;
    first.save(rows, offset);
    second.save(rows, offset + first.words);
    this.pairs.save(rows, offset + first.words + second.words);
  }

  /** At most so many calls are made from one state. */
  maxCalls(): number {
    return this.plans.reduce((sum, { aligned, fixed }) => {
      const choices = aligned.parameters.map(
        ({ numbers }, i) =>
          fixed[i]!.length + (numbers === NONE ? 0 : this.numbers[numbers]![0]!.pairs.length),
      );
      return sum + choices.reduce((product, length) => product * (length / 2), 1);
    }, 0);
  }

  /** Makes every call from the joint state at `offset`, each from there, and tells the listener of each that counts. */
  expand(rows: Int32Array, offset: number, listener: JointListener): void {
    this.listener = listener;
    this.load(rows, offset);
    this.alignment.numbers.forEach(({ owners }, kind) => {
      for (let owner = 0; owner < owners.length; owner++) this.findChoices(kind, owner);
    });
    for (let operation = 0; operation < this.plans.length; operation++) {
      this.current.operation = operation;
      const plan = this.plans[operation]!;
      this.missing[0] = plan.operations[0] ? 0 : 1;
      this.missing[1] = plan.operations[1] ? 0 : 1;
      this.choose(plan, 0);
    }
  }

  /** How the present states contrast in each of {@link compared}, whatever led there. */
  contrasts(): Contrasting[] {
    return this.compared.map(({ contrast, subject }) => ({ contrast: contrast(), objects: subject?.() }));
  }

  private plan(aligned: AlignedOperation): Plan<S> {
    const { machines, alignment } = this;
    const operations = operationsOf(machines, aligned.operation);
    const caller = (side: 0 | 1) => operations[side] && machines[side].caller(aligned.operation[side]);
    const owner = (side: 0 | 1): number =>
      Object.keys(operations[side]?.params ?? {}).indexOf(operations[side]?.returns?.owner ?? '');
    const handsOut = (side: 0 | 1): number[] => {
      const name = operations[side]?.returns?.domain.name;
      return alignment.numbers.flatMap(({ domains }, kind) =>
        domains[0] && domains[1] && domains[side]!.name === name ? [kind] : [],
      );
    };
    const { parameters } = aligned;
    return {
      aligned,
      operations,
      callers: [caller(0), caller(1)],
      shared: parameters.filter(({ at }) => at[0] !== NONE && at[1] !== NONE).length,
      fixed: parameters.map(({ values }) => {
        const pairs = Int32Array.from(values.flat());
        return { pairs, length: pairs.length };
      }),
      owners: [owner(0), owner(1)],
      handsOut: [handsOut(0), handsOut(1)],
      early: isFirstOfBoth(parameters[0])
        ? [earlyTests(operations[0]!), earlyTests(operations[1]!)]
        : [[], []],
    };
  }

  private choose(plan: Plan<S>, level: number): void {
    const { missing } = this;
    const { length } = plan.aligned.parameters;
    if (missing[0] > 0 && missing[1] > 0) return;
    if (level === 1 && this.isHopeless(plan, 0) && this.isHopeless(plan, 1)) return;
    const choosesAlone = level === plan.shared && level < length && missing[0] === 0 && missing[1] === 0;
    if (level === length) this.make(plan);
    else if (choosesAlone) this.chooseAlone(plan, level);
    else this.chooseNext(plan, level);
  }

  private chooseNext(plan: Plan<S>, level: number): void {
    const parameter = plan.aligned.parameters[level]!;
    this.tryEach(plan, level, parameter, plan.fixed[level]!);
    if (parameter.numbers !== NONE) this.tryEach(plan, level, parameter, this.choicesOf(parameter));
  }

  /**
   * What one side alone asks for is its caller's choice. It counts as a difference only if there is no choice with which both
   * come to the same; then the call that came nearest is the one that is told.
   */
  private chooseAlone(plan: Plan<S>, level: number): void {
    const { choice } = this;
    choice.isOpen = true;
    choice.agreed = false;
    choice.nearest = NONE;
    this.chooseNext(plan, level);
    choice.isOpen = false;
    if (this.choice.agreed || this.choice.nearest === NONE) return;
    for (const side of [0, 1] as const) choice.args[side].forEach((value, i) => (this.args[side][i] = value));
    this.make(plan);
  }

  /** Whether no call of the actor that was chosen can be made on a side. */
  private isHopeless({ early }: Plan<S>, side: 0 | 1): boolean {
    const { state } = this.machines[side];
    for (const test of early[side]) if (!test(state, this.args[side][0]!)) return true;
    return false;
  }

  private tryEach(plan: Plan<S>, level: number, { at }: AlignedParameter, choices: Choices): void {
    const { args, missing } = this;
    const { pairs, length } = choices;
    for (let i = 0; i < length; i += 2) {
      const first = pairs[i]!;
      const second = pairs[i + 1]!;
      if (at[0] !== NONE) args[0][at[0]] = first;
      if (at[1] !== NONE) args[1][at[1]] = second;
      if (first === NOTHING) missing[0]++;
      if (second === NOTHING) missing[1]++;
      this.choose(plan, level + 1);
      if (first === NOTHING) missing[0]--;
      if (second === NOTHING) missing[1]--;
    }
  }

  private choicesOf({ at, numbers }: AlignedParameter): Choices {
    const { owners } = this.alignment.numbers[numbers]!;
    if (owners[0]?.[0] === NONE) return this.numbers[numbers]![0]!;
    const side = at[0] === NONE ? 1 : 0;
    return this.numbers[numbers]![this.ownerIndex[numbers]![side][this.args[side][0]!]!]!;
  }

  /** Numbers open on both sides, then those open on one; of the closed ones, which are all alike, one stands for all. */
  private findChoices(kind: number, owner: number): void {
    const { domains } = this.alignment.numbers[kind]!;
    const choices = this.numbers[kind]![owner]!;
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
    const { domains, owners } = this.alignment.numbers[kind]!;
    const object = definition.objectBehind(state, domains[side]!.name, owners[owner]![side], value);
    return object !== NONE && (definition.isLive?.(state, object) ?? true);
  }

  private make(plan: Plan<S>): void {
    const { current, args, missing } = this;
    const { codes, made } = current;
    const [a, b] = args;
    this.calls++;
    made[0] = missing[0] === 0;
    made[1] = missing[1] === 0;
    if (made[0]) codes[0] = plan.callers[0]!(a[0]!, a[1]!, a[2]!, a[3]!, a[4]!);
    if (made[1]) codes[1] = plan.callers[1]!(b[0]!, b[1]!, b[2]!, b[3]!, b[4]!);
    if (made[0] && made[1]) this.judge(plan);
    else this.judgeAlone(plan, made[0] ? 0 : 1);
  }

  private judge(plan: Plan<S>): void {
    const [first, second] = this.current.codes;
    const [a, b] = plan.operations as Sides<Operation<S>>;
    if (first === IMPOSSIBLE && second === IMPOSSIBLE) {
      if (this.keptByBound(a, 0)) this.keptByBound(b, 1);
      this.choice.agreed = true;
    } else if (first === IMPOSSIBLE || second === IMPOSSIBLE) {
      const byBound = first === IMPOSSIBLE ? this.keptByBound(a, 0) : this.keptByBound(b, 1);
      if (byBound) this.choice.agreed = true;
      else this.differ('possible');
      this.restore();
    } else if (first >= 0 && second >= 0) {
      if (this.handedOut(plan)) this.compare();
      else this.differ('object');
      this.restore();
    } else this.judgeRefusals(a, b);
  }

  private judgeRefusals(a: Operation<S>, b: Operation<S>): void {
    const [first, second] = this.current.codes;
    const [told, toldOther] = [
      first < 0 ? errnoOf(a, first) : undefined,
      second < 0 ? errnoOf(b, second) : undefined,
    ];
    if (told === toldOther) {
      this.choice.agreed = true;
      if (isByGuard(a, first) && isByGuard(b, second)) return;
      this.compare();
    } else if (this.isFull(a, 0, told) || this.isFull(b, 1, toldOther)) this.choice.agreed = true;
    else this.differ(told === undefined || toldOther === undefined ? 'outcome' : 'errno');
    this.restore();
  }

  /** Whether a refusal says no more than that a table of the model is full; that is noted as a bound. */
  private isFull(operation: Operation<S>, side: 0 | 1, errno: Errno | undefined): boolean {
    if (errno === undefined || !this.fullErrnos.includes(errno)) return false;
    this.boundsMet.add(guardOf(operation, this.current.codes[side])?.name ?? errno);
    return true;
  }

  private differ(how: CallDifference): void {
    if (!this.choice.isOpen) this.listener.differs(how);
    else this.come(how === 'object' ? Infinity : Math.max(0, ...this.current.codes.map((code) => -code)));
  }

  /** Remembers a call with a choice of one side alone, if it came nearer than those before. */
  private come(near: number): void {
    const { choice, args } = this;
    if (near <= choice.nearest) return;
    choice.nearest = near;
    for (const side of [0, 1] as const) choice.args[side].splice(0, Infinity, ...args[side]);
  }

  /** A call that only one side can be asked for: it is no difference in itself, whatever it comes to. */
  private judgeAlone(plan: Plan<S>, side: 0 | 1): void {
    const operation = plan.operations[side]!;
    const code = this.current.codes[side];
    if (code === IMPOSSIBLE) this.keptByBound(operation, side);
    if (code < 0 && (code === IMPOSSIBLE || isByGuard(operation, code))) return;
    if (code >= 0) this.handedOutAlone(plan, side);
    this.compare();
    this.restore();
  }

  private compare(): void {
    const { compared, choice } = this;
    for (let i = 0; i < compared.length; i++) {
      if (!compared[i]!.changed()) continue;
      const contrast = compared[i]!.contrast();
      if (contrast === 'same') continue;
      if (choice.isOpen) this.come(Infinity);
      else this.listener.contrasts(i, contrast);
      return;
    }
    choice.agreed = true;
    this.forgetClosed();
    this.listener.moved();
  }

  private restore(): void {
    for (const { memory, words } of this.machines) {
      const M = memory.memory;
      for (let i = 0; i < words; i++) M[i] = M[words + i]!;
    }
    this.pairs.restore();
  }

  /** Whether nothing but a bound of the model kept an impossible call from being made. */
  private keptByBound({ possible }: Operation<S>, side: 0 | 1): boolean {
    const { state } = this.machines[side];
    const [a, b, c, d, e] = this.args[side] as [number, number, number, number, number];
    for (const { test, isBound, name } of possible) {
      if (test(state, a, b, c, d, e)) continue;
      if (!isBound) return false;
      this.boundsMet.add(name);
    }
    return true;
  }

  /** Makes partners of the numbers handed out and of what is behind them; false if these have other partners already. */
  private handedOut(plan: Plan<S>): boolean {
    const { codes } = this.current;
    const { returns } = plan.aligned;
    if (returns === NONE) {
      this.handedOutAlone(plan, 0);
      this.handedOutAlone(plan, 1);
      return true;
    }
    const { pairs } = this;
    const owner = this.ownerOf(plan, returns, 0);
    pairs.pair(pairs.numbers[returns]![owner]!, codes[0], codes[1]);
    const [first, second] = [this.objectOf(plan, returns, 0), this.objectOf(plan, returns, 1)];
    if (first === NONE || second === NONE) return first === second;
    const [a, b] = [pairs.place(0, first), pairs.place(1, second)];
    const { objects } = pairs;
    const partner = pairs.partner(objects, a);
    if (partner !== NONE) return partner === b;
    if (pairs.partnerOfSecond(objects, b) !== NONE) return false;
    pairs.pair(objects, a, b);
    return true;
  }

  /** A number that the other side does not hand out has no partner, whatever it had when it was open before. */
  private handedOutAlone(plan: Plan<S>, side: 0 | 1): void {
    const value = this.current.codes[side];
    for (const kind of plan.handsOut[side]) {
      const group = this.pairs.numbers[kind]![this.ownerOf(plan, kind, side)];
      if (!group) continue;
      if (side === 0) this.pairs.forget(group, value);
      else this.pairs.part(group, value);
    }
  }

  private ownerOf({ owners }: Plan<S>, kind: number, side: 0 | 1): number {
    const at = owners[side];
    return at === NONE ? 0 : this.ownerIndex[kind]![side][this.args[side][at]!]!;
  }

  private objectOf(plan: Plan<S>, kind: number, side: 0 | 1): number {
    const { definition, state } = this.machines[side];
    const at = plan.owners[side];
    const owner = at === NONE ? NONE : this.args[side][at]!;
    const { name } = this.alignment.numbers[kind]!.domains[side]!;
    return definition.objectBehind?.(state, name, owner, this.current.codes[side]) ?? NONE;
  }

  /** Numbers that are not open on both sides any more are partners no more. */
  private forgetClosed(): void {
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

  /** What is open from the start stands for what has the same name on the other side. */
  private pairOpenNumbers(kind: number, owner: number): void {
    const group = this.pairs.numbers[kind]![owner];
    const [a, b] = this.alignment.numbers[kind]!.domains;
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
}

/** Whether a parameter comes first on both sides and takes fixed values, as an actor does. */
function isFirstOfBoth(parameter: AlignedParameter | undefined): boolean {
  return parameter?.at[0] === 0 && parameter.at[1] === 0 && parameter.numbers === NONE;
}

function earlyTests<S>({ possible }: Operation<S>): Test<S>[] {
  // The state comes before the arguments.
  return possible.filter(({ test, isBound }) => !isBound && test.length <= 2).map(({ test }) => test);
}

function ignore(): void {
  // Nobody listens between expansions.
}

function isByGuard<S>({ guards }: Operation<S>, code: OutcomeCode): boolean {
  return code >= -guards.length;
}
