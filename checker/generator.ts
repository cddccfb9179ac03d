/**
 * Draws sequences of calls with the state in view: a call is drawn, tried, and kept if it does something; now and then a call
 * that is refused is kept on purpose. So nearly every call of a sequence counts, and none is about things that cannot be.
 */
import { guardOf, IMPOSSIBLE, type Domain, type Machine, type Operation } from '../model/machine/index.js';
import { NONE } from '../model/state/index.js';
import { createPrng } from './prng.js';
import { Recorder, type Trace } from './trace.js';

export interface GeneratorOptions {
  /** Calls of a sequence. Default: 1 to 30, longer ones more often. */
  readonly minLength?: number;
  readonly maxLength?: number;
  /** How many of 100 calls are to be refused on purpose. Default 5. */
  readonly wrongCalls?: number;
  /**
   * How often an operation is drawn, by its name; 0 is never. Whole numbers up to 100. Default 1, and 0 for those that only
   * look: they move nothing and no property is asked about them.
   */
  readonly weights?: Readonly<Record<string, number>>;
  /** Swarm testing: half of the sequences go without some operations, drawn anew for each. Default true. */
  readonly swarm?: boolean;
}

/** What sequences are about: fewer operations and fewer arguments than the machine has. */
export interface Focus {
  /** How often an operation is drawn, by its name; those that are not named are not drawn. */
  readonly weights: Readonly<Record<string, number>>;
  /** The values that are drawn for a domain. NONE counts for optional ones only; all are drawn where none is left. */
  readonly values: (domain: Domain) => readonly number[];
}

/** Told of each call of a sequence right after it was made; the machine is in the state behind it. */
export type CallListener = (operation: number, args: readonly number[], code: number) => void;

/** Draws for one call before another operation is tried. */
const TRIES = 4;

/** Operations tried before a sequence ends early: nothing seems possible any more. */
const OPERATIONS_TRIED = 100;

export class SequenceGenerator<S> {
  private readonly random = createPrng();
  private readonly recorder: Recorder<S>;
  /** For each operation and parameter, the arguments that are drawn. */
  private values: readonly (readonly (readonly number[])[])[];
  private readonly callers: readonly ReturnType<Machine<S>['caller']>[];
  /** Operation numbers, each as often as its weight says. */
  private lots: readonly number[];
  private readonly drawn: number[] = [];
  private readonly without: Uint8Array;
  private readonly maxLength: number;
  private readonly args: number[] = [0, 0, 0, 0, 0];
  /** What the last call that was made came to. */
  private code = 0;
  private operation = 0;

  constructor(
    private readonly machine: Machine<S>,
    private readonly options: GeneratorOptions = {},
    /** Whether a call is kept although it was refused and no refusal was to be made. */
    private readonly isWanted: (operation: number, code: number) => boolean = () => false,
  ) {
    this.recorder = new Recorder(machine);
    this.values = machine.operations.map(({ params }) => Object.values(params).map(valuesOf));
    this.callers = machine.operations.map((_, i) => machine.caller(i));
    this.maxLength = options.maxLength ?? 30;
    this.without = new Uint8Array(machine.operations.length);
    this.lots = this.lotsOf(({ name, observe }) => options.weights?.[name] ?? (observe ? 0 : 1));
  }

  /** From now on sequences are about this. */
  focus({ weights, values }: Focus): void {
    this.lots = this.lotsOf(({ name }) => weights[name] ?? 0);
    this.values = this.machine.operations.map(({ params }) =>
      Object.values(params).map((domain) => {
        const some = values(domain).filter((value) => value !== NONE || domain.optional);
        return some.length > 0 ? some : valuesOf(domain);
      }),
    );
  }

  private lotsOf(weight: (op: Operation<S>) => number): number[] {
    const lots: number[] = [];
    this.machine.operations.forEach((op, i) => {
      for (let left = weight(op); left > 0; left--) lots.push(i);
    });
    if (lots.length === 0) throw new RangeError('no operation has a weight above 0');
    return lots;
  }

  /** The sequence for a seed, as a trace. */
  draw(seed: number): Trace {
    this.recorder.reset();
    this.run(seed, (operation, args, code) => {
      this.recorder.add(operation, args, code);
    });
    return this.recorder.trace;
  }

  /**
   * Makes the calls of the sequence for a seed, and tells of each. The machine's `before` is the state in front of the call;
   * it is left in the state behind the last one. `from` is the row of the state in which the sequence begins, `made` how many
   * calls of the longest sequence it has had already.
   */
  run(seed: number, listener: CallListener, from = this.machine.initialRow, made = 0): void {
    const { machine, random, args } = this;
    random.seed(seed);
    machine.load(from, 0);
    this.drawOperations();
    const wrongCalls = this.options.wrongCalls ?? 5;
    for (let left = Math.min(this.drawLength(), this.maxLength - made); left > 0; left--) {
      const onPurpose = random.next(100) < wrongCalls;
      machine.remember();
      let operation = -1;
      for (let tried = 0; operation < 0 && tried < OPERATIONS_TRIED; tried++)
        operation = this.tryOperation(onPurpose);
      if (operation < 0) break;
      listener(operation, args, this.code);
    }
  }

  /** The call that was tried last, whether it was made or not. */
  get tried(): { readonly operation: number; readonly args: readonly number[] } {
    return { operation: this.operation, args: this.args };
  }

  /** Tries calls of one operation; its number if one was made, -1 if not. A refused call is one only if it is wanted. */
  private tryOperation(refusalWanted: boolean): number {
    const { machine, random, args } = this;
    const operation = this.drawn[random.next(this.drawn.length)]!;
    this.operation = operation;
    const values = this.values[operation]!;
    const call = this.callers[operation]!;
    for (let tries = 0; tries < TRIES; tries++) {
      for (let i = 0; i < values.length; i++) {
        const some = values[i]!;
        if (some.length === 0) return -1;
        args[i] = some[random.next(some.length)]!;
      }
      const code = call(args[0]!, args[1]!, args[2]!, args[3]!, args[4]!);
      if (code === IMPOSSIBLE) continue;
      if (code >= 0 || refusalWanted || this.isWanted(operation, code)) {
        this.code = code;
        return operation;
      }
      // A refusal by the effect itself can have left something behind, and this call is not part of the sequence.
      if (!guardOf(machine.operations[operation]!, code)) machine.load(machine.memory.memory, machine.words);
    }
    return -1;
  }

  private drawOperations(): void {
    const { random, drawn, lots, options, without } = this;
    drawn.length = 0;
    if ((options.swarm ?? true) && random.next(2) === 0) {
      // For each operation, whether this sequence goes without it.
      for (let i = 0; i < without.length; i++) without[i] = random.next(4) === 0 ? 1 : 0;
      for (const operation of lots) if (without[operation] === 0) drawn.push(operation);
    }
    if (drawn.length === 0) drawn.push(...lots);
  }

  private drawLength(): number {
    const { random, options } = this;
    const min = Math.min(options.minLength ?? 1, this.maxLength);
    const span = this.maxLength - min + 1;
    return min + Math.max(random.next(span), random.next(span));
  }
}

/** All values of a domain, NONE first. */
function valuesOf({ values, optional }: Domain): number[] {
  const indices = values.map((_, i) => i);
  return optional ? [NONE, ...indices] : indices;
}
