/** What the commands of an exploration share: the session, what is watched, and where answers go. */
import type { PlayedStep, Property, Session, TraceCall } from '../../checker/index.js';
import { namedObjects } from '../../checker/index.js';
import { whyImpossible } from '../../corpus/index.js';
import type { Bounds, KernelState } from '../../model/kernel/model.js';
import type { Proposal } from '../../model/proposals/index.js';
import { showClaims, showStep, type JudgedClaim, type Look } from '../../report/index.js';
import type { Catalogue } from '../catalogue.js';
import { UsageError } from '../errors.js';

export interface Exploration {
  readonly session: Session<KernelState>;
  readonly proposal: Proposal;
  readonly catalogue: Catalogue;
  readonly bounds: Bounds;
  /** Those that speak about the proposal. */
  readonly properties: readonly Property<KernelState>[];
  /** Those of them that are asked after each call. */
  watched: readonly Property<KernelState>[];
  /** Random walks so far: each has a seed of its own. */
  walks: number;
  /** Raised by Ctrl-C while a command is at work. */
  interrupted: boolean;
  look(): Look;
  say(...lines: readonly string[]): void;
}

/** A command: its first word is what is typed. */
export interface ExploreCommand {
  /** How it is written, with its arguments. */
  readonly usage: string;
  /** Shorter words for it. */
  readonly aliases?: readonly string[];
  readonly summary: string;
  /** Throws a UsageError, or another error of the input, for words it cannot take; nothing is done then. */
  run(exploration: Exploration, words: readonly string[]): void | Promise<void>;
  /** What its last word can be. */
  complete?(exploration: Exploration): readonly string[];
}

export function nameOf({ usage }: ExploreCommand): string {
  return usage.split(' ')[0]!;
}

/** Makes a call, and says what came of it. True if a claim was broken by it. */
export function makeCall(exploration: Exploration, call: TraceCall, name?: string): boolean {
  const { session } = exploration;
  if (!session.do(call, name)) throw new UsageError(whyNot(exploration, call));
  return sayLastCall(exploration);
}

/** Why a call cannot be made at all. */
function whyNot({ session }: Exploration, call: TraceCall): string {
  const { machine, trace } = session;
  const reason = whyImpossible(machine, [...trace, call]).get(trace.length) ?? 'unknown';
  const { possible } = machine.operations[call.operation]!;
  const isBound = possible.some((precondition) => precondition.isBound && precondition.name === reason);
  if (!isBound) return `This call cannot be made (${reason}).`;
  return `There is no room for more ${reason} here: start again with --bounds ${reason}=…`;
}

/** Says what the last call came to, and which of the watched claims it broke. True if it broke one. */
export function sayLastCall(exploration: Exploration): boolean {
  const { session, watched } = exploration;
  const { steps } = session.playback;
  const claims = watched.map((property) => judge(exploration, property));
  const hit = claims.filter(({ verdict }) => 'calls' in verdict && verdict.calls === steps.length);
  const look = exploration.look();
  exploration.say(...showStep(steps.at(-1) as PlayedStep, steps.length, look), ...showClaims(hit, look));
  return hit.some(({ verdict }) => verdict.kind === 'broken');
}

/** What a property says of the calls that are made. */
export function judge({ session }: Exploration, property: Property<KernelState>): JudgedClaim {
  const { name, kind } = property;
  const { broken, brokenAt, firstSpoke, spoke } = session.judge(property);
  if (broken && brokenAt !== undefined) {
    const objects = Object.entries(namedObjects(session.playbackOf(brokenAt + 1), broken.objects));
    const named = objects.map(([part, object]) => `${part}: ${object}`).join(', ');
    const clause = broken.clause + (named === '' ? '' : ` (${named})`);
    return { name, verdict: { kind: 'broken', calls: brokenAt + 1, clause } };
  }
  if (kind === 'witness' && firstSpoke !== undefined) {
    return { name, verdict: { kind: 'reached', calls: firstSpoke + 1 } };
  }
  return { name, verdict: spoke > 0 ? { kind: 'kept', spoke } : { kind: 'silent' } };
}
