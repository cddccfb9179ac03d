/** A running system as a conformance run drives it: calls go in, outcomes come out, and what is there can be looked at. */
import type { Operation } from '../../model/machine/index.js';

/**
 * What can be seen of a system, one line for each thing that is there: `eth0 driver` → `prog 31 (link 7)`. Objects are called by
 * what the system itself calls them, so that two views can be compared as text.
 */
export type View = ReadonlyMap<string, string>;

/** What the running system calls the objects of a model's state, by object number. */
export type Identities = ReadonlyMap<number, string>;

/** What a call on the running system came to. */
export type LiveOutcome =
  | {
      readonly kind: 'done';
      /** The number handed out to a process, counted as the model counts: 0 is its first descriptor. */
      readonly value?: number;
      /** What the number handed out refers to, as the system calls it. */
      readonly made?: string;
    }
  | { readonly kind: 'refused'; readonly errno: string }
  /** It only looked: what it saw, in order, objects as the system calls them. */
  | { readonly kind: 'saw'; readonly words: readonly string[] };

/** One call, as the model has it. */
export interface LiveCall<S> {
  readonly operation: Operation<S>;
  /** In the order of the operation's parameters; indices into their domains, or NONE. */
  readonly args: readonly number[];
  readonly identities: Identities;
}

export interface LiveSystem<S> {
  /** What it is: `Linux 6.18.44`. */
  readonly name: string;
  /** Operations that cannot be made here, by name, each with the reason. */
  readonly unsupported: ReadonlyMap<string, string>;
  /** Back to the first state: nothing is loaded, attached or pinned. */
  reset(): Promise<void>;
  /** Makes a call. Throws only if the system cannot be driven any more. */
  perform(call: LiveCall<S>): Promise<LiveOutcome>;
  observe(): Promise<View>;
  /** Lets go of everything. */
  close(): Promise<void>;
}

/** What a state of the model would look like on the running system. */
export type ExpectedView<S> = (state: S, nameOf: (object: number) => string) => View;

/** The first line in which two views differ; undefined if they are the same. */
export function firstDifference(
  expected: View,
  observed: View,
): { readonly what: string; readonly expected: string; readonly observed: string } | undefined {
  for (const what of [...new Set([...expected.keys(), ...observed.keys()])].sort()) {
    const [wanted = 'nothing', seen = 'nothing'] = [expected.get(what), observed.get(what)];
    if (wanted !== seen) return { what, expected: wanted, observed: seen };
  }
  return undefined;
}
