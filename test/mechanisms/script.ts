/** Calls written as in a case, each with what it must come to, played on a proposal. */
import test from 'ava';
import { parseCase, bindCase, printCall, roomyBounds } from '../../corpus/index.js';
import { outcomeText, play, type PlayedStep } from '../../checker/playback.js';
import type { Bounds, KernelState } from '../../model/kernel/model.js';
import { machineOf, type Proposal } from '../../model/proposals/proposal.js';

export interface Played {
  /** Each call with the outcome that is written behind it, and with the one it came to. */
  readonly said: readonly string[];
  readonly got: readonly string[];
  readonly steps: readonly PlayedStep[];
  /** The state after the last call. */
  readonly state: KernelState;
}

/** Plays calls. Of what the bounds do not name there is room enough. */
export function played(proposal: Proposal, calls: string, bounds: Partial<Bounds> = {}): Played {
  const head = `case: a test\nproposal: ${proposal.name}\nproperty: none\nexpect: kept\n\n`;
  const read = parseCase(head + calls.replaceAll(/^ +/gm, ''), 'a test');
  const machine = machineOf(proposal, { ...roomyBounds(read, proposal.bounds), ...bounds });
  const { trace, names } = bindCase(read, machine);
  const { steps } = play(machine, trace, names);
  const got = steps.map((step, i) => `${printCall(read.calls[i]!)} -> ${outcomeText(step.outcome)}`);
  const said = read.calls.map(({ outcome, ...call }, i) =>
    outcome === undefined ? got[i]! : `${printCall({ ...call })} -> ${outcome}`,
  );
  return { said, got, steps, state: machine.state };
}

/** Every call comes to what is written behind it. */
export const follows = test.macro((t, proposal: Proposal, calls: string, bounds: Partial<Bounds> = {}) => {
  const { said, got } = played(proposal, calls, bounds);
  t.deepEqual(got, said);
});
