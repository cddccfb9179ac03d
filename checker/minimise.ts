/**
 * One minimal form. A counterexample, whoever found it, is reduced until no call can be left out and no argument made
 * simpler; then a bounded exhaustive search asks whether anything shorter breaks the same property, so that what is
 * printed is a shortest one; then interchangeable values are renamed by first appearance. The same bug reads the same.
 */
import type { Machine } from '../model/machine/index.js';
import { ExhaustiveSearch } from './exhaustive.js';
import { judgeTrace } from './judge.js';
import type { Property } from './property.js';
import { mapValues, shorterTraces, simplerTraces, usedValues, without } from './shrink.js';
import { Recorder, runTrace, SKIPPED, type Trace } from './trace.js';
import { traceBehind } from './verdict.js';

export interface MinimiseOptions {
  /** States the final search may look at; 0 for no search. Default 300,000. */
  readonly searchStates?: number;
}

const DEFAULT_SEARCH_STATES = 300_000;

/** What must stay true while a trace gets smaller. */
type Shows = (trace: Trace) => Trace | undefined;

/** A trace that breaks a property, or reaches a witness. */
export interface FoundTrace<S> {
  readonly property: Property<S>;
  readonly trace: Trace;
}

/**
 * The minimal form of a trace that breaks a property, or reaches a witness. A trace that does neither comes back as it is.
 */
export function minimise<S>(
  machine: Machine<S>,
  property: Property<S>,
  trace: Trace,
  options: MinimiseOptions = {},
): Trace {
  return minimiseAll(machine, [{ property, trace }], options)[0]!;
}

/** The minimal forms of several traces, each as if it were the only one: one search asks for something shorter than any of them. */
export function minimiseAll<S>(
  machine: Machine<S>,
  found: readonly FoundTrace<S>[],
  { searchStates = DEFAULT_SEARCH_STATES }: MinimiseOptions = {},
): Trace[] {
  const reduced = found.map(({ property, trace }): FoundTrace<S> | undefined => {
    const shows = showing(machine, property);
    const start = shows(trace);
    return start && { property, trace: reduce(machine, shows, start) };
  });
  const shown = reduced.filter((one) => one !== undefined);
  const shortest =
    searchStates > 0 && shown.length > 0
      ? shortestBySearch(machine, shown, searchStates)
      : shown.map(({ trace }) => trace);
  const forms = new Map(
    shown.map((one, i) => [one, simplest(machine, showing(machine, one.property), shortest[i]!)]),
  );
  return reduced.map((one, i) => (one ? forms.get(one)! : found[i]!.trace));
}

/** Whether a trace breaks the property (reaches the witness), all its calls can be made; cut off behind the breach. */
function showing<S>(machine: Machine<S>, property: Property<S>): Shows {
  return (trace) => {
    const { brokenAt, firstSpoke, skipped } = judgeTrace(machine, property, trace);
    const at = property.kind === 'witness' ? firstSpoke : brokenAt;
    if (at === undefined) return undefined;
    const cut = trace.slice(0, at + 1);
    return skipped > 0 ? showing(machine, property)(possibleCalls(machine, cut)) : cut;
  };
}

/** A trace without the calls that cannot be made. */
function possibleCalls<S>(machine: Machine<S>, trace: Trace): Trace {
  const impossible = new Set<number>();
  runTrace(machine, trace, (index, code) => {
    if (code === SKIPPED) impossible.add(index);
  });
  return without(trace, (index) => impossible.has(index));
}

function reduce<S>(machine: Machine<S>, shows: Shows, trace: Trace): Trace {
  let smallest = trace;
  for (let changed = true; changed;) {
    changed = false;
    for (const moves of [shorterTraces(smallest), simplerTraces(machine, smallest)]) {
      const smaller = firstShown(moves, shows);
      if (!smaller) continue;
      smallest = smaller;
      changed = true;
      break;
    }
  }
  return smallest;
}

function firstShown(candidates: Iterable<Trace>, shows: Shows): Trace | undefined {
  for (const candidate of candidates) {
    const shown = shows(candidate);
    if (shown) return shown;
  }
  return undefined;
}

/** For each property the first shortest trace in the order of an exhaustive search, if that is found within the limit. */
function shortestBySearch<S>(
  machine: Machine<S>,
  shown: readonly FoundTrace<S>[],
  maxStates: number,
): Trace[] {
  const properties = shown.map(({ property }) => property);
  const depth = Math.max(...shown.map(({ trace }) => trace.length));
  const search = new ExhaustiveSearch(machine, properties, { depth, maxStates });
  while (search.progress().violated.length < shown.length && search.advance(1 << 10));
  const { results } = search.result();
  return shown.map(({ trace }, i) => traceBehind(results[i]!.verdict) ?? trace);
}

/** Reduced and renamed until it has been seen before: with other names an argument may have a simpler value. */
function simplest<S>(machine: Machine<S>, shows: Shows, trace: Trace): Trace {
  const seen = new Set<string>();
  for (let form = trace; ;) {
    form = recordedAgain(machine, renamed(machine, shows, reduce(machine, shows, form)));
    const text = JSON.stringify(form);
    if (seen.has(text)) return form;
    seen.add(text);
  }
}

/**
 * The same calls with the same numbers, each as the result of a call that handed it to the one who uses it: where the actor of a call
 * became another, it still refers to what was handed out to the first.
 */
function recordedAgain<S>(machine: Machine<S>, trace: Trace): Trace {
  const recorder = new Recorder(machine);
  runTrace(machine, trace, (index, code, args) => {
    recorder.add(trace[index]!.operation, args, code);
  });
  return recorder.trace;
}

/** Interchangeable values in the order in which they appear: the first process to act is A. */
function renamed<S>(machine: Machine<S>, shows: Shows, trace: Trace): Trace {
  const used = usedValues(machine, trace);
  const canonical = mapValues(machine, trace, (domain, value) => {
    const at = used.get(domain)?.indexOf(value) ?? -1;
    return at < 0 ? value : at;
  });
  return shows(canonical) ?? trace;
}
