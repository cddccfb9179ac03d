/**
 * A session: calls made by hand, one after the other, on a trace that can be taken back and forked. Nothing is lost: calls that
 * were taken back can be made again, and where other calls are made in their place, they are kept as a branch.
 */
import type { Machine } from '../model/machine/index.js';
import { callsMade } from './calls.js';
import { SequenceGenerator } from './generator.js';
import { judgeTrace, type TraceJudgement } from './judge.js';
import { play, type Playback } from './playback.js';
import { possibleCalls, type PossibleCall } from './possible-calls.js';
import type { Property } from './property.js';
import { Recorder, runTrace, SKIPPED, type Trace, type TraceCall } from './trace.js';
import { viewState, type StateView } from './state-view.js';

/** A call of a session. */
export interface SessionCall {
  readonly call: TraceCall;
  /** What the number it handed out is called. */
  readonly name: string | undefined;
}

/** A line of calls that the session has followed. */
export interface Branch {
  readonly name: string;
  readonly calls: readonly SessionCall[];
  /** Where it left which other branch: behind so many calls. */
  readonly from: { readonly branch: string; readonly calls: number } | undefined;
}

export class Session<S> {
  private readonly lines: Branch[];
  private at = 0;
  /** Calls of the branch that are made; those behind were taken back. */
  private made: number;
  private played: Playback | undefined;

  /**
   * @param machine driven by nobody else while a method of the session runs; between two it can be
   * @param calls made already, whether they can be made or not; results without a name get one
   */
  constructor(
    readonly machine: Machine<S>,
    calls: readonly SessionCall[] = [],
  ) {
    this.lines = [{ name: 'main', calls, from: undefined }];
    this.made = calls.length;
    const { steps } = this.playback;
    const named = calls.map(({ call, name }, i) => ({ call, name: name ?? steps[i]!.result }));
    this.lines[0] = { name: 'main', calls: named, from: undefined };
  }

  get branches(): readonly Branch[] {
    return this.lines;
  }

  get branch(): Branch {
    return this.lines[this.at]!;
  }

  /** The calls that are made. */
  get trace(): Trace {
    return this.branch.calls.slice(0, this.made).map(({ call }) => call);
  }

  /** The names of their results, by index of the call. */
  get names(): ReadonlyMap<number, string> {
    const named = this.branch.calls.slice(0, this.made).map(({ name }, i) => [i, name] as const);
    return new Map(named.filter((entry): entry is [number, string] => entry[1] !== undefined));
  }

  /** How many calls were taken back, and can be made again. */
  get undone(): number {
    return this.branch.calls.length - this.made;
  }

  get playback(): Playback {
    return (this.played ??= play(this.machine, this.trace, this.names));
  }

  /** The playback as it was when only so many calls were made. */
  playbackOf(calls: number): Playback {
    return play(this.machine, this.trace.slice(0, calls), this.names);
  }

  /**
   * Makes a call, which may refer to the results of those made. If it hands out a number and no name is given, it gets one. Calls
   * that were taken back stay on their branch, and the call begins a new one.
   *
   * False, with nothing done, if the call cannot be made at all. Throws a ModelFault if the operation throws, and then nothing is
   * done either.
   */
  do(call: TraceCall, name?: string): boolean {
    const { trace, names } = this;
    const calls = [...trace, call];
    if (!canBeMade(this.machine, calls)) return false;
    const given = name === undefined ? names : new Map([...names, [trace.length, name]]);
    const playback = play(this.machine, calls, given);
    if (this.undone > 0) this.fork();
    const { name: branch, calls: before, from } = this.branch;
    const done = { call, name: playback.steps.at(-1)!.result };
    this.lines[this.at] = { name: branch, calls: [...before, done], from };
    this.moveTo(this.made + 1);
    return true;
  }

  /** Goes to where so many calls are made; the others can be made again. Throws a RangeError if the branch has no such place. */
  goTo(calls: number): void {
    if (calls < 0 || calls > this.branch.calls.length) {
      throw new RangeError(`the branch has ${this.branch.calls.length} calls`);
    }
    this.moveTo(calls);
  }

  /** Begins a new branch here, with the calls that are made. Throws a RangeError if there is one of that name. */
  fork(name = this.freeName()): void {
    if (this.lines.some((branch) => branch.name === name))
      throw new RangeError(`there is a branch '${name}'`);
    const from = { branch: this.branch.name, calls: this.made };
    this.lines.push({ name, calls: this.branch.calls.slice(0, this.made), from });
    this.at = this.lines.length - 1;
  }

  /** Goes to the end of another branch. Throws a RangeError if there is none of that name. */
  switchTo(name: string): void {
    const found = this.lines.findIndex((branch) => branch.name === name);
    if (found < 0) throw new RangeError(`there is no branch '${name}'`);
    this.at = found;
    this.moveTo(this.branch.calls.length);
  }

  /** The calls that can be made now; see {@link possibleCalls}. */
  possible(): PossibleCall[] {
    return possibleCalls(this.machine, this.trace, this.names);
  }

  /** What is there now. */
  view(): StateView {
    return viewState(this.machine, this.trace, this.names);
  }

  /** What a property says of the calls that are made. */
  judge(property: Property<S>): TraceJudgement {
    return judgeTrace(this.machine, property, this.trace);
  }

  /** So many calls that could be made next, drawn at random; fewer where nothing is possible any more. */
  draw(calls: number, seed: number): readonly TraceCall[] {
    const { machine, trace } = this;
    const recorder = new Recorder(machine);
    for (const { operation, args, code } of callsMade(machine, trace)) recorder.add(operation, args, code);
    const here = new Int32Array(machine.words);
    machine.save(here, 0);
    const generator = new SequenceGenerator(machine, { minLength: calls, maxLength: calls, swarm: false });
    generator.run(
      seed,
      (operation, args, code) => {
        recorder.add(operation, args, code);
      },
      here,
    );
    return recorder.trace.slice(trace.length);
  }

  private moveTo(calls: number): void {
    this.made = calls;
    this.played = undefined;
  }

  private freeName(): string {
    for (let i = 2; ; i++) {
      const name = `branch${i}`;
      if (!this.lines.some((branch) => branch.name === name)) return name;
    }
  }
}

/** Whether the last call of a trace can be made. */
function canBeMade<S>(machine: Machine<S>, trace: Trace): boolean {
  let last = SKIPPED;
  runTrace(machine, trace, (_index, code) => {
    last = code;
  });
  return last !== SKIPPED;
}
