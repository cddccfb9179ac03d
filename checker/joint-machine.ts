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
} from '../model/machine/index.js';
import { NONE } from '../model/state/index.js';
import type { AlignedParameter, Alignment, Sides } from './alignment.js';
import { comparisons, type Aspect, type Compared, type Contrast } from './comparison.js';
import { Correspondence, objectTables } from './correspondence.js';
import { JointNumbers, mostChoices, NOTHING, type Choices, type HandedOut } from './joint-numbers.js';
import { planOf, type Plan } from './joint-plan.js';

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
  private readonly numbers: JointNumbers<S>;
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
    this.plans = alignment.operations.map((aligned) => planOf(machines, alignment, aligned));
    this.numbers = new JointNumbers(machines, alignment.numbers, this.pairs);
  }

  /** The state in which both begin. */
  initialRow(): Int32Array {
    const { machines, pairs } = this;
    const row = new Int32Array(this.words);
    for (const machine of machines) machine.reset();
    this.numbers.pairInitial();
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
      const choices = aligned.parameters.map(({ numbers }, i) => {
        const open = numbers === NONE ? 0 : mostChoices(this.alignment.numbers[numbers]!);
        return fixed[i]!.length / 2 + open;
      });
      return sum + choices.reduce((product, count) => product * count, 1);
    }, 0);
  }

  /** Makes every call from the joint state at `offset`, each from there, and tells the listener of each that counts. */
  expand(rows: Int32Array, offset: number, listener: JointListener): void {
    this.listener = listener;
    this.load(rows, offset);
    this.numbers.findChoices();
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
    if (parameter.numbers === NONE) return;
    const side = parameter.at[0] === NONE ? 1 : 0;
    const choices = this.numbers.choicesOf(parameter.numbers, side, this.args[side][0]!);
    this.tryEach(plan, level, parameter, choices);
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
    this.numbers.forgetClosed();
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

  /** Pairs what both sides have handed out; false if a number of another object was handed out on one of them. */
  private handedOut(plan: Plan<S>): boolean {
    const { returns } = plan.aligned;
    if (returns !== NONE)
      return this.numbers.pairUp(returns, this.handedOutOn(plan, 0), this.handedOutOn(plan, 1));
    this.handedOutAlone(plan, 0);
    this.handedOutAlone(plan, 1);
    return true;
  }

  private handedOutAlone(plan: Plan<S>, side: 0 | 1): void {
    for (const kind of plan.handsOut[side]) this.numbers.keepAlone(kind, side, this.handedOutOn(plan, side));
  }

  private handedOutOn({ owners }: Plan<S>, side: 0 | 1): HandedOut {
    const at = owners[side];
    return { value: this.current.codes[side], owner: at === NONE ? NONE : this.args[side][at]! };
  }
}

function ignore(): void {
  // Nobody listens between expansions.
}

function isByGuard<S>({ guards }: Operation<S>, code: OutcomeCode): boolean {
  return code >= -guards.length;
}
