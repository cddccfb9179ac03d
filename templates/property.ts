/**
 * A claim: when it speaks, and what must be true then.
 *
 * A property that is never asked holds of everything, so it says `SILENT` where the situation is not there; one that is always
 * silent is reported as vacuous. Other kinds: `state`, `settled` (all processes are gone), `refusals` and `witness` (must be
 * reachable).
 */
import {
  broken,
  defineProperty,
  KEPT,
  NONE,
  occupant,
  programObject,
  SILENT,
  type KernelState,
} from 'holdfast';

export default defineProperty<KernelState>({
  name: 'my-property',
  kind: 'step', // asked about every call that succeeds: what was before it, and what is after it
  claim: 'A device that runs a program still runs one after an attach or an update.',
  source: 'where it was said: a mail, a manual page',
  situation: 'an attach or an update succeeds while a device runs a program',
  speaksAbout: ['has:device'], // only about proposals that have devices; `all` for every proposal
  verbs: ['attach', 'update'],
  check({ before, after }) {
    let judgement: typeof SILENT | typeof KEPT = SILENT;
    for (const [hook, { kind, name }] of before.kernel.hooks.entries()) {
      const ran = occupant(before, hook, NONE);
      if (kind !== 'device' || ran === NONE) continue;
      if (occupant(after, hook, NONE) === NONE) {
        return broken(`${name} runs nothing any more`, {
          ran: programObject(before.attachments[ran].program),
        });
      }
      judgement = KEPT;
    }
    return judgement;
  },
});
