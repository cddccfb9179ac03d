/** Reads one line of a case from left to right, and knows in which column it is. */
import { CaseSyntaxError } from './syntax-error.js';

export class LineScanner {
  private offset = 0;
  /** Columns are counted on from here, so that a long line is not counted again for every word. */
  private counted = { offset: 0, column: 1 };

  constructor(
    private readonly file: string,
    readonly line: number,
    private readonly text: string,
  ) {}

  /** Of the next character; from 1. */
  get column(): number {
    const { offset, column } = this.counted;
    const passed = columnAt(this.text.slice(offset, this.offset), this.offset - offset) - 1;
    this.counted = { offset: this.offset, column: column + passed };
    return this.counted.column;
  }

  get atEnd(): boolean {
    return this.offset >= this.text.length;
  }

  /** Goes on behind what the pattern finds right here, and returns it; undefined if it finds nothing. It must be sticky. */
  take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.offset;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.offset += found.length;
    return found;
  }

  skipBlanks(): void {
    this.take(/\s*/y);
  }

  /** The next few characters, to be quoted in an error. */
  ahead(): string {
    return /^\s*(?:[\w-]+|\S)?/u.exec(this.text.slice(this.offset))![0].trim();
  }

  error(problem: string, remedy: string, column = this.column): CaseSyntaxError {
    return new CaseSyntaxError(this.file, this.line, column, problem, remedy);
  }
}

/** The column of the character at an offset: characters outside the basic plane take two units and one column. */
export function columnAt(text: string, offset: number): number {
  return Array.from(text.slice(0, offset)).length + 1;
}
