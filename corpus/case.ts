/**
 * A case: a sequence of calls, what came of each, and what it says about one claim of one proposal, or about none. It is kept as
 * what happened, not as the seed that produced it, so that a person can read it and it outlives the generator.
 */
import type { BoundName } from '../model/kernel/model.js';

/** `violated`: broken by the last call, not before. `kept`: never broken, and it spoke. `reached`: a witness, at the end. */
export const EXPECTATIONS = ['violated', 'kept', 'reached'] as const;

export type Expectation = (typeof EXPECTATIONS)[number];

/** The headers, in the order in which they are printed. */
export const HEADERS = ['case', 'proposal', 'property', 'expect', 'origin', 'bounds', 'without'] as const;

export type HeaderName = (typeof HEADERS)[number];

/** A call as it is written, word by word. */
export interface CallText {
  /** The name given to the number that the call hands out. */
  readonly result: string | undefined;
  readonly actor: string | undefined;
  readonly verb: string;
  readonly args: readonly string[];
  /** `ok`, a value, an errno, or the words for what was seen, one blank apart; undefined if the writer left it out. */
  readonly outcome: string | undefined;
  /** The lines of comment above it, without `#`. */
  readonly comments: readonly string[];
  /** The comment at the end of its line. */
  readonly remark: string | undefined;
  /** A blank line sets it apart from the call before. */
  readonly paragraph: boolean;
}

/** All that a case says, wherever it is written. */
export interface CaseText {
  /** The header `case`: one line of free text. */
  readonly title: string;
  readonly proposal: string;
  /** The claim it is about; undefined if only the outcomes of the calls are compared. */
  readonly property: string | undefined;
  /** What the claim comes to; undefined where there is none. */
  readonly expect: Expectation | undefined;
  /** Where it comes from, one line of free text each. */
  readonly origins: readonly string[];
  /** The bounds it needs; of what is not named, there is room enough. */
  readonly bounds: Readonly<Partial<Record<BoundName, number>>>;
  /** Rules that are switched off. */
  readonly without: readonly string[];
  /** The lines of comment at the top, without `#`. */
  readonly comments: readonly string[];
  /** The lines of comment above the other headers. */
  readonly headerComments: Readonly<Partial<Record<HeaderName, readonly string[]>>>;
  readonly calls: readonly CallText[];
  /** The lines of comment below the last call. */
  readonly closing: readonly string[];
}

/** Both count from 1; a column is a character. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Where the words of a call stand in its line. */
export interface CallPositions {
  readonly line: number;
  /** The columns of the words; 0 for one that is not there. */
  readonly result: number;
  readonly actor: number;
  readonly verb: number;
  readonly args: readonly number[];
  readonly outcome: number;
}

/** Where the words of the headers stand. */
export interface CasePositions {
  readonly file: string;
  /** The first character of each header's value; of `origin`, the first one's. */
  readonly headers: Readonly<Partial<Record<HeaderName, Position>>>;
  /** One for each rule that is switched off. */
  readonly without: readonly Position[];
}

/** A call and where it stands. */
export interface CaseLine extends CallText {
  readonly at: CallPositions;
}

/** Calls as they are written in a file, whatever else it says. */
export interface WrittenCalls {
  readonly calls: readonly CaseLine[];
  readonly at: Pick<CasePositions, 'file'>;
}

/** A case and where its words stand, so that whatever is found wrong with it later can be pointed at. */
export interface Case extends CaseText {
  readonly calls: readonly CaseLine[];
  readonly at: CasePositions;
}

/** Calls to be tried, and what a case says of them, as far as it is there. */
export type Script = WrittenCalls &
  Pick<Case, 'origins' | 'bounds' | 'without' | 'at'> &
  Partial<Pick<Case, 'title' | 'proposal' | 'property' | 'expect'>>;

/** What a case says, without where it stands: equal for texts that differ in layout only. */
export function textOf(read: Case): CaseText {
  const { at: _at, calls, ...text } = read;
  return { ...text, calls: calls.map(({ at: _line, ...call }) => call) };
}
