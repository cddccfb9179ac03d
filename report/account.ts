/** An account of what a sequence of calls does to a claim: all that mails, diagrams, traces and programs are made of. */
import type { Playback } from '../checker/playback.js';
import type { SelectedCounterexample } from './selection.js';

export interface Account {
  /** One line above all, if it has one. */
  readonly title?: string;
  /** Where the like of it was seen. */
  readonly origins?: readonly string[];
  /** The design, what it is in one line, and what of it was switched off. */
  readonly proposal: { readonly name: string; readonly title: string; readonly without: readonly string[] };
  readonly property: { readonly name: string; readonly claim: string; readonly source: string };
  readonly playback: Playback;
  readonly verdict: AccountVerdict;
  /** Why the design is known not to keep the claim, if it is. */
  readonly expectedReason?: string;
  /** A shell command that shows the same again. */
  readonly reproduce: string;
}

/** The last call breaks the claim, none does, or they lead where it must be possible to get. */
export type AccountVerdict =
  | { readonly kind: 'broken'; readonly clause: string; readonly objects: Readonly<Record<string, string>> }
  | { readonly kind: 'kept' }
  | { readonly kind: 'reached' };

export function accountOf({ proposal, finding }: SelectedCounterexample): Account {
  const { property: name, claim, source, expectedReason, counterexample } = finding;
  const { playback, clause, objects, reproduce } = counterexample;
  return {
    proposal,
    property: { name, claim, source },
    playback,
    verdict: { kind: 'broken', clause, objects },
    ...(expectedReason === undefined ? {} : { expectedReason }),
    reproduce,
  };
}

/** `breaks NAME: CLAUSE`, `keeps NAME`, `reaches NAME`. */
export function accountSummary({ property, verdict }: Account): string {
  switch (verdict.kind) {
    case 'broken':
      return `breaks ${property.name}: ${verdict.clause}`;
    case 'kept':
      return `keeps ${property.name}`;
    case 'reached':
      return `reaches ${property.name}`;
  }
}
