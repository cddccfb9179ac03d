/** Fitting text into lines. */

/** A sentence in lines of at most `width` characters; a longer word (an address) has a line of its own. */
export function wrapWords(text: string, width: number): string[] {
  return fill(text.split(/(?<=\s)/), width).map((line) => line.trim());
}

/** A sentence in lines, those behind the first indented. */
export function hangingWords(text: string, width: number): string[] {
  return wrapWords(text, width - 2).map((line, i) => (i === 0 ? line : `  ${line}`));
}

/** A name in lines of at most `width` characters, broken after hyphens only. */
export function wrapName(name: string, width: number): string[] {
  return fill(name.split(/(?<=-)/), width);
}

/** A name in two lines, broken after the hyphen that makes both about as long; in one if it has no hyphen. */
export function halveName(name: string): string[] {
  const parts = name.split(/(?<=-)/);
  const halves = parts.slice(1).map((_, i) => [parts.slice(0, i + 1).join(''), parts.slice(i + 1).join('')]);
  const longest = (lines: readonly string[]): number => Math.max(...lines.map((line) => line.length));
  halves.sort((a, b) => longest(a) - longest(b));
  return halves[0] ?? [name];
}

function fill(pieces: readonly string[], width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const piece of pieces) {
    if (line !== '' && line.length + piece.trimEnd().length > width) {
      lines.push(line);
      line = '';
    }
    line += piece;
  }
  return [...lines, line];
}

/** A text without line ends and other control characters. */
export function oneLine(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, ' ');
}
