/** Words that clauses share. */
import { actorName } from '../model/kernel/model.js';
import { NONE } from '../model/state/index.js';

/** A process by name, or the kernel where nobody called. */
export function who(process: number): string {
  return process === NONE ? 'the kernel' : actorName(process);
}
