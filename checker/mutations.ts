/**
 * Which rules are load-bearing. Each guard of each operation is switched off alone, and each reference that keeps an object
 * alive is dropped alone; then the properties that the machine keeps as it is are checked again.
 */
import { Machine, type CallCounts, type MachineDefinition } from '../model/machine/index.js';
import type { RowMemory } from '../model/state/index.js';
import { addedCalls, type AddedCalls } from './added-calls.js';
import { ExhaustiveSearch, type ExhaustiveLimits } from './exhaustive.js';
import { ModelFault, PropertyFault } from './faults.js';
import { judges } from './judge.js';
import type { Property } from './property.js';
import { recount } from './recount.js';
import { verdictOnRefusals } from './refusal-verdict.js';
import type { Progress, Search } from './search.js';
import type { Trace } from './trace.js';
import type { PropertyResult, SearchResult, Verdict } from './verdict.js';

/** Something that is switched off alone. */
export interface Mutation {
  /** As the machine's switches call it: `operation/guard`, or `hold:path`. */
  readonly name: string;
  /** Given for a guard, not for a reference. */
  readonly guard?: GuardOfOperation;
}

export interface GuardOfOperation {
  readonly operation: string;
  readonly guard: string;
}

/** What it came to. */
export type MutationResult =
  /** Properties fall that are kept with it; that with the shortest sequence first, those without a sequence last. */
  | { readonly kind: 'falls'; readonly fallen: readonly PropertyResult[]; readonly depth: number | undefined }
  /** The rules, or what a property relies on, fail without it: the last call throws. */
  | { readonly kind: 'fails'; readonly trace: Trace; readonly message: string }
  /** No call comes to anything else: the guard refuses nothing; another holder is always there. */
  | { readonly kind: 'idle' }
  /** All calls that the guard refuses are refused by others: it only decides which error the caller is told. */
  | { readonly kind: 'errno' }
  /** Calls come to something else, and no property falls. `sameStates`: and no state is reached that was not before. */
  | { readonly kind: 'unneeded'; readonly sameStates: boolean }
  /** Nothing fell as far as was looked, and that was not all. */
  | { readonly kind: 'undecided'; readonly depth: number };

/** Runs a search until `isEnough`, or to its end, or stops it for a reason of its own. */
export type Drive = (search: Search, isEnough: (progress: Progress) => boolean) => void;

/** States looked at between two looks at how far a search is. */
const PORTION = 1 << 13;

/** Runs searches without stopping. */
export const toTheEnd: Drive = (search, isEnough) => {
  while (search.advance(PORTION)) if (isEnough(search.progress())) search.stop('states');
};

export interface MutationLimits extends Pick<ExhaustiveLimits, 'depth' | 'maxBytes'> {
  /** A search in which a property has fallen ends at so many states; as many as the machine itself has if it is not given. */
  readonly statesOfFallen?: number;
}

/** Everything that can be switched off alone in a machine. */
export function mutationsOf<S>({ definition, memory }: Machine<S>): Mutation[] {
  const guards = definition.operations.flatMap((op) =>
    [...new Set(op.guards.map((guard) => guard.name))].map((guard) => ({
      name: `${op.name}/${guard}`,
      guard: { operation: op.name, guard },
    })),
  );
  return [...guards, ...memory.holdPaths.map((path) => ({ name: `hold:${path}` }))];
}

export class MutationTest<S> {
  readonly mutations: readonly Mutation[];
  /** What a search finds out about the machine as it is. */
  readonly unchanged: SearchResult;
  /** The properties that the machine keeps as it is. What is broken already cannot fall. */
  readonly kept: readonly Property<S>[];
  private readonly definition: MachineDefinition<S>;
  private readonly memory: RowMemory;
  private readonly search: ExhaustiveSearch<S>;
  /** The last mutant: what is known of its refusals need not be found out again. */
  private handedOut: Machine<S> | undefined;
  /** How often each kept property said something about the machine as it is. */
  private readonly spoke: readonly number[];
  /** The calls of the machine as it is, with every refusal; undefined if not all of its states are known. */
  private readonly counts: CallCounts | undefined;

  /** @param machine taken over: its memory is used for its mutants, one after the other */
  constructor(
    machine: Machine<S>,
    properties: readonly Property<S>[],
    private readonly drive: Drive = toTheEnd,
    private readonly limits: MutationLimits = {},
  ) {
    this.definition = machine.definition;
    this.memory = machine.memory;
    this.mutations = mutationsOf(machine);
    this.search = new ExhaustiveSearch(machine, properties, limits);
    drive(this.search, () => false);
    this.unchanged = this.search.result();
    const { results } = this.unchanged;
    this.kept = properties.filter((_, k) => isKept(results[k]!.verdict));
    this.spoke = results.filter(({ verdict }) => isKept(verdict)).map(({ spoke }) => spoke);
    const states = this.search.states();
    this.counts = this.unchanged.closed ? recount(machine, states.rows(), states.count()) : undefined;
  }

  /** The machine with it switched off. The one handed out before is of no use any more. */
  mutant({ name }: Mutation): Machine<S> {
    if (this.handedOut?.without[0] !== name)
      this.handedOut = new Machine(this.definition, { without: [name] }, this.memory);
    return this.handedOut;
  }

  resultOf(mutation: Mutation): MutationResult {
    const added = this.addedWithout(mutation);
    try {
      return added?.kind === 'known' && this.speaksWithout(mutation)
        ? this.inSameStates(mutation, added)
        : this.inStatesOf(mutation, added);
    } catch (error) {
      if (!(error instanceof ModelFault || error instanceof PropertyFault)) throw error;
      return { kind: 'fails', trace: error.trace, message: error.message };
    }
  }

