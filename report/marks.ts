/** The characters that stand for something in text output. */
export interface Marks {
  readonly broken: string;
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
  upTo: '<=',
  silent: '.',
  undecided: '?',
  unexpected: '!',
  times: 'x',
  ellipsis: '...',
  diverges: '>',
};
