/** Fitting text into lines that may not be longer, whatever the text: for mail. */
import { wrapWords } from './wrap.js';

/**
 * A text in lines of at most `width` characters (at least 20). A longer word is broken; an address stands in angle brackets then,
 * by which a reader knows that it goes on: RFC 3986, appendix C.
 */
export function foldWords(text: string, width: number): string[] {
  const words = text.split(/\s+/).flatMap((word) => (word.length > width ? breakWord(word, width) : [word]));
  return wrapWords(words.join(' '), width);
}

/** A text in lines, the first behind a head and the others indented as far. */
export function foldBehind(head: string, text: string, width: number): string[] {
  const indent = ' '.repeat(head.length);
  return foldWords(text, width - head.length).map((line, i) => (i === 0 ? head : indent) + line);
}

/** A shell command in lines, each but the last with a backslash at its end: it can be pasted as it stands. */
export function foldCommand(command: string, indent: string, width: number): string[] {
  const room = width - indent.length - CONTINUED.length;
  const lines = wrapWords(command, room);
  return lines.flatMap((line, i) => {
    const pieces = cut(line, room);
    const end = i < lines.length - 1 ? CONTINUED : '';
    // Inside a word, the next line begins at the margin, or the shell would see two words.
    return pieces.map((piece, k) => (k === 0 ? indent : '') + piece + (k < pieces.length - 1 ? '\\' : end));
  });
}

const CONTINUED = ' \\';

function breakWord(word: string, width: number): string[] {
  const address = /^([^\w]*)(\w+:\/\/.*?)([),;]*)$/.exec(word);
  const marked = address && !word.includes('<') ? `${address[1]!}<${address[2]!}>${address[3]!}` : word;
  return cut(marked, width);
}

/** Behind which a word may be broken. */
const SIGNS = Array.from('-@.?&=,_:');

/** Pieces of a word, cut behind a slash if one is far enough along, else behind another sign, else anywhere. */
function cut(word: string, width: number): string[] {
  const pieces: string[] = [];
  let rest = word;
  while (rest.length > width) {
    const part = rest.slice(0, width);
    const ends = [part.lastIndexOf('/'), Math.max(...SIGNS.map((sign) => part.lastIndexOf(sign)))];
    const end = ends.find((at) => at >= width / 3) ?? width - 1;
    pieces.push(rest.slice(0, end + 1));
    rest = rest.slice(end + 1);
  }
  return [...pieces, rest];
}
