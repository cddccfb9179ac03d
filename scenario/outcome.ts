/** What a step of a scenario comes to in one design. */

export type Outcome =
  | { readonly kind: 'done' }
  /** A packet met these programs, by the names that the scenario gave them, in order; placeholders' own code is left out. */
  | { readonly kind: 'met'; readonly programs: readonly string[] }
  /** The design does nothing here, and needs not: where there is no link, there is none to close. */
  | { readonly kind: 'nothing-to-do'; readonly why: string }
  | { readonly kind: 'refused'; readonly errno: string; readonly guard: string | undefined }
  /** The actor has no descriptor that the call would need, or there is no call by which it could reach that. */
  | { readonly kind: 'out-of-reach'; readonly why: string }
  /** The design has no call for it. What follows makes no sense in it. */
  | { readonly kind: 'cannot-be-said'; readonly why: string };

/** Ends a step before all its calls are made. */
export class StepEnd extends Error {
  constructor(readonly outcome: Outcome) {
    super(outcome.kind);
    this.name = 'StepEnd';
  }
}

/**
 * An outcome in the words that designs are compared by: done is done, and a refusal is a refusal, whatever the errno. Of a packet
 * it is the programs that were met.
 */
export function gist(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'done':
    case 'nothing-to-do':
      return 'done';
    case 'refused':
    case 'out-of-reach':
      return 'refused';
    case 'met':
      return outcome.programs.join(' ') || 'nothing';
    case 'cannot-be-said':
      return 'cannot be said';
  }
}
