/** Progress on stderr: one line for each proposal now and then, in the manner of TLC. */
import { grouped } from '../checker/grouped.js';
import type { Progress, SearchMethod } from '../checker/index.js';

/** Milliseconds between two lines of one proposal, where lines are written one below the other. */
const LINE_INTERVAL = 5000;

export interface ProgressDisplay {
  show(proposal: string, method: SearchMethod, progress: Progress): void;
  /** A line of another kind about a proposal. */
  tell(proposal: string, line: string): void;
  /** Takes away what is only for the moment. */
  clear(): void;
}

/** On a terminal one line that is written over; else a line every few seconds; nothing at all if it is not wanted. */
export function progressDisplay(stream: NodeJS.WriteStream, wanted: boolean): ProgressDisplay {
  if (!wanted) return { show: () => undefined, tell: () => undefined, clear: () => undefined };
  const meter = new Meter();
  const lastLine = new Map<string, number>();
  let shown = false;
  const tell = (proposal: string, line: string): void => {
    if (stream.isTTY) {
      stream.write(`\r\u001b[K${line.slice(0, (stream.columns || 80) - 1)}`);
      shown = true;
      return;
    }
    const now = performance.now();
    if (now - (lastLine.get(proposal) ?? 0) < LINE_INTERVAL) return;
    lastLine.set(proposal, now);
    stream.write(`${line}\n`);
  };
  return {
    show(proposal, method, progress) {
      tell(proposal, meter.line(proposal, method, progress));
    },
    tell,
    clear() {
      if (shown) stream.write('\r\u001b[K');
      shown = false;
    },
  };
}

/** Works out rates from one report to the next. */
class Meter {
  private readonly last = new Map<string, { readonly at: number; readonly amount: number }>();

  line(proposal: string, method: SearchMethod, progress: Progress): string {
    const amount = method === 'random' ? progress.runs : progress.states;
    const now = performance.now();
    const key = `${proposal} ${method}`;
    const before = this.last.get(key);
    this.last.set(key, { at: now, amount });
    const rate =
      before && now > before.at
        ? Math.round(((amount - before.amount) * 1000) / (now - before.at))
        : undefined;
    const perSecond = rate === undefined ? '' : ` (${grouped(rate)}/s)`;
    const broken = progress.violated.length === 0 ? '' : `, ${progress.violated.length} broken`;
    if (method === 'random') {
      return `Progress ${proposal}: ${grouped(amount)} random sequences${perSecond}${broken}`;
    }
    const megabytes = Math.round(progress.bytes / 1e6);
    return (
      `Progress(${progress.depth}) ${proposal}: ${grouped(progress.transitions)} transitions, ` +
      `${grouped(amount)} distinct states${perSecond}, ${grouped(progress.waiting)} on queue, ` +
      `${megabytes} MB${broken}`
    );
  }
}
