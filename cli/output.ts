/** Where results go: stdout, in colour only on a terminal that wants it. */
import { createLook, createPaint, type Look, type LookOptions } from '../report/index.js';

/** The widest a report gets on a wide terminal, and its width where there is none. */
const WIDTH = { most: 120, none: 100 };

export function lookOptions(stream: NodeJS.WriteStream = process.stdout): LookOptions {
  const isTerminal = stream.isTTY;
  const colour = isTerminal && !process.env.NO_COLOR && process.env.TERM !== 'dumb';
  const width = isTerminal ? Math.min(stream.columns || WIDTH.none, WIDTH.most) : WIDTH.none;
  return { paint: createPaint(colour), unicode: showsUnicode(), width };
}

export function look(): Look {
  return createLook(lookOptions());
}

function showsUnicode(): boolean {
  const locale = process.env.LC_ALL ?? process.env.LC_CTYPE ?? process.env.LANG ?? '';
  return locale === '' ? true : !/^(C|POSIX)$/.test(locale);
}

/** Writes all of a text before going on, also into a pipe. */
export function print(text: string): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.write(text.endsWith('\n') ? text : `${text}\n`, () => {
      resolve();
    });
  });
}
