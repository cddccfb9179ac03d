/** What the mechanisms with ordered lists share: putting a program into a list, and the checks on where it goes. */
import { guard, roomFor, type Guard, type Precondition } from '../../machine/index.js';
import { NONE } from '../../state/index.js';
import { attachAt, freeAttachmentSlot, linkAt } from '../../kernel/attachments.js';
import { openFd } from '../../kernel/descriptors.js';
import { attachmentObject } from '../../kernel/lifetime.js';
import { entriesAt, hasRevisionFor, openRank, revisionOf } from '../../kernel/lists.js';
import type { KernelState } from '../../kernel/model.js';

/** Puts a program into a list, behind `rank` others; the hook keeps it for the actor. */
export function insertProgram(
  s: KernelState,
  actor: number,
  program: number,
  hook: number,
  rank: number,
): number {
  const entry = freeAttachmentSlot(s);
  openRank(s, hook, rank);
  attachAt(s, entry, program, hook, NONE, actor);
  s.attachments[entry]!.rank = rank;
  return entry;
}

/** Puts a program into a list by a link, behind `rank` others, and gives the actor a descriptor of the link. */
export function insertLink(
  s: KernelState,
  actor: number,
  program: number,
  hook: number,
  rank: number,
): number {
  const entry = freeAttachmentSlot(s);
  openRank(s, hook, rank);
  linkAt(s, entry, program, hook, NONE);
  s.attachments[entry]!.rank = rank;
  return openFd(s, actor, attachmentObject(entry));
}

/** Which argument of a call says which hook; it stands third, behind the actor and the program. */
export type HookOf = (place: number) => number;

/**
 * The caller may say which revision of the list it has seen. Whether the list still has it; by name revisions begin at 1, here at 0.
 */
export function isAtRevision(s: KernelState, hook: number, revision: number | undefined): boolean {
  return revision === undefined || revision === NONE || revisionOf(s, hook) === revision;
}

/** The check of it, where the revision is the argument behind the place, or behind one more. */
export function revisionAgrees(
  hookOf: HookOf,
  behind: 'place' | 'one-more',
  source: string,
): Guard<KernelState> {
  const name = 'list-has-the-revision';
  return behind === 'place'
    ? guard(
        name,
        'ESTALE',
        (s, _actor, _fd, place, revision) => isAtRevision(s, hookOf(place), revision),
        source,
      )
    : guard(
        name,
        'ESTALE',
        (s, _actor, _fd, place, _more, revision) => isAtRevision(s, hookOf(place), revision),
        source,
      );
}

/** Where lists are limited in the model: the most entries that one takes. */
export function listHasRoom(
  { listLimit }: { readonly listLimit?: number },
  hookOf: HookOf,
  errno: 'ERANGE' | 'E2BIG',
  source: string,
): Guard<KernelState>[] {
  if (listLimit === undefined) return [];
  return [
    guard('list-has-room', errno, (s, _actor, _fd, place) => entriesAt(s, hookOf(place)) < listLimit, source),
  ];
}

/** The model counts a change that leaves so many entries more. */
export function roomToCount(hookOf: HookOf, more: number): Precondition<KernelState> {
  return roomFor('revisions', (s, _actor, _fd, place) => hasRevisionFor(s, hookOf(place), more));
}
