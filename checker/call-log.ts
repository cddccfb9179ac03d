/** The calls of one sequence, kept as plain numbers while it is made: they are rarely asked for, so that keeping them is cheap. */
import { MAX_PARAMETERS, type Machine, type OutcomeCode } from '../model/machine/index.js';
import { Recorder, type Trace } from './trace.js';

/** Numbers of one call: its operation, what it came to, its arguments. */
const STRIDE = 2 + MAX_PARAMETERS;

export class CallLog {
  private numbers = new Int32Array(32 * STRIDE);
  private count = 0;

  /** Calls in it. */
  get length(): number {
    return this.count;
  }

  add(operation: number, args: readonly number[], code: OutcomeCode): void {
    const at = this.count++ * STRIDE;
    if (at === this.numbers.length) this.grow(2 * at);
    const { numbers } = this;
    numbers[at] = operation;
    numbers[at + 1] = code;
    for (let i = 0; i < MAX_PARAMETERS; i++) numbers[at + 2 + i] = args[i]!;
  }

  clear(): void {
    this.count = 0;
  }

  /** All numbers of all calls, to begin another log with. */
  packed(): Int32Array {
    return this.numbers.slice(0, this.count * STRIDE);
  }

  /** Forgets everything, and begins with the calls of another log. */
  startWith(packed: Int32Array): void {
    if (packed.length > this.numbers.length) this.grow(2 * packed.length);
    this.numbers.set(packed);
    this.count = packed.length / STRIDE;
  }

  /** Makes the calls again, from the machine's first state; false if one of them comes to something else. */
  replay<S>(machine: Machine<S>): boolean {
    machine.reset();
    for (let at = 0; at < this.count * STRIDE; at += STRIDE) {
      const [operation, code, ...args] = this.numbers.subarray(at, at + STRIDE);
      machine.remember();
      if (machine.call(operation!, args) !== code) return false;
    }
    return true;
  }

  /** The calls as a trace of the machine on which they were made. */
  trace<S>(machine: Machine<S>): Trace {
    const recorder = new Recorder(machine);
    for (let at = 0; at < this.count * STRIDE; at += STRIDE) {
      const [operation, code, ...args] = this.numbers.subarray(at, at + STRIDE);
      recorder.add(operation!, args, code!);
    }
    return recorder.trace;
  }

  private grow(length: number): void {
    const larger = new Int32Array(length);
    larger.set(this.numbers);
    this.numbers = larger;
  }
}