  /** What the calls that a guard refuses come to without it; undefined where that cannot be said. */
  private addedWithout({ guard }: Mutation): AddedCalls | undefined {
    if (!guard || !this.counts || !this.isOnlyOne(guard)) return undefined;
    this.handedOut = undefined; // the memory is used for another machine
    return addedCalls(this.definition, this.memory, guard, this.kept, this.search.states());
  }

  /** Whether each property has surely spoken of something else than refusals by this guard, and looks at none of them. */
  private speaksWithout({ guard }: Mutation): boolean {
    const { operation, index } = this.placeOf(guard!);
    const op = this.definition.operations[operation]!;
    return this.kept.every((property, k) => {
      if (property.kind !== 'refusals' && !judges(property, op, -1 - index)) return true;
      return !seesEachRefusal(property) && this.spoke[k]! > this.counts!.refused[operation]![index]!;
    });
  }

  /** Without it, all states are known: only the added calls, and what refusals tell, can break what was kept. */
  private inSameStates(mutation: Mutation, added: KnownCalls): MutationResult {
    const mutant = this.mutant(mutation);
    const broken = this.kept.filter((_, k) => added.broken.has(k));
    const fallen = this.toldByRefusals(mutant, mutation, added);
    if (broken.length > 0) {
      const search = new ExhaustiveSearch(mutant, broken, this.limits);
      this.drive(search, ({ violated }) => violated.length === broken.length);
      fallen.push(...search.result().results.filter(isFallen));
    }
    if (fallen.length === 0) return this.unneeded(mutation, added);
    return { kind: 'falls', fallen: fallen.sort(byLength), depth: undefined };
  }

  /** The properties of refusals that fall, because other guards refuse what this one refused. */
  private toldByRefusals(mutant: Machine<S>, { guard }: Mutation, added: KnownCalls): PropertyResult[] {
    const counts = this.countsWithout(guard!, added);
    return this.kept.flatMap((property, k) => {
      if (property.kind !== 'refusals') return [];
      const counted = { counts, recounted: () => counts };
      const verdict = verdictOnRefusals(mutant, property, counted, Infinity);
      return verdict.kind === 'violated' ? [{ property: property.name, verdict, spoke: this.spoke[k]! }] : [];
    });
  }

  private countsWithout(guard: GuardOfOperation, { refused, late }: KnownCalls): CallCounts {
    const counts = this.counts!;
    const { operation, index } = this.placeOf(guard);
    const sum = (before: Float64Array, more: Float64Array): Float64Array =>
      before.map((count, i) => count + more[i]!);
    return {
      ...counts,
      refused: counts.refused.map((of, op) => (op === operation ? sum(without(of, index), refused) : of)),
      late: counts.late.map((of, op) => (op === operation ? sum(of, late) : of)),
    };
  }

  /** Without it, there may be other states: they are searched. */
  private inStatesOf(mutation: Mutation, added: AddedCalls | undefined): MutationResult {
    const search = new ExhaustiveSearch(this.mutant(mutation), this.kept, this.limits);
    const most = this.limits.statesOfFallen ?? this.search.states().count();
    this.drive(search, ({ violated, states }) => violated.length > 0 && states >= most);
    const { results, closed, statistics } = search.result();
    const fallen = results.filter(isFallen).sort(byLength);
    const depth = closed ? undefined : statistics.depth;
    if (fallen.length > 0) return { kind: 'falls', fallen, depth };
    if (depth !== undefined) return { kind: 'undecided', depth };
    if (added?.kind === 'known') return this.unneeded(mutation, added);
    return { kind: 'unneeded', sameStates: this.hasSameStates(search) };
  }

  private unneeded({ guard }: Mutation, added: KnownCalls): MutationResult {
    if (added.done > 0) return { kind: 'unneeded', sameStates: true };
    const { operation, index } = this.placeOf(guard!);
    return { kind: this.counts!.refused[operation]![index] === 0 ? 'idle' : 'errno' };
  }

  private isOnlyOne({ operation, guard }: GuardOfOperation): boolean {
    const { guards } = this.definition.operations.find(({ name }) => name === operation)!;
    return guards.filter(({ name }) => name === guard).length === 1;
  }

  private placeOf({ operation, guard }: GuardOfOperation): { operation: number; index: number } {
    const place = this.definition.operations.findIndex(({ name }) => name === operation);
    const index = this.definition.operations[place]!.guards.findIndex(({ name }) => name === guard);
    return { operation: place, index };
  }

  private hasSameStates(search: ExhaustiveSearch<S>): boolean {
    const [before, after] = [this.search.states(), search.states()];
    if (before.count() !== after.count()) return false;
    const { words } = this.memory;
    for (let i = 0; i < after.count(); i++) if (!before.has(after.rows(), i * words)) return false;
    return true;
  }
}

type KnownCalls = Extract<AddedCalls, { kind: 'known' }>;

function without(counts: Float64Array, index: number): Float64Array {
  return counts.filter((_, i) => i !== index);
}

/** It wants to be shown refusals by guards, too. */
function seesEachRefusal<S>(property: Property<S>): boolean {
  return property.kind === 'step' && property.refusals === 'all';
}

function isKept({ kind }: Verdict): boolean {
  return kind === 'holds' || kind === 'holds-up-to' || kind === 'witnessed';
}

function isFallen({ verdict: { kind } }: PropertyResult): boolean {
  return kind === 'violated' || kind === 'vacuous' || kind === 'witness-missing';
}

function byLength(a: PropertyResult, b: PropertyResult): number {
  return lengthOf(a) - lengthOf(b);
}

/** Calls of the sequence that shows it; what has none comes last. */
function lengthOf({ verdict }: PropertyResult): number {
  return verdict.kind === 'violated' ? verdict.counterexample.trace.length : Number.MAX_SAFE_INTEGER;
}
