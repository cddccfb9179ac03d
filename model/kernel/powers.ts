/**
 * What can be taken away from those who use a modelled kernel: an operation from everybody, the power to use it against what
 * others hold, or everybody but one process. Who loses something by a call is read off the state on both sides of it, so that
 * operations of a user's own proposal are covered as those of the built-in ones are.
 */
import { deedOf, nobodyMay, type Forbidden, type Operation, type Restriction } from '../machine/index.js';
import { NONE } from '../state/index.js';
import { holdsAttachment, isHeldAttachment, isHeldByOther, isPinned } from './attachments.js';
import { hasFd } from './descriptors.js';
import { attachmentObject } from './lifetime.js';
import type { KernelState } from './model.js';

/** What a holder may do, by verb: it stands behind "only a holder may", with the operation's name for `…`. */
const POWERS: Readonly<Record<string, string>> = {
  attach: '… over what is held',
  attach_if_empty: '… over what is held',
  delete_qdisc: '… with what is held in it',
  close: '… where that takes off what is held',
  unpin: '…',
};
const OTHER_POWER = '… what is held';

/** Calls that take nothing from anybody: there is no power in them. */
const HARMLESS = [
  ...['load', 'create_map', 'create_qdisc', 'create_device', 'dup', 'send', 'pin', 'get'],
  ...['drop_capabilities', 'mount_bpffs'],
];

/** A crash is no power, and a restart takes nothing from anybody. */
const UNGOVERNED: Readonly<Record<string, string>> = {
  crash: 'no process crashes',
  restart: 'no process comes back after a crash',
};

/**
 * All that can be taken away where these operations can be called: of each one that does something, the power of those who do
 * not hold what it takes off, of all but a sole holder, and the operation itself; then all processes but one.
 */
export function kernelRestrictions(
  operations: readonly Operation<KernelState>[],
): readonly Restriction<KernelState>[] {
  return [...operations.filter((op) => !op.observe).flatMap(restrictionsOf), onlyOneProcess];
}

/** What every design is there for: without it, a claim that holds is worth nothing. */
export function isAnythingAttached(s: KernelState): boolean {
  for (let i = 0; i < s.attachments.length; i++) if (s.attachments[i]!.attached) return true;
  return false;
}

function restrictionsOf(op: Operation<KernelState>): Restriction<KernelState>[] {
  const sentence = UNGOVERNED[deedOf(op)];
  if (sentence !== undefined) return [nobodyMay(op, { sentence })];
  if (HARMLESS.includes(deedOf(op)) || Object.keys(op.params)[0] !== 'actor') return [nobodyMay(op)];
  const may = (POWERS[deedOf(op)] ?? OTHER_POWER).replace('…', op.name);
  const holder = power(op, 'holder', `only a holder may ${may}`, [], takesFromHolders);
  const sole = power(op, 'sole-holder', `only the sole holder may ${may}`, [holder.name], takesFromOthers);
  return [holder, sole, nobodyMay(op, { implies: [holder.name, sole.name] })];
}

type Names = KernelState['pins'];

type Takes = (before: KernelState, after: KernelState, actor: number) => boolean;

function power(
  op: Operation<KernelState>,
  who: string,
  sentence: string,
  implies: readonly string[],
  takes: Takes,
): Restriction<KernelState> {
  const forbidden: Forbidden<KernelState> = (before, after, args) => takes(before, after, args[0]!);
  return {
    name: `${op.name}:${who}`,
    sentence,
    implies,
    forbids: ({ name }) => (name === op.name ? forbidden : 'none'),
  };
}

/** Whether a call takes something from those who hold it, by an actor who does not. */
function takesFromHolders(before: KernelState, after: KernelState, actor: number): boolean {
  for (let i = 0; i < before.attachments.length; i++) {
    if (!isDisplaced(before, after, i)) continue;
    if (isHeldAttachment(before, i) && !holdsAttachment(before, actor, i)) return true;
  }
  return (
    losesNames(before.pins, after.pins, before, actor) ||
    losesNames(before.upperPins, after.upperPins, before, actor)
  );
}

/** Whether a name goes of something that the actor has no descriptor of. */
function losesNames(was: Names, is: Names, before: KernelState, actor: number): boolean {
  for (let path = 0; path < was.length; path++) {
    const object = was.get(path);
    if (object !== NONE && is.get(path) === NONE && !hasFd(before, actor, object)) return true;
  }
  return false;
}

/** Whether a call takes something that anybody but the actor holds, another process or a pin that stays. */
function takesFromOthers(before: KernelState, after: KernelState, actor: number): boolean {
  if (takesFromHolders(before, after, actor)) return true;
  for (let i = 0; i < before.attachments.length; i++) {
    if (!isDisplaced(before, after, i)) continue;
    if (isHeldByOther(before, actor, i) || isPinned(after, attachmentObject(i))) return true;
  }
  return false;
}

/** Whether an attachment is off its hook after a call, or has another program. */
function isDisplaced(before: KernelState, after: KernelState, attachment: number): boolean {
  const { attached, program } = before.attachments[attachment]!;
  if (!attached) return false;
  const now = after.attachments[attachment]!;
  return !now.attached || now.program !== program;
}

/** The other processes do nothing but go, so that all can be gone; and nothing is given to them. */
const onlyOneProcess: Restriction<KernelState> = {
  name: 'processes:one',
  sentence: 'there is only one process',
  implies: [],
  forbids({ verb, params }) {
    if (verb === 'crash') return 'none';
    const processes = Object.values(params).flatMap(({ name }, i) => (name === 'process' ? [i] : []));
    if (processes.length === 0) return 'none';
    return (_before, _after, args) => processes.some((i) => args[i] !== 0);
  },
};
