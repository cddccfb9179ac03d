/** One line of a scenario: is it written as a step is? What its names stand for is not asked here. */
import type { CaseLine } from '../corpus/case.js';
import { remedyFor } from '../corpus/nearest.js';
import { CaseSyntaxError } from '../corpus/syntax-error.js';
import { BOUND_LIMITS } from '../model/kernel/model.js';
import { FORMS, type Verb } from './scenario.js';

const VERBS = Object.keys(FORMS) as Verb[];

/** Verbs that make something which can have a name. */
const MAKERS: readonly Verb[] = ['load', 'attach', 'send', 'get'];

export const DEVICES = numbered('eth', 0, BOUND_LIMITS.devices);

/** What is pinned can need two paths of a design (a program and its map), so a scenario has half of them. */
export const PATHS = numbered('/pin', 1, BOUND_LIMITS.pins / 2);

function numbered(prefix: string, first: number, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${prefix}${first + i}`);
}

export interface PlacedWord {
  readonly text: string;
  readonly column: number;
}

export class WrittenStep {
  readonly verb: Verb;
  /** Undefined for a packet only. */
  readonly actor: string | undefined;
  /** As many as the verb takes. */
  readonly words: readonly PlacedWord[];

  /** Throws a {@link CaseSyntaxError} for a line that is not written as a step is. */
  constructor(
    readonly call: CaseLine,
    private readonly file: string,
  ) {
    this.verb = this.oneOf({ text: call.verb, column: call.at.verb }, 'step', VERBS);
    this.actor = this.checkedActor();
    this.checkResult();
    this.words = call.args.map((text, i) => ({ text, column: call.at.args[i]! }));
    this.checkCount();
  }

  fault(column: number, problem: string, remedy: string): CaseSyntaxError {
    return new CaseSyntaxError(this.file, this.call.at.line, column, problem, remedy);
  }

  /** A word that must be one of a few. */
  oneOf<T extends string>({ text, column }: PlacedWord, what: string, known: readonly T[]): T {
    const found = known.find((candidate) => candidate === text);
    if (found !== undefined) return found;
    throw this.fault(column, `there is no ${what} '${text}'`, remedyFor(text, known));
  }

  /** A word that must be an actor. */
  letter({ text, column }: PlacedWord): string {
    if (/^[A-Z]$/.test(text)) return text;
    throw this.fault(column, `there is no actor '${text}'`, 'actors are called A, B, C, …');
  }

  private checkedActor(): string | undefined {
    const { verb } = this;
    const { actor, at } = this.call;
    if (actor !== undefined) {
      if (verb !== 'packet') return this.letter({ text: actor, column: at.actor });
      throw this.fault(at.actor, 'nobody sends a packet', `leave out '${actor}.'`);
    }
    if (verb === 'packet') return undefined;
    throw this.fault(at.verb, `somebody must do '${verb}'`, `write who does, as in 'A.${FORMS[verb][0]}'`);
  }

  private checkResult(): void {
    const { verb } = this;
    const { result, outcome, at } = this.call;
    if (outcome !== undefined) {
      const problem = 'a step says nothing of its outcome, which differs from design to design';
      const remedy = `leave out '-> ${outcome}'; what you expect can stand behind '#'`;
      throw this.fault(at.outcome, problem, remedy);
    }
    if (result === undefined) return;
    if (!MAKERS.includes(verb)) {
      const problem = `'${verb}' makes nothing that could be called '${result}'`;
      throw this.fault(at.result, problem, `leave out '${result} ='`);
    }
    if (DEVICES.includes(result)) {
      throw this.fault(at.result, `'${result}' is a device, and cannot be a name`, 'choose another name');
    }
  }

  private checkCount(): void {
    const { verb, words, call } = this;
    const forms: readonly string[] = FORMS[verb];
    if (forms.some((form) => countIn(form) === words.length)) return;
    const count = words.length === 1 ? 'one word' : `${words.length} words`;
    throw this.fault(call.at.verb, `'${verb}' does not take ${count}`, `write ${forms.join(' or ')}`);
  }
}

function countIn(form: string): number {
  return form.endsWith('()') ? 0 : form.split(',').length;
}
