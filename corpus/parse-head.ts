/** The headers of a case: `expect: violated`, one a line, in any order, each once; only `origin` may be repeated. */
import { BOUND_LEAST, BOUND_LIMITS, type BoundName } from '../model/kernel/model.js';
import {
  EXPECTATIONS,
  HEADERS,
  type CasePositions,
  type CaseText,
  type Expectation,
  type HeaderName,
  type Position,
} from './case.js';
import { columnAt, LineScanner } from './line-scanner.js';
import { remedyFor } from './nearest.js';
import { HEADER } from './parse-lines.js';
import { CaseSyntaxError } from './syntax-error.js';

const BOUND_NAMES = Object.keys(BOUND_LIMITS) as BoundName[];

interface Value extends Position {
  readonly text: string;
}

export type Head = Omit<CaseText, 'calls' | 'closing'> & { readonly at: CasePositions };

/** The headers that a case may have to have. */
type Required = 'title' | 'proposal' | 'property' | 'expect';

/** A head of which nothing must be there. */
export type LooseHead = Omit<Head, Required> & Partial<Pick<Head, Required>>;

/** Collects headers line by line. All its methods throw a {@link CaseSyntaxError} for what they cannot take. */
export class HeadReader {
  private readonly values = new Map<HeaderName, Value[]>();
  private readonly comments = new Map<HeaderName, readonly string[]>();
  private topComments: readonly string[] = [];

  constructor(private readonly file: string) {}

  /** Takes a line that is meant as a header, known or not, and the comments above it. */
  add(line: number, text: string, comments: readonly string[]): void {
    const [start, indent, written] = HEADER.exec(text)!;
    const value = text.slice(start.length).trim();
    const at = { line, column: columnAt(text, indent!.length) };
    const name = HEADERS.find((header) => header === written);
    if (name === undefined)
      throw this.error(at, `there is no header '${written}'`, remedyFor(written!, HEADERS));
    const before = this.values.get(name);
    if (before !== undefined && name !== 'origin') {
      const where = `it stands in line ${before[0]!.line} already`;
      throw this.error(at, `the header '${name}' stands here again`, `remove one of them: ${where}`);
    }
    if (value === '') throw this.error(at, `the header '${name}' says nothing`, REMEDIES[name]);
    const column = columnAt(text, text.trimEnd().length - value.length);
    this.keepComments(name, comments);
    if (before === undefined) this.values.set(name, [{ line, column, text: value }]);
    else before.push({ line, column, text: value });
  }

  /** The whole head, when all headers are known. A claim and what is expected of it stand together, or neither does. */
  finish(): Head {
    const isAboutClaim = this.values.has('property') || this.values.has('expect');
    this.require('case');
    this.require('proposal');
    if (isAboutClaim) {
      this.require('property');
      this.require('expect');
    }
    return { property: undefined, expect: undefined, ...this.given() } as Head;
  }

  /** The headers that there are, whether a case could do with them or not. */
  given(): LooseHead {
    const [title, proposal, property, expect] = (['case', 'proposal', 'property', 'expect'] as const).map(
      (name) => this.values.get(name)?.[0],
    );
    const origins = this.values.get('origin') ?? [];
    const without = this.switchedOff();
    const headers = [...this.values].map(([name, [first]]) => {
      const { line, column } = first!;
      return [name, { line, column }] as const;
    });
    return {
      ...(title && { title: title.text }),
      ...(proposal && { proposal: this.name(proposal, 'proposal') }),
      ...(property && { property: this.name(property, 'property') }),
      ...(expect && { expect: this.expectation(expect) }),
      origins: origins.map(({ text }) => text),
      bounds: this.bounds(),
      without: without.map(({ text }) => text),
      comments: this.topComments,
      headerComments: Object.fromEntries(this.comments),
      at: {
        file: this.file,
        headers: Object.fromEntries(headers),
        without: without.map(({ line, column }) => ({ line, column })),
      },
    };
  }

