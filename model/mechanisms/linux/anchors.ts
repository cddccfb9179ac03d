/**
 * Anchors: which entry of a list a new one is put next to. A caller names a program, by a descriptor or by its id, or a link, by
 * either as well, and says whether it means before or behind it. In calls the anchor is the argument behind the place.
 */
import { guard, optional, type Domain, type Errno, type Guard } from '../../machine/index.js';
import { NONE } from '../../state/index.js';
import { isOpen, linkBehind, programBehind } from '../../kernel/descriptors.js';
import { isLink } from '../../kernel/lifetime.js';
import { isDying } from '../../kernel/deferred.js';
import { entriesAt, entryOf } from '../../kernel/lists.js';
import type { KernelDomains, KernelState } from '../../kernel/model.js';

/** A way of naming an anchor. */
export interface Anchor {
  /** What can be named. Where it may be left out, the beginning or the end of the list is meant. */
  readonly domain: Domain;
  /** The checks on what was named, before the list is looked at. */
  readonly guards: readonly Guard<KernelState>[];
  /** The entry of the list that is named; NONE if there is none. */
  entry(s: KernelState, actor: number, hook: number, anchor: number): number;
}

/** Whether a program may be named. */
type Fits = (s: KernelState, program: number) => boolean;

/** A program, by a descriptor: without BPF_F_LINK and BPF_F_ID. It stands for its entry, also if a link made that. */
export function programAnchor({ fd }: KernelDomains, fits: Fits, source: string): Anchor {
  return {
    domain: optional(fd),
    guards: [
      named('anchor-fd-is-open', 'EBADF', isOpen, source),
      named(
        'anchor-is-a-program',
        'EINVAL',
        (s, actor, fd) => programBehind(s, actor, fd) !== NONE && fits(s, programBehind(s, actor, fd)),
        source,
      ),
    ],
    entry: (s, actor, hook, fd) => entryOf(s, hook, programBehind(s, actor, fd)),
  };
}

/** A program, by its id: BPF_F_ID. */
export function programIdAnchor({ programId }: KernelDomains, fits: Fits, source: string): Anchor {
  return {
    domain: programId,
    guards: [
      named('anchor-has-the-id', 'ENOENT', (s, _actor, id) => s.programs[id]!.live, source),
      named('anchor-is-a-program', 'EINVAL', (s, _actor, id) => fits(s, id), source),
    ],
    entry: (s, _actor, hook, id) => entryOf(s, hook, id),
  };
}

/** A link, by a descriptor: BPF_F_LINK. */
export function linkAnchor({ fd }: KernelDomains, fits: Fits, source: string): Anchor {
  return {
    domain: optional(fd),
    guards: [
      named('anchor-fd-is-open', 'EBADF', isOpen, source),
      named(
        'anchor-is-a-link',
        'EINVAL',
        (s, actor, fd) => {
          const link = linkBehind(s, actor, fd);
          return link !== NONE && fits(s, s.attachments[link]!.program);
        },
        source,
      ),
    ],
    entry: (s, actor, hook, fd) => entryIfAt(s, hook, linkBehind(s, actor, fd)),
  };
}

/** A link, by its id: BPF_F_LINK and BPF_F_ID. */
export function linkIdAnchor({ linkId }: KernelDomains, fits: Fits, source: string): Anchor {
  return {
    domain: linkId,
    guards: [
      named(
        'anchor-has-the-id',
        'ENOENT',
        (s, _actor, id) => s.attachments[id]!.live && isLink(s, id) && !isDying(s, id),
        source,
      ),
      named('anchor-is-a-link', 'EINVAL', (s, _actor, id) => fits(s, s.attachments[id]!.program), source),
    ],
    entry: (s, _actor, hook, id) => entryIfAt(s, hook, id),
  };
}

/** A check on an anchor, if one is named. */
function named(
  name: string,
  errno: Errno,
  test: (s: KernelState, actor: number, anchor: number) => boolean,
  source: string,
): Guard<KernelState> {
  return guard(
    name,
    errno,
    (s, actor, _fd, _place, anchor) => anchor === NONE || test(s, actor, anchor),
    source,
  );
}

function entryIfAt(s: KernelState, hook: number, entry: number): number {
  const { attached, hook: at } = s.attachments[entry]!;
  return attached && at === hook ? entry : NONE;
}

/** On which side of its anchor an entry is put. */
export type Side = 'before' | 'after';

/** How many entries will run before one that is put next to another; at the beginning or the end if that is NONE. */
export function rankBeside(s: KernelState, hook: number, side: Side, entry: number): number {
  if (entry === NONE) return side === 'before' ? 0 : entriesAt(s, hook);
  const { rank } = s.attachments[entry]!;
  return side === 'before' ? rank : rank + 1;
}
