/** A state as a person reads it: what is true, and which numbers stand for what. */
import type { StateView } from '../checker/state-view.js';
import { columns } from './columns.js';
import type { Look } from './look.js';
import { wrapWords } from './wrap.js';

/** What everyone's numbers stand under, where an actor's stand under its name. */
const EVERYONE = 'all';

/** The facts one below the other, and below them the numbers of each actor. */
export function showState({ facts, tables }: StateView, { paint, width }: Look): string[] {
  const label = (owner: string | undefined): string => owner ?? EVERYONE;
  const labels = Math.max(0, ...tables.map(({ owner }) => label(owner).length));
  const rows = tables.map(({ owner, entries }) => {
    const numbers = entries.map(({ number, object }) => `${number} ${object}`).join(', ');
    return [paint.bold(label(owner)), wrapWords(numbers, width - labels - 2).join('\n')];
  });
  const shown = [...facts, ...columns(rows)];
  return shown.length > 0 ? shown : [paint.dim('nothing is there yet')];
}
