/**
 * Draws sequences of calls with the state in view: a call is drawn, tried, and kept if it does something; now and then a call
 * that is refused is kept on purpose. So nearly every call of a sequence counts, and none is about things that cannot be.
 */
import { domainSize, guardOf, IMPOSSIBLE, type Machine } from '../model/machine/index.js';
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

/** Told of each call of a sequence right after it was made; the machine is in the state behind it. */
export type CallListener = (operation: number, args: readonly number[], code: number) => void;

/** Draws for one call before another operation is tried. */
const TRIES = 4;

/** Operations tried before a sequence ends early: nothing seems possible any more. */
const OPERATIONS_TRIED = 100;

export class SequenceGenerator<S> {
  private readonly random = createPrng();
  private readonly recorder: Recorder<S>;
  private readonly sizes: readonly (readonly number[])[];
  private readonly lows: readonly (readonly number[])[];
  private readonly callers: readonly ReturnType<Machine<S>['caller']>[];
  /** Operation numbers, each as often as its weight says. */
  private readonly lots: readonly number[];
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
    const domains = machine.operations.map((op) => Object.values(op.params));
    this.sizes = domains.map((list) => list.map(domainSize));
    this.lows = domains.map((list) => list.map((domain) => (domain.optional ? -1 : 0)));
    this.callers = machine.operations.map((_, i) => machine.caller(i));
    this.maxLength = options.maxLength ?? 30;
    this.without = new Uint8Array(machine.operations.length);
    this.lots = machine.operations.flatMap((op, i) =>
      new Array<number>(options.weights?.[op.name] ?? (op.observe ? 0 : 1)).fill(i),
    );
    if (this.lots.length === 0) throw new RangeError('no operation has a weight above 0');
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
    const sizes = this.sizes[operation]!;
    const lows = this.lows[operation]!;
    const call = this.callers[operation]!;
    for (let tries = 0; tries < TRIES; tries++) {
      for (let i = 0; i < sizes.length; i++) {
        if (sizes[i] === 0) return -1;
        args[i] = lows[i]! + random.next(sizes[i]!);
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
