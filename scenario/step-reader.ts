/** Reads the steps of a scenario one after the other: are they written as steps are, and do their names stand for something? */
import type { CaseLine } from '../corpus/case.js';
import { remedyFor } from '../corpus/nearest.js';
import { CaseSyntaxError } from '../corpus/syntax-error.js';
import { BOUND_LIMITS } from '../model/kernel/model.js';
import { PROGRAM_KINDS } from '../model/proposals/lowering.js';
import { Cast, isOfSort, type Sort } from './cast.js';
import { FORMS, type Deed, type Step, type Verb } from './scenario.js';

const VERBS = Object.keys(FORMS) as Verb[];

/** Verbs that make something which can have a name. */
const MAKERS: readonly Verb[] = ['load', 'attach', 'send', 'get'];

const DEVICES = numbered('eth', 0, BOUND_LIMITS.devices);

/** What is pinned can need two paths of a design (a program and its map), so a scenario has half of them. */
const PATHS = numbered('/pin', 1, BOUND_LIMITS.pins / 2);

const ANYTHING: readonly Sort[] = ['program', 'attachment'];

function numbered(prefix: string, first: number, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${prefix}${first + i}`);
}

interface Word {
  readonly text: string;
  readonly column: number;
}

export class StepReader {
  private readonly cast = new Cast();

  /** `calls` are all that will be read, so that a name that comes too early is told from one that is not there. */
  constructor(
    private readonly file: string,
    private readonly calls: readonly CaseLine[],
  ) {}

  /** Reads the next step. Throws a {@link CaseSyntaxError} for the first thing that is wrong with it. */
  read(call: CaseLine): Step {
    const verb = this.verb(call);
    const actor = this.actor(call, verb);
    this.checkResult(call, verb);
    const words = call.args.map((text, i) => ({ text, column: call.at.args[i]! }));
    this.checkCount(call, verb, words);
    const deed = this.deed(call, verb, words);
    const step = { call, line: call.at.line, actor, result: call.result, deed };
    this.cast.follow(step);
    return step;
  }

  private verb(call: CaseLine): Verb {
    const found = VERBS.find((known) => known === call.verb);
    if (found !== undefined) return found;
    throw this.error(call, call.at.verb, `there is no step '${call.verb}'`, remedyFor(call.verb, VERBS));
  }

  private actor(call: CaseLine, verb: Verb): string | undefined {
    const { actor, at } = call;
    if (verb === 'packet') {
      if (actor === undefined) return undefined;
      throw this.error(call, at.actor, 'nobody sends a packet', `leave out '${actor}.'`);
    }
    if (actor === undefined) {
      throw this.error(
        call,
        at.verb,
        `somebody must do '${verb}'`,
        `write who does, as in 'A.${FORMS[verb][0]}'`,
      );
    }
    this.checkLetter(call, { text: actor, column: at.actor });
    const crashed = this.cast.crashedIn(actor);
    if (verb === 'restart' && crashed === undefined) {
      throw this.error(call, at.actor, `${actor} is alive`, `only who has crashed can restart`);
    }
    if (verb !== 'restart' && crashed !== undefined) {
      const remedy = `write '${actor}.restart()' above`;
      throw this.error(call, at.actor, `${actor} crashed in line ${crashed}`, remedy);
    }
    return actor;
  }

  private checkLetter(call: CaseLine, { text, column }: Word): void {
    if (/^[A-Z]$/.test(text)) return;
    throw this.error(call, column, `'${text}' is no actor`, 'actors are called A, B, C, …');
  }

  private checkResult(call: CaseLine, verb: Verb): void {
    const { result, outcome, at } = call;
    if (outcome !== undefined) {
      const remedy = `leave out '-> ${outcome}'; what you expect can stand behind '#'`;
      throw this.error(
        call,
        at.outcome,
        'a step says nothing of its outcome, which differs from design to design',
        remedy,
      );
    }
    if (result === undefined) return;
    if (!MAKERS.includes(verb)) {
      throw this.error(
        call,
        at.result,
        `'${verb}' makes nothing that could be called '${result}'`,
        `leave out '${result} ='`,
      );
    }
    if (DEVICES.includes(result)) {
      throw this.error(
        call,
        at.result,
        `'${result}' is a device, and cannot be a name`,
        'choose another name',
      );
    }
  }

  private checkCount(call: CaseLine, verb: Verb, words: readonly Word[]): void {
    const counts = FORMS[verb].map((form) => countIn(form));
    if (counts.includes(words.length)) return;
    const count = words.length === 1 ? 'one word' : `${words.length} words`;
    throw this.error(
      call,
      call.at.verb,
      `'${verb}' does not take ${count}`,
      `write ${FORMS[verb].join(' or ')}`,
    );
  }

  private deed(call: CaseLine, verb: Verb, words: readonly Word[]): Deed {
    const [first, second] = words as readonly [Word, Word];
    switch (verb) {
      case 'load':
        return this.load(call, first, words[1]);
      case 'attach': {
        const program = this.own(call, first, ['program']);
        if (DEVICES.includes(second.text)) return { verb, program, device: second.text };
        return { verb, program, target: this.own(call, second, ['program'], DEVICES) };
      }
      case 'replace':
        return {
          verb,
          attached: this.name(call, first, ['attachment']),
          program: this.own(call, second, ['program']),
        };
      case 'detach':
        if (DEVICES.includes(first.text)) return { verb, device: first.text };
        return { verb, attached: this.name(call, first, ['attachment'], DEVICES) };
      case 'close':
        return { verb, name: this.own(call, first, ANYTHING) };
      case 'send':
        return { verb, name: this.own(call, first, ANYTHING), to: this.receiver(call, second) };
      case 'pin':
        return { verb, name: this.own(call, first, ANYTHING), path: this.oneOf(call, second, 'path', PATHS) };
      case 'unpin':
      case 'get':
        return { verb, path: this.oneOf(call, first, 'path', PATHS) };
      case 'packet':
        return { verb, device: this.oneOf(call, first, 'device', DEVICES) };
      case 'crash':
      case 'restart':
        return { verb };
    }
  }

  private load(call: CaseLine, kind: Word, target: Word | undefined): Deed {
    const loads = this.oneOf(call, kind, 'program', PROGRAM_KINDS);
    const isFirewall = loads === 'fw1' || loads === 'fw2';
    if (target === undefined) {
      if (!isFirewall) return { verb: 'load', loads };
      const remedy = `write for which, as in 'load(${loads}, root)': some designs have to know it`;
      throw this.error(call, call.at.verb, `'${loads}' is loaded for another program`, remedy);
    }
    if (isFirewall) return { verb: 'load', loads, target: this.own(call, target, ['program']) };
    throw this.error(
      call,
      target.column,
      `'${loads}' is loaded for no other program`,
      `write 'load(${loads})'`,
    );
  }

  private receiver(call: CaseLine, word: Word): string {
    this.checkLetter(call, word);
    if (word.text === call.actor) {
      throw this.error(call, word.column, `${word.text} sends to itself`, 'name another actor');
    }
    const crashed = this.cast.crashedIn(word.text);
    if (crashed === undefined) return word.text;
    throw this.error(
      call,
      word.column,
      `${word.text} crashed in line ${crashed}`,
      `write '${word.text}.restart()' above`,
    );
  }

  private oneOf<T extends string>(
    call: CaseLine,
    { text, column }: Word,
    what: string,
    known: readonly T[],
  ): T {
    const found = known.find((candidate) => candidate === text);
    if (found !== undefined) return found;
    throw this.error(call, column, `'${text}' is no ${what}`, remedyFor(text, known));
  }

  /** A name of one of these sorts, whoever it belongs to. `others` are words that could stand there too. */
  private name(call: CaseLine, word: Word, sorts: readonly Sort[], others: readonly string[] = []): string {
    const named = this.cast.find(word.text);
    if (named === undefined) throw this.unknown(call, word, [...this.cast.usable(sorts), ...others]);
    if (isOfSort(named.sort, sorts)) return word.text;
    const problem = `'${word.text}' is ${article(named.sort)}, and '${call.verb}' takes ${article(sorts[0]!)} here`;
    throw this.error(
      call,
      word.column,
      problem,
      remedyFor(word.text, [...this.cast.usable(sorts), ...others]),
    );
  }

  /** A name of something that the actor has descriptors of. */
  private own(call: CaseLine, word: Word, sorts: readonly Sort[], others: readonly string[] = []): string {
    const actor = call.actor!;
    const usable = [...this.cast.usable(sorts, actor), ...others];
    const named = this.cast.find(word.text);
    if (named === undefined) throw this.unknown(call, word, usable);
    this.name(call, word, sorts, others);
    const fault = (problem: string, remedy: string): CaseSyntaxError =>
      this.error(call, word.column, problem, remedy);
    if (named.owner !== actor) {
      const remedy = `write '${word.text}_${actor} = ${named.owner}.send(${word.text}, ${actor})' above, and use that`;
      throw fault(`'${word.text}' is ${named.owner}'s, not ${actor}'s`, remedy);
    }
    if (named.gone !== undefined) throw fault(`${actor} does not have '${word.text}' any more`, named.gone);
    return word.text;
  }

  private unknown(call: CaseLine, { text, column }: Word, known: readonly string[]): CaseSyntaxError {
    const later = this.calls.find(({ result }) => result === text);
    const remedy =
      later === undefined
        ? remedyFor(text, known)
        : `it is what line ${later.at.line} makes, and can only be used below that`;
    return this.error(call, column, `nothing is called '${text}' here`, remedy);
  }

  private error({ at }: CaseLine, column: number, problem: string, remedy: string): CaseSyntaxError {
    return new CaseSyntaxError(this.file, at.line, column, problem, remedy);
  }
}

function countIn(form: string): number {
  return form.endsWith('()') ? 0 : form.split(',').length;
}

function article(sort: Sort): string {
  return sort === 'attachment' ? 'something attached' : `a ${sort}`;
}
