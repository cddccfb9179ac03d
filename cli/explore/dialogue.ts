/** Reads lines and has them answered: typed on a terminal, with history and completion, or from a pipe, and then echoed. */
import { createInterface } from 'node:readline';

export interface Partner {
  /** What stands in front of the next line. */
  readonly prompt: string;
  /** Does what a line says; false if it was the last. */
  answer(line: string): Promise<boolean>;
  /** What the line could be completed to, and which end of it that is. */
  complete(line: string): [string[], string];
  /** Ctrl-C was pressed. */
  interrupt(): void;
}

/** Until the partner has enough, or there are no more lines. */
export async function converse(
  partner: Partner,
  input: NodeJS.ReadStream = process.stdin,
  output: NodeJS.WriteStream = process.stdout,
): Promise<void> {
  const isTyped = input.isTTY && output.isTTY;
  const lines = createInterface({
    input,
    ...(isTyped ? { output, completer: (line: string) => partner.complete(line) } : {}),
    terminal: isTyped,
    removeHistoryDuplicates: true,
  });
  const invite = (): void => {
    lines.setPrompt(partner.prompt);
    if (isTyped) lines.prompt();
  };
  let isAtWork = false;
  lines.on('SIGINT', () => {
    if (isAtWork) {
      partner.interrupt();
      return;
    }
    // What was typed of a line is dropped.
    lines.write(null, { ctrl: true, name: 'e' });
    lines.write(null, { ctrl: true, name: 'u' });
    output.write('\n(quit, or Ctrl-D, ends)\n');
    invite();
  });
  invite();
  for await (const line of lines) {
    if (!isTyped) output.write(`${partner.prompt}${line}\n`);
    isAtWork = true;
    const isLast = !(await partner.answer(line));
    isAtWork = false;
    if (isLast) break;
    invite();
  }
  lines.close();
}
