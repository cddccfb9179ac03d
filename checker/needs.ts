/**
 * What a broken claim needs in order to hold: the smallest sets of restrictions under which it does.
 *
 * Sets are tried by size, weaker ones first, against all claims for which they are still a candidate. A set that forbids nothing
 * of some counterexample known so far cannot do, and one that is stronger than a set that does is of no interest; both cost no
 * search. Each of the others is searched exhaustively: either the claim holds under it, or there is one counterexample more.
 */
import {
  restrictedMachine,
  type Machine,
  type MachineDefinition,
  type Restriction,
} from '../model/machine/index.js';
import { RowMemory } from '../model/state/index.js';
import { ExhaustiveSearch, type ExhaustiveLimits } from './exhaustive.js';
import type { Property } from './property.js';
import { forbidding, isAsStrong, setsOfSize, type RestrictionSet } from './restriction-sets.js';
import type { Counterexample, PropertyResult, StopReason, Verdict } from './verdict.js';

export interface NeedsQuestion<S> {
  readonly definition: MachineDefinition<S>;
  /** The claims; no witnesses. */
  readonly properties: readonly Property<S>[];
  /** What may be taken away. */
  readonly restrictions: RestrictionSet<S>;
  /** True in a state that must be reachable if what is left is to be of any use. */
  readonly purpose: (state: S) => boolean;
}

export interface NeedsLimits extends Omit<ExhaustiveLimits, 'after'> {
  /** Restrictions of the largest sets tried. */
  readonly size: number;
}

/** A set under which a claim was not found broken. */
export interface SufficientSet<S> {
  readonly restrictions: RestrictionSet<S>;
  /** `holds`, `vacuous`, or, where the limits ended the search, how far it was looked. */
  readonly verdict: Verdict;
  /** The purpose is out of reach under it. */
  readonly isUseless: boolean;
}

export interface ClaimNeeds<S> {
  readonly property: Property<S>;
  /** What is found out about it without any restriction. */
  readonly unrestricted: PropertyResult;
  /** None is stronger than another one; in the order in which they were tried. Empty for a claim that is not broken. */
  readonly sets: readonly SufficientSet<S>[];
}

export interface NeedsResult<S> {
  readonly claims: readonly ClaimNeeds<S>[];
  /** Why not all sets were tried; undefined if all were. */
  readonly stoppedBy: StopReason | undefined;
  readonly statistics: NeedsProgress;
}

export interface NeedsProgress {
  /** Sets searched, and states and calls looked at in all of them. */
  readonly searches: number;
  readonly states: number;
  readonly transitions: number;
  /** The set being searched, in words. */
  readonly trying: readonly string[];
}

/** What is known of one claim. */
interface Open<S> {
  readonly property: Property<S>;
  unrestricted: PropertyResult | undefined;
  readonly sets: SufficientSet<S>[];
  /** For each counterexample, the restrictions that would forbid it. */
  readonly forbiddenBy: ReadonlySet<Restriction<S>>[];
}

export class NeedsSearch<S> {
  private readonly memory: RowMemory;
  private readonly claims: readonly Open<S>[];
  private readonly purpose: Property<S>;
  private readonly candidates: Iterator<RestrictionSet<S>>;
  private set: RestrictionSet<S> = [];
  private asked: readonly Open<S>[];
  private search: ExhaustiveSearch<S> | undefined;
  private stoppedBy: StopReason | undefined;
  private readonly totals = { searches: 0, states: 0, transitions: 0 };

  constructor(
    private readonly question: NeedsQuestion<S>,
    private readonly limits: NeedsLimits,
  ) {
    const { definition, properties, restrictions, purpose } = question;
    this.memory = new RowMemory(definition.schema);
    this.claims = properties.map((property) => ({
      property,
      unrestricted: undefined,
      sets: [],
      forbiddenBy: [],
    }));
    this.candidates = candidatesUpTo(restrictions, limits.size);
    this.asked = this.claims;
    this.purpose = purposeReached(purpose);
  }

  /** Looks at some more states; false when there is nothing left to do. */
  advance(portion: number): boolean {
    if (this.stoppedBy !== undefined) return false;
    this.search ??= this.nextSearch();
    if (!this.search) return false;
    const goesOn = this.search.advance(portion) && this.search.progress().violated.length < this.asked.length;
    if (!goesOn) {
      this.take(this.search);
      this.search = undefined;
    }
    return true;
  }

  /** Ends the search before its time. Of the set being searched nothing is known then, but which claims are broken without any. */
  stop(reason: StopReason): void {
    if (this.search && this.set.length === 0) {
      this.search.stop(reason);
      this.take(this.search);
    }
    this.search = undefined;
    this.stoppedBy ??= reason;
  }

