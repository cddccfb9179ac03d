/** Reads the steps of a scenario one after the other: do their names stand for what is needed, and is it there? */
import type { CaseLine } from '../corpus/case.js';
import { remedyFor } from '../corpus/nearest.js';
import type { CaseSyntaxError } from '../corpus/syntax-error.js';
import { PROGRAM_KINDS } from '../model/proposals/lowering.js';
import { Cast, isOfSort, type Sort } from './cast.js';
import type { Deed, Step } from './scenario.js';
import { DEVICES, PATHS, WrittenStep, type PlacedWord } from './written-step.js';

const ANYTHING: readonly Sort[] = ['program', 'attachment'];

export class StepReader {
  private readonly cast = new Cast();

  /** `calls` are all that will be read, so that a name that comes too early is told from one that is not there. */
  constructor(
    private readonly file: string,
    private readonly calls: readonly CaseLine[],
  ) {}

  /** Reads the next step. Throws a {@link CaseSyntaxError} for the first thing that is wrong with it. */
  read(call: CaseLine): Step {
    const written = new WrittenStep(call, this.file);
    this.checkAlive(written);
    const deed = this.deed(written);
    const step = { call, line: call.at.line, actor: written.actor, result: call.result, deed };
    this.cast.follow(step);
    return step;
  }

  private checkAlive(written: WrittenStep): void {
    const { actor, verb, call } = written;
    if (actor === undefined) return;
    const isDead = this.cast.crashedIn(actor) !== undefined;
    if (verb !== 'restart') this.checkAliveAt(written, { text: actor, column: call.at.actor });
    else if (!isDead) {
      throw written.fault(call.at.actor, `${actor} is alive`, 'only who has crashed can restart');
    }
  }

  private checkAliveAt(written: WrittenStep, { text, column }: PlacedWord): void {
    const crashed = this.cast.crashedIn(text);
    if (crashed === undefined) return;
    throw written.fault(column, `${text} crashed in line ${crashed}`, `write '${text}.restart()' above`);
  }

  private deed(written: WrittenStep): Deed {
    const { verb, words } = written;
    const [first, second] = words as readonly [PlacedWord, PlacedWord];
    switch (verb) {
      case 'load':
        return this.load(written, first, words[1]);
      case 'attach': {
        const program = this.own(written, first, ['program']);
        if (DEVICES.includes(second.text)) return { verb, program, device: second.text };
        return { verb, program, target: this.own(written, second, ['program'], DEVICES) };
      }
      case 'replace': {
        const attached = this.name(written, first, ['attachment']);
        return { verb, attached, program: this.own(written, second, ['program']) };
      }
      case 'detach':
        if (DEVICES.includes(first.text)) return { verb, device: first.text };
        return { verb, attached: this.name(written, first, ['attachment'], DEVICES) };
      case 'close':
        return { verb, name: this.own(written, first, ANYTHING) };
      case 'send':
        return { verb, name: this.own(written, first, ANYTHING), to: this.receiver(written, second) };
      case 'pin':
        return {
          verb,
          name: this.own(written, first, ANYTHING),
          path: written.oneOf(second, 'path', PATHS),
        };
      case 'unpin':
      case 'get':
        return { verb, path: written.oneOf(first, 'path', PATHS) };
      case 'packet':
        return { verb, device: written.oneOf(first, 'device', DEVICES) };
      case 'crash':
      case 'restart':
        return { verb };
    }
  }

  private load(written: WrittenStep, kind: PlacedWord, target: PlacedWord | undefined): Deed {
    const loads = written.oneOf(kind, 'program', PROGRAM_KINDS);
    const isFirewall = loads === 'fw1' || loads === 'fw2';
    if (target === undefined) {
      if (!isFirewall) return { verb: 'load', loads };
      const remedy = `write for which, as in 'load(${loads}, root)': some designs have to know it`;
      throw written.fault(written.call.at.verb, `'${loads}' is loaded for another program`, remedy);
    }
    if (isFirewall) return { verb: 'load', loads, target: this.own(written, target, ['program']) };
    throw written.fault(target.column, `'${loads}' is loaded for no other program`, `write 'load(${loads})'`);
  }

  private receiver(written: WrittenStep, word: PlacedWord): string {
    const receiver = written.letter(word);
    if (receiver === written.actor) {
      throw written.fault(word.column, `${receiver} sends to itself`, 'name another actor');
    }
    this.checkAliveAt(written, word);
    return receiver;
  }

  /** A name of one of these sorts, whoever it belongs to. `others` are words that could stand there too. */
  private name(
    written: WrittenStep,
    word: PlacedWord,
    sorts: readonly Sort[],
    others: readonly string[] = [],
  ): string {
    const usable = [...this.cast.usable(sorts), ...others];
    const named = this.cast.find(word.text);
    if (named === undefined) throw this.unknown(written, word, usable);
    if (isOfSort(named.sort, sorts)) return word.text;
    const problem = `'${word.text}' is ${inWords(named.sort)}, and '${written.verb}' takes ${inWords(sorts[0]!)} here`;
    throw written.fault(word.column, problem, remedyFor(word.text, usable));
  }

  /** A name of something that the actor has descriptors of. */
  private own(
    written: WrittenStep,
    word: PlacedWord,
    sorts: readonly Sort[],
    others: readonly string[] = [],
  ): string {
    const actor = written.actor ?? 'nobody';
    const named = this.cast.find(word.text);
    if (named === undefined) {
      throw this.unknown(written, word, [...this.cast.usable(sorts, actor), ...others]);
    }
    const name = this.name(written, word, sorts, others);
    if (named.owner !== actor) {
      const remedy = `write '${name}_${actor} = ${named.owner}.send(${name}, ${actor})' above, and use that`;
      throw written.fault(word.column, `'${name}' is ${named.owner}'s, not ${actor}'s`, remedy);
    }
    if (named.gone === undefined) return name;
    throw written.fault(word.column, `${actor} does not have '${name}' any more`, named.gone);
  }

  private unknown(
    written: WrittenStep,
    { text, column }: PlacedWord,
    known: readonly string[],
  ): CaseSyntaxError {
    const later = this.calls.find(({ result }) => result === text);
    const remedy =
      later === undefined
        ? remedyFor(text, known)
        : `it is what line ${later.at.line} makes, and can only be used below that`;
    return written.fault(column, `nothing is called '${text}' here`, remedy);
  }
}

function inWords(sort: Sort): string {
  return sort === 'attachment' ? 'something attached' : `a ${sort}`;
}
