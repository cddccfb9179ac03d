/**
 * Searching up to symmetry: what is interchangeable in a machine, and whether its rules and the properties asked about treat it so.
 *
 * That is what an author says, in the schema; no program can prove it of rules written in a programming language. So it is tried:
 * in some states things are swapped, and the same calls must come to the same, and the properties say the same.
 */
import { IMPOSSIBLE, type Machine, type OutcomeCode } from '../model/machine/index.js';
import {
  compileCanonicalForm,
  compileOrbitMark,
  swapsOf,
  symmetryOf,
  type Swap,
  type Symmetry,
} from '../model/state/index.js';
import { argumentLists } from './calls.js';
import type { Asymmetry } from './faults.js';
import { hasActor, judges, judgeState, StepView } from './judge.js';
import { createOrbitSieve, createOrbitStore } from './orbit-store.js';
import { createPrng } from './prng.js';
import type { Judgement, Property, StepProperty } from './property.js';
import {
  createSieve,
  createStateStore,
  type SharedStore,
  type Sieve,
  type StoreOptions,
} from './state-store.js';

/** What is interchangeable in a machine; undefined if nothing is. */
export function orbitsOf<S>(machine: Machine<S>, properties: readonly Property<S>[]): Orbits | undefined {
  const { schema, layout } = machine.memory;
  const symmetry = symmetryOf(schema, layout);
  return symmetry && new SymmetricMachine(machine, properties, symmetry);
}

export interface Orbits {
  /** A store with one state for all that differ by swaps; `unreducible` as in {@link createOrbitStore}. */
  store(maxRows: number, unreducible: () => never, options?: Pick<StoreOptions, 'allocate'>): SharedStore;
  /** A sieve for such a store. */
  sieve(unreducible: () => never): Sieve;
  /**
   * What tells interchangeable things apart in a state, found by swapping some of them; undefined if nothing was found.
   * @param seed says which
   */
  asymmetryIn(row: Int32Array, seed: number): Asymmetry | undefined;
}

/** What all calls in a state come to, and what is said of them, with no numbers of things in it. */
interface Account {
  /** For each operation, in an order of their own: outcomes, and marks of the states they lead to. */
  readonly calls: readonly (readonly string[])[];
  /** For each property, what it says of the state or of the calls. */
  readonly judgements: readonly (readonly string[])[];
}

class SymmetricMachine<S> implements Orbits {
  private readonly swaps: readonly Swap[];
  private readonly mark: (rows: Int32Array, offset: number) => number;
  private readonly prng = createPrng();
  private readonly step: StepView<S>;
  private readonly watching: readonly ((code: OutcomeCode, operation: number) => boolean)[];

  constructor(
    private readonly machine: Machine<S>,
    private readonly properties: readonly Property<S>[],
    private readonly symmetry: Symmetry,
  ) {
    this.swaps = swapsOf(symmetry);
    this.mark = compileOrbitMark(symmetry);
    this.step = new StepView(machine);
    this.watching = properties.map((property) => this.watcher(property));
  }

  store(
    maxRows: number,
    unreducible: () => never,
    options: Pick<StoreOptions, 'allocate'> = {},
  ): SharedStore {
    const { words } = this.machine;
    const forms = createStateStore(words, maxRows, options);
    return createOrbitStore(
      forms,
      compileCanonicalForm(this.symmetry),
      words,
      maxRows,
      unreducible,
      options.allocate,
    );
  }

  sieve(unreducible: () => never): Sieve {
    const { words } = this.machine;
    return createOrbitSieve(createSieve(words), compileCanonicalForm(this.symmetry), words, unreducible);
  }

  asymmetryIn(row: Int32Array, seed: number): Asymmetry | undefined {
    if (this.swaps.length === 0) return undefined;
    this.prng.seed(seed);
    const { machine, properties } = this;
    const swapped = row.slice();
    for (let i = 0; i < 2 * this.swaps.length; i++) this.swaps[this.prng.next(this.swaps.length)]!(swapped);
    const [here, there] = [this.accountOf(row), this.accountOf(swapped)];
    const operation = machine.operations.findIndex((_, i) => !isSame(here.calls[i]!, there.calls[i]!));
    if (operation >= 0) return { kind: 'operation', name: machine.operations[operation]!.name };
    const property = properties.findIndex((_, k) => !isSame(here.judgements[k]!, there.judgements[k]!));
    return property < 0 ? undefined : { kind: 'property', name: properties[property]!.name };
  }

  private accountOf(row: Int32Array): Account {
    const { machine, properties } = this;
    const calls: string[][] = machine.operations.map(() => []);
    const judgements: string[][] = properties.map(() => []);
    machine.load(row, 0);
    properties.forEach((property, k) => judgements[k]!.push(said(judgeState(machine, property))));
    machine.operations.forEach((op, operation) => {
      if (op.observe) return;
      for (const args of argumentLists(machine, operation)) {
        machine.load(row, 0);
        machine.remember();
        const code = machine.call(operation, args);
        if (code === IMPOSSIBLE) continue;
        const outcome = `${Math.min(0, code)} ${this.mark(machine.memory.memory, 0)}`;
        calls[operation]!.push(outcome);
        this.step.show(op, hasActor(op), code, args);
        properties.forEach((property, k) => {
          if (property.kind === 'step' && this.watching[k]!(code, operation))
            judgements[k]!.push(`${operation} ${outcome} ${said(property.check(this.step))}`);
        });
      }
    });
    return { calls: calls.map(inOrder), judgements: judgements.map(inOrder) };
  }

  /** Whether a property is asked about a call that was just made. */
  private watcher(property: Property<S>): (code: OutcomeCode, operation: number) => boolean {
    if (property.kind !== 'step') return () => false;
    const { operations, memory } = this.machine;
    const changed = changeTest(property, (fields) => memory.changeTest(fields));
    return (code, operation) => judges(property, operations[operation]!, code) && changed();
  }
}

function changeTest<S>(
  { changes }: StepProperty<S>,
  compile: (fields: readonly string[]) => () => boolean,
): () => boolean {
  return changes ? compile(changes) : () => true;
}

function said(judgement: Judgement): string {
  return judgement === undefined ? 'silent' : judgement === true ? 'kept' : 'broken';
}

function inOrder(list: readonly string[]): readonly string[] {
  return [...list].sort();
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((item, i) => item === other[i]);
}