  /** What stands above the first header, or above `case`, which is printed first, is about the file. */
  private keepComments(name: HeaderName, comments: readonly string[]): void {
    if (comments.length === 0) return;
    if (this.values.size === 0 || name === 'case') this.topComments = [...this.topComments, ...comments];
    else this.comments.set(name, [...(this.comments.get(name) ?? []), ...comments]);
  }

  private require(name: HeaderName): void {
    if (this.values.has(name)) return;
    throw this.error({ line: 1, column: 1 }, `the header '${name}' is missing`, REMEDIES[name]);
  }

  /** Proposals and properties are also parts of a path, so they are made of harmless characters. */
  private name(value: Value, what: string): string {
    if (/^[A-Za-z0-9][\w.-]*$/.test(value.text)) return value.text;
    throw this.error(
      value,
      `'${value.text}' cannot be the name of a ${what}`,
      "write one word of letters, digits, '-', '_' and '.'; a comment needs a line of its own",
    );
  }

  private expectation(value: Value): Expectation {
    const expect = EXPECTATIONS.find((known) => known === value.text);
    if (expect !== undefined) return expect;
    throw this.error(value, `'${value.text}' cannot be expected`, remedyFor(value.text, EXPECTATIONS));
  }

  private bounds(): Partial<Record<BoundName, number>> {
    const bounds: Partial<Record<BoundName, number>> = {};
    for (const word of this.words('bounds')) {
      const [, written, digits] = /^([^=]+)=(\d+)$/.exec(word.text) ?? [];
      if (written === undefined) throw this.error(word, `'${word.text}' is no bound`, REMEDIES.bounds);
      const name = BOUND_NAMES.find((known) => known === written);
      if (name === undefined) {
        throw this.error(word, `there is no bound '${written}'`, remedyFor(written, BOUND_NAMES));
      }
      const [least, most] = [BOUND_LEAST[name], BOUND_LIMITS[name]];
      const count = Number(digits);
      if (count < least || count > most) {
        throw this.error(word, `'${word.text}' is out of range`, `write ${least} to ${most}`);
      }
      if (bounds[name] !== undefined) {
        throw this.error(word, `'${name}' is bounded twice`, 'remove one of them');
      }
      bounds[name] = count;
    }
    return bounds;
  }

  private switchedOff(): readonly Value[] {
    const words = this.words('without');
    const seen = new Set<string>();
    for (const word of words) {
      if (seen.has(word.text)) {
        throw this.error(word, `'${word.text}' is switched off twice`, 'remove one of them');
      }
      seen.add(word.text);
    }
    return words;
  }

  private words(name: HeaderName): readonly Value[] {
    const [value] = this.values.get(name) ?? [];
    if (value === undefined) return [];
    const scanner = new LineScanner(this.file, value.line, value.text);
    const words: Value[] = [];
    while (!scanner.atEnd) {
      const column = value.column + scanner.column - 1;
      const text = scanner.take(/\S+/y) ?? '';
      const word = { line: value.line, column, text };
      if (text.startsWith('#')) {
        throw this.error(word, "'#' cannot stand here", 'write the comment on a line of its own');
      }
      words.push(word);
      scanner.skipBlanks();
    }
    return words;
  }

  private error(at: Position, problem: string, remedy: string): CaseSyntaxError {
    return new CaseSyntaxError(this.file, at.line, at.column, problem, remedy);
  }
}

const REMEDIES: Readonly<Record<HeaderName, string>> = {
  case: "write 'case: ' and what it shows, in a few words",
  proposal: "write 'proposal: ' and the name of the design, like 'link-fd'",
  property: "write 'property: ' and the name of the claim",
  expect: `write 'expect: ' and one of ${EXPECTATIONS.join(', ')}`,
  origin: "write 'origin: ' and where the case comes from, or leave the line out",
  bounds: "write bounds as 'processes=2 fds=4', or leave the line out",
  without: "write 'without: ' and the names of rules, or leave the line out",
};