  progress(): NeedsProgress {
    const { states = 0, transitions = 0 } = this.search?.progress() ?? {};
    return {
      searches: this.totals.searches,
      states: this.totals.states + states,
      transitions: this.totals.transitions + transitions,
      trying: this.set.map(({ sentence }) => sentence),
    };
  }

  result(): NeedsResult<S> {
    const { stoppedBy } = this;
    const verdict: Verdict = { kind: 'undecided', why: `stopped by: ${stoppedBy ?? 'interrupted'}` };
    return {
      claims: this.claims.map(({ property, unrestricted, sets }) => {
        return {
          property,
          unrestricted: unrestricted ?? { property: property.name, verdict, spoke: 0 },
          sets,
        };
      }),
      stoppedBy,
      statistics: this.progress(),
    };
  }

  /** The search of the next set that may do for some claim; undefined if there is none. */
  private nextSearch(): ExhaustiveSearch<S> | undefined {
    for (let next = this.candidates.next(); !next.done; next = this.candidates.next()) {
      const asked = this.claims.filter((claim) => isCandidate(next.value, claim));
      if (asked.length === 0) continue;
      this.set = next.value;
      this.asked = asked;
      const machine = restrictedMachine(this.question.definition, next.value, this.memory);
      const properties = [...asked.map(({ property }) => property), this.purpose];
      return new ExhaustiveSearch(machine, properties, this.limits);
    }
    return undefined;
  }

  private take(search: ExhaustiveSearch<S>): void {
    const { results, statistics } = search.result();
    this.totals.searches++;
    this.totals.states += statistics.states;
    this.totals.transitions += statistics.transitions;
    const { definition, restrictions } = this.question;
    const unrestricted = restrictedMachine(definition, [], this.memory);
    const isUseless = results.at(-1)!.verdict.kind === 'witness-missing';
    this.asked.forEach((claim, i) => {
      const result = results[i]!;
      const { verdict } = result;
      claim.unrestricted ??= result;
      if (verdict.kind === 'violated') {
        claim.forbiddenBy.push(forbidding(unrestricted, verdict.counterexample.trace, restrictions));
      } else if (claim.unrestricted !== result) {
        claim.sets.push({ restrictions: this.set, verdict, isUseless });
      }
    });
  }
}

/** The empty set comes first: it says which claims are broken. */
function* candidatesUpTo<S>(restrictions: RestrictionSet<S>, size: number): Generator<RestrictionSet<S>> {
  for (let i = 0; i <= size; i++) yield* setsOfSize(restrictions, i);
}

function isCandidate<S>(set: RestrictionSet<S>, { unrestricted, sets, forbiddenBy }: Open<S>): boolean {
  if (unrestricted !== undefined && unrestricted.verdict.kind !== 'violated') return false;
  if (sets.some(({ restrictions }) => isAsStrong(set, restrictions))) return false;
  return forbiddenBy.every((some) => set.some((restriction) => some.has(restriction)));
}

function purposeReached<S>(purpose: (state: S) => boolean): Property<S> {
  const said = 'what is left is of use';
  return {
    kind: 'witness',
    name: 'purpose',
    claim: said,
    source: '',
    situation: said,
    speaksAbout: 'all',
    reached: purpose,
  };
}

/** A set with one restriction weakened, and what it then lets through. */
export interface LetThrough<S> {
  readonly restriction: Restriction<S>;
  /** What stands in its place. */
  readonly instead: RestrictionSet<S>;
  /** The machine on which the counterexample is to be played. */
  readonly machine: Machine<S>;
  readonly counterexample: Counterexample;
}

/**
 * Why each restriction of a set is needed: a shortest counterexample without it, with only the weaker ones that it implies in
 * its place. Left out is one in whose place nothing would be left, because then it is the claim's own counterexample; and one
 * whose counterexample was not found within the limits.
 */
export function whyNeeded<S>(
  { definition, restrictions }: Pick<NeedsQuestion<S>, 'definition' | 'restrictions'>,
  property: Property<S>,
  set: RestrictionSet<S>,
  limits: Omit<ExhaustiveLimits, 'after'> = {},
): LetThrough<S>[] {
  return set.flatMap((restriction) => {
    const instead = restrictions.filter(({ name }) => restriction.implies.includes(name));
    const weaker = [...set.filter((one) => one !== restriction), ...instead];
    if (weaker.length === 0) return [];
    const machine = restrictedMachine(definition, weaker, new RowMemory(definition.schema));
    const search = new ExhaustiveSearch(machine, [property], limits);
    while (search.progress().violated.length === 0 && search.advance(1 << 10));
    const { verdict } = search.result().results[0]!;
    if (verdict.kind !== 'violated') return [];
    return [{ restriction, instead, machine, counterexample: verdict.counterexample }];
  });
}
