/** Reads a scenario from text. What it says is checked as far as that can be done without a design. */
import type { CaseLine, Position } from '../corpus/case.js';
import { columnAt } from '../corpus/line-scanner.js';
import { remedyFor } from '../corpus/nearest.js';
import { HEADER, parseLines, type Notation } from '../corpus/parse-lines.js';
import { CaseSyntaxError } from '../corpus/syntax-error.js';
import type { Scenario } from './scenario.js';
import { StepReader } from './step-reader.js';

const SCENARIO: Notation = { what: 'a scenario', example: 'prog1 = A.load(program)' };

const HEADERS = ['scenario', 'origin'] as const;

type HeaderName = (typeof HEADERS)[number];

const REMEDIES: Readonly<Record<HeaderName, string>> = {
  scenario: "write 'scenario: ' and what it shows, in a few words",
  origin: "write 'origin: ' and where the scenario comes from, or leave the line out",
};

/**
 * Reads a scenario; `file` is what errors say. Throws a {@link CaseSyntaxError}, with the place and what would be right, for the
 * first thing that is wrong, and nothing else.
 */
export function parseScenario(text: string, file: string): Scenario {
  const head = new Head(file);
  const { calls } = parseLines(text, file, SCENARIO, (line, content) => {
    head.add(line, content);
  });
  const title = head.title();
  if (calls.length === 0) {
    throw new CaseSyntaxError(
      file,
      1,
      1,
      'nothing happens in this scenario',
      'write a step below the headers',
    );
  }
  return { title, origins: head.origins, steps: stepsOf(calls, file) };
}

function stepsOf(calls: readonly CaseLine[], file: string): Scenario['steps'] {
  const reader = new StepReader(file, calls);
  return calls.map((call) => reader.read(call));
}

class Head {
  readonly origins: string[] = [];
  private given: { readonly text: string; readonly line: number } | undefined;

  constructor(private readonly file: string) {}

  add(line: number, content: string): void {
    const [start, indent, written] = HEADER.exec(content)!;
    const text = content.slice(start.length).trim();
    const at = { line, column: columnAt(content, indent!.length) };
    const name = HEADERS.find((header) => header === written);
    if (name === undefined) {
      throw this.error(at, `there is no header '${written!}'`, remedyFor(written!, HEADERS));
    }
    if (text === '') throw this.error(at, `the header '${name}' says nothing`, REMEDIES[name]);
    if (name === 'origin') {
      this.origins.push(text);
      return;
    }
    if (this.given !== undefined) {
      const remedy = `remove one of them: it stands in line ${this.given.line} already`;
      throw this.error(at, `the header '${name}' stands here again`, remedy);
    }
    this.given = { text, line };
  }

  title(): string {
    if (this.given !== undefined) return this.given.text;
    throw this.error({ line: 1, column: 1 }, "the header 'scenario' is missing", REMEDIES.scenario);
  }

  private error(at: Position, problem: string, remedy: string): CaseSyntaxError {
    return new CaseSyntaxError(this.file, at.line, at.column, problem, remedy);
  }
}
