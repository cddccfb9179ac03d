/** A step while it is lowered: its words, and the calls it becomes. */
import type { KernelState } from '../model/kernel/index.js';
import type { LowerStep, ProgramKind, ScenarioStep } from '../model/proposals/lowering.js';
import { chooseCall, type Known } from './choose-call.js';
import { StepEnd } from './outcome.js';
import { noDescriptor, type Stage } from './stage.js';
import type { Part, Role, Word } from './things.js';

export interface StepSetting {
  readonly stage: Stage;
  readonly actor: number;
  /** What the scenario calls what the step makes. */
  readonly result: string | undefined;
  readonly words: Readonly<Record<string, Word | undefined>>;
  readonly loads?: ProgramKind;
  readonly mustTake?: readonly string[];
  /** Why it cannot be said, if there is no call for it. */
  readonly elseWhy: string;
}

export class LoweredStep implements ScenarioStep {
  readonly state: KernelState;
  readonly actor: number;
  readonly loads: ProgramKind | undefined;
  /** The descriptors that the calls have handed out. */
  readonly descriptors = new Map<Role, number>();
  /** The words that were taken by calls. */
  readonly used = new Set<string>();
  readonly words: Map<string, Word>;

  constructor(private readonly setting: StepSetting) {
    const { stage, actor, loads, words } = setting;
    this.state = stage.machine.state;
    this.actor = actor;
    this.loads = loads;
    this.words = new Map(
      Object.entries(words).flatMap(([name, word]) => (word === undefined ? [] : [[name, word]])),
    );
  }

  /** Lowers the step as the design says, or else by a call of the verb. */
  lower(how: LowerStep | undefined, verb: string): this {
    if (how === undefined) this.call(verb);
    else how(this);
    return this;
  }

  has(word: string): boolean {
    return this.words.has(word);
  }

  /** Whether there is a call with this verb that makes do with the words. */
  canCall(verb: string): boolean {
    return chooseCall(this.setting.stage.machine, verb, this.known()) !== undefined;
  }

  value(word: string): number {
    const { stage } = this.setting;
    const found = this.words.get(word);
    if (typeof found === 'number') return found;
    if (found === undefined) throw new StepEnd({ kind: 'cannot-be-said', why: this.setting.elseWhy });
    if (typeof found === 'object') {
      const number = stage.holds.descriptor(this.actor, found);
      if (number === undefined) throw noDescriptor(this.actor, found.thing.name);
      return number;
    }
    const domains = stage.machine.operations.flatMap(({ params }) => params[word] ?? []);
    return Math.max(...domains.map(({ values }) => values.indexOf(found)));
  }

  call(verb: string, words: Readonly<Record<string, string>> = {}): number {
    for (const [name, word] of Object.entries(words)) this.words.set(name, word);
    const { stage, elseWhy, result } = this.setting;
    const { used, made } = stage.call(verb, this.known(), elseWhy, result);
    for (const word of used) this.used.add(word);
    if (made === undefined) return 0;
    if (made.role !== undefined) this.descriptors.set(made.role, made.value);
    const word = made.role ?? made.domain;
    if (!this.words.has(word)) this.words.set(word, made.value);
    return made.value;
  }

  closeLink(): void {
    const fd = this.value('link');
    const link = this.words.get('link') as Part;
    this.words.set('fd', fd);
    this.call('close');
    const { holds } = this.setting.stage;
    holds.close(holds.newest(this.actor, link)!);
  }

  giveUp(why: string): never {
    throw new StepEnd({ kind: 'out-of-reach', why });
  }

  private known(): Known {
    const { stage, actor, mustTake = [] } = this.setting;
    return {
      actor,
      words: this.words,
      mustTake,
      descriptor: (part) => stage.holds.descriptor(actor, part),
    };
  }
}
