/** A strict reader of KTAP, for tests: every line must be one that the format knows, at its place. */

export interface KtapResult {
  readonly ok: boolean;
  readonly description: string;
  /** What follows the hash sign. */
  readonly directive: string | undefined;
  readonly diagnostics: readonly string[];
  readonly subtests: readonly KtapResult[];
}

export function readKtap(text: string): KtapResult[] {
  if (!text.endsWith('\n')) throw new Error('the last line does not end');
  const lines = text.slice(0, -1).split('\n');
  const results = readLevel(lines, '');
  if (lines.length > 0) throw new Error(`unexpected line: ${lines[0]!}`);
  return results;
}

/** Takes the lines of one level from the front of `lines`. */
function readLevel(lines: string[], indent: string): KtapResult[] {
  expect(lines.shift(), `${indent}KTAP version 1`);
  if (lines[0]?.startsWith(`${indent}# Subtest: `)) lines.shift();
  const plan = /^1\.\.(\d+)$/.exec((lines.shift() ?? '').slice(indent.length));
  if (!plan) throw new Error('no plan');
  const results: KtapResult[] = [];
  while (results.length < Number(plan[1])) results.push(readTest(lines, indent, results.length + 1));
  return results;
}

function readTest(lines: string[], indent: string, number: number): KtapResult {
  const subtests = lines[0] === `${indent}  KTAP version 1` ? readLevel(lines, `${indent}  `) : [];
  const diagnostics: string[] = [];
  while (/^# ?/.test((lines[0] ?? '').slice(indent.length)) && lines[0]!.startsWith(indent)) {
    diagnostics.push(lines.shift()!.slice(indent.length).replace(/^# ?/, ''));
  }
  const line = lines.shift() ?? 'the end';
  const result = /^(ok|not ok) (\d+) ([^#]*?)(?: # (.*))?$/.exec(line.slice(indent.length));
  if (!result || !line.startsWith(indent)) throw new Error(`not a result: ${line}`);
  expect(result[2], String(number));
  return { ok: result[1] === 'ok', description: result[3]!, directive: result[4], diagnostics, subtests };
}

function expect(actual: string | undefined, expected: string): void {
  if (actual !== expected) throw new Error(`expected '${expected}', not '${actual ?? 'the end'}'`);
}
