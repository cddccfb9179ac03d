/** Values of options: read, checked, and refused in a sentence. */
import { remedyFor } from '../corpus/index.js';
import { BOUND_LEAST, BOUND_LIMITS, type BoundName, type Bounds } from '../model/kernel/model.js';
import type { Shard } from '../checker/index.js';
import { UsageError } from './errors.js';

/** A search is shared among this many machines at most. */
const MOST_SHARDS = 1000;

/** A whole number in a range. Throws a UsageError that names the option and the range. */
export function wholeNumber(option: string, min: number, max = Number.MAX_SAFE_INTEGER) {
  return (text: string): number => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isInteger(value) && value >= min && value <= max) return value;
    const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
    throw new UsageError(`${option} takes a whole number ${range}, not '${text}'.`);
  };
}

/** A positive number, in seconds. */
export function seconds(option: string) {
  return (text: string): number => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isFinite(value) && value > 0) return value;
    throw new UsageError(`${option} takes a number of seconds above 0, not '${text}'.`);
  };
}

/** `2/4`: the second of four. */
export function shardOf(text: string): Shard {
  const [index, of] = /^(\d+)\/(\d+)$/.exec(text)?.slice(1).map(Number) ?? [];
  if (index !== undefined && of !== undefined && index >= 1 && index <= of && of <= MOST_SHARDS)
    return { index, of };
  throw new UsageError(
    `--shard takes the number of a part and of how many, as 2/4 (up to ${MOST_SHARDS}), not '${text}'.`,
  );
}

/** `processes=3,fds=4`, added to what was given before. */
export function boundList(text: string, before: Partial<Bounds> = {}): Partial<Bounds> {
  const names = Object.keys(BOUND_LIMITS) as BoundName[];
  const given = text.split(',').map((part) => {
    const [name = '', value = ''] = part.split('=').map((word) => word.trim());
    const bound = names.find((known) => known === name);
    if (!bound) throw new UsageError(`--bounds: there is no bound '${name}': ${remedyFor(name, names)}`);
    return [bound, wholeNumber(`--bounds ${name}`, BOUND_LEAST[bound], BOUND_LIMITS[bound])(value)] as const;
  });
  return { ...before, ...Object.fromEntries(given) };
}

/** Values of an option that can be repeated, or hold several after commas. */
export function repeated(text: string, before: readonly string[] = []): string[] {
  return [...before, ...text.split(',').map((word) => word.trim())];
}

/** One of some words. */
export function oneOf<T extends string>(option: string, words: readonly T[]) {
  return (text: string): T => {
    const found = words.find((word) => word === text);
    if (found !== undefined) return found;
    throw new UsageError(`${option} does not know '${text}': ${remedyFor(text, words)}`);
  };
}
