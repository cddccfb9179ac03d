/** A case that cannot be read, or does not fit the machine it is for. */

export class CaseSyntaxError extends Error {
  constructor(
    readonly file: string,
    /** From 1. */
    readonly line: number,
    /** From 1, in characters. */
    readonly column: number,
    /** What is wrong. */
    readonly problem: string,
    /** What would be right. */
    readonly remedy: string,
  ) {
    super(`${file}:${line}:${column}: ${problem}; ${remedy}`);
    this.name = 'CaseSyntaxError';
  }
}
