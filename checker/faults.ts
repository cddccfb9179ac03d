/** Faults of what is checked, not of the checker: each says where and what. */
import type { Trace } from './trace.js';

/** An operation threw, or stored a value out of range: the rule is wrong, or a guard it relies on is switched off. */
export class ModelFault extends Error {
  constructor(
    readonly machine: string,
    readonly operation: string,
    /** The calls that lead to the fault, the faulty one last. */
    readonly trace: Trace,
    override readonly cause: unknown,
  ) {
    super(`the operation '${operation}' of '${machine}' failed: ${messageOf(cause)}`);
    this.name = 'ModelFault';
  }
}

/** A property threw. */
export class PropertyFault extends Error {
  constructor(
    readonly property: string,
    /** The calls after which it threw. */
    readonly trace: Trace,
    override readonly cause: unknown,
  ) {
    super(`the property '${property}' failed: ${messageOf(cause)}`);
    this.name = 'PropertyFault';
  }
}

/** The same call in the same state gave different results. */
export class ImpureModelFault extends Error {
  constructor(
    readonly machine: string,
    readonly operation: string,
    readonly trace: Trace,
  ) {
    super(
      `'${machine}' is not a function of its state: the operation '${operation}' gave two results for the same call in ` +
        'the same state. Rules must not keep data outside the state, use the clock or random numbers, and guards must not write',
    );
    this.name = 'ImpureModelFault';
  }
}

/** Something tells things apart that the schema says are interchangeable. */
export class AsymmetryFault extends Error {
  constructor(
    readonly machine: string,
    /** What does: an operation, a property, or the contents of a row. */
    readonly by: Asymmetry,
    /** The calls that lead to the state in which it does. */
    readonly trace: Trace,
  ) {
    super(
      `'${machine}' cannot be searched up to symmetry: ${ASYMMETRIES[by.kind](by.name)}. All its states can be searched ` +
        '(--no-symmetry)',
    );
    this.name = 'AsymmetryFault';
  }
}

/** By what things that are interchangeable are told apart. */
export interface Asymmetry {
  readonly kind: 'operation' | 'property' | 'free-place';
  /** Of the operation or the property. */
  readonly name: string;
}

const ASYMMETRIES: Readonly<Record<Asymmetry['kind'], (name: string) => string>> = {
  operation: (name) =>
    `with interchangeable things swapped (processes, programs, …), the operation '${name}' does something else, so that it must ` +
    'be telling them apart by their numbers',
  property: (name) =>
    `with interchangeable things swapped (processes, programs, …), the property '${name}' says something else, so that it must ` +
    'be telling them apart by their numbers',
  'free-place': () =>
    'a free place of a table is still referred to, or still has something in it, so that it matters which free place is taken next',
};

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
