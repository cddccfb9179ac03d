/** Which call of a design a verb means, given what is known: the one that takes most of it. */
import { deedOf, type Domain, type Machine, type Operation } from '../model/machine/index.js';
import { NONE } from '../model/state/index.js';
import type { Part, Word } from './things.js';

export interface ChosenCall {
  /** Index into the machine's operations. */
  readonly operation: number;
  readonly args: readonly number[];
  /** The words that it takes, by name. */
  readonly used: readonly string[];
}

/** The call that would be made if the actor had a descriptor of this. */
export interface MissingPart {
  readonly missing: Part;
}

export interface Known {
  /** Undefined where nobody calls. */
  readonly actor: number | undefined;
  readonly words: ReadonlyMap<string, Word>;
  /** The call must take one of these, if there are any. */
  readonly mustTake: readonly string[];
  readonly descriptor: (part: Part) => number | undefined;
}

/** Undefined if no operation with that verb makes do with what is known. */
export function chooseCall<S>(
  machine: Machine<S>,
  verb: string,
  known: Known,
): ChosenCall | MissingPart | undefined {
  const fitting = machine.operations
    .map((op, operation) => ({ op, operation, taken: take(op, known) }))
    .filter(
      ({ op, taken }) => (deedOf(op) === verb || op.verb === verb || op.name === verb) && taken !== undefined,
    );
  const most = Math.max(...fitting.map(({ taken }) => taken!.length));
  const found = fitting.find(({ taken }) => taken!.length === most);
  if (found === undefined) return undefined;
  const taken = found.taken!;
  const lacking = taken.find(({ value }) => typeof value !== 'number');
  if (lacking !== undefined) return { missing: lacking.value as Part };
  return {
    operation: found.operation,
    args: taken.map(({ value }) => value as number),
    used: taken.map(({ word }) => word),
  };
}

interface Taken {
  readonly word: string;
  /** A part is one that the actor has no descriptor of. */
  readonly value: number | Part;
}

function take<S>(op: Operation<S>, known: Known): Taken[] | undefined {
  const taken: Taken[] = [];
  for (const [parameter, domain] of Object.entries(op.params)) {
    const found = parameter === 'actor' ? callerIn(known) : wordFor(parameter, domain, known);
    if (found === undefined) return undefined;
    taken.push(found);
  }
  const { mustTake } = known;
  const isAbout = mustTake.length === 0 || taken.some(({ word }) => mustTake.includes(word));
  return isAbout ? taken : undefined;
}

function callerIn({ actor }: Known): Taken | undefined {
  return actor === undefined ? undefined : { word: 'actor', value: actor };
}

/** By the name of the parameter; or of its domain, where that is no number handed out. */
function wordFor(parameter: string, domain: Domain, { words, descriptor }: Known): Taken | undefined {
  const word = [parameter, ...(domain.issued === undefined ? [domain.name] : [])].find((name) =>
    words.has(name),
  );
  if (word === undefined) return undefined;
  const value = valueIn(domain, words.get(word)!, descriptor);
  return value === undefined ? undefined : { word, value };
}

function valueIn(domain: Domain, word: Word, descriptor: Known['descriptor']): number | Part | undefined {
  if (word === 'none') return domain.optional ? NONE : undefined;
  if (typeof word === 'string') {
    const value = domain.values.indexOf(word);
    return value < 0 ? undefined : value;
  }
  if (domain.issued === undefined) return undefined;
  if (typeof word === 'number') return word;
  return domain.issued === 'actor' ? (descriptor(word) ?? word) : undefined;
}
