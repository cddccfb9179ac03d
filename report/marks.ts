/** The characters that stand for something in text output. */
export interface Marks {
  readonly broken: string;
  readonly kept: string;
  readonly upTo: string;
  readonly silent: string;
  readonly undecided: string;
  readonly unexpected: string;
  readonly times: string;
  readonly ellipsis: string;
  /** The first row in which columns differ. */
  readonly diverges: string;
}

export const UNICODE: Marks = {
  broken: '✗',
  kept: '✓',
  upTo: '≤',
  silent: '·',
  undecided: '?',
  unexpected: '!',
  times: '×',
  ellipsis: '…',
  diverges: '▶',
};

/** For terminals and logs that cannot show more. */
export const ASCII: Marks = {
  broken: 'x',
  kept: 'v',
  upTo: '<=',
  silent: '.',
  undecided: '?',
  unexpected: '!',
  times: 'x',
  ellipsis: '...',
  diverges: '>',
};
