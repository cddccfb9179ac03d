import { KEPT, SILENT, argument, broken, defineProperty, type Judgement } from '../checker/property.js';
import { programObject } from '../model/kernel/lifetime.js';
import { XDP_LAYERS, type KernelState } from '../model/kernel/model.js';
import { NONE } from '../model/state/index.js';
import { isAtOneOf, namedPlaces } from './places.js';

export const modeIsPartOfKey = defineProperty<KernelState>({
  name: 'mode-is-part-of-key',
  kind: 'step',
  claim: 'A call that names one of the modes of a device leaves what runs in the other one as it is.',
  source:
    'net/core/dev.c, dev_xdp_attach: each mode has a program of its own; github.com/asavie/xdp issue 28: attached in one mode, detached in the other, for ever',
  situation: 'a call that names a mode succeeds while a program is attached in the other one',
  speaksAbout: ['takes:mode'],
  verbs: ['attach', 'attach_if_empty', 'replace', 'detach'],
  check(step) {
    const { before, after, operation } = step;
    if (operation.layer !== 'xdp' || (argument(step, 'mode') ?? NONE) === NONE) return SILENT;
    const places = namedPlaces(step);
    const { of } = before.kernel.hooks[places[0]!.hook]!;
    let judgement: Judgement = SILENT;
    for (let i = 0; i < before.attachments.length; i++) {
      const was = before.attachments[i]!;
      const hook = before.kernel.hooks[was.hook]!;
      if (!was.attached || hook.of !== of || !XDP_LAYERS.includes(hook.layer!)) continue;
      if (isAtOneOf(places, was)) continue;
      const is = after.attachments[i]!;
      if (!is.attached || is.program !== was.program) {
        return broken(`${operation.verb} changed what runs in the other mode`, {
          ran: programObject(was.program),
        });
      }
      judgement = KEPT;
    }
    return judgement;
  },
});
