/** The steps of a scenario in the calls of one design. */
import { attach, detach, detachDevice, load, replace } from './attaching.js';
import { close, get, pin, send, unpin } from './descriptors.js';
import { StepEnd, type Outcome } from './outcome.js';
import { actorOf, DONE, type Play } from './play.js';
import type { Step } from './scenario.js';

/** Makes the calls of the next step of a play. Throws what the rules of the design throw. */
export function perform(play: Play, step: Step): Outcome {
  try {
    return make(play, step);
  } catch (error) {
    if (!(error instanceof StepEnd)) throw error;
    if (step.result !== undefined) play.names.delete(step.result);
    return error.outcome;
  }
}

function make(play: Play, step: Step): Outcome {
  const { deed } = step;
  switch (deed.verb) {
    case 'load':
      return load(play, step, deed);
    case 'attach':
      return attach(play, step, deed);
    case 'replace':
      return replace(play, step, deed);
    case 'detach':
      return 'device' in deed ? detachDevice(play, step, deed.device) : detach(play, step, deed.attached);
    case 'close':
      return close(play, step, deed);
    case 'send':
      return send(play, step, deed);
    case 'pin':
      return pin(play, step, deed);
    case 'unpin':
      return unpin(play, step, deed);
    case 'get':
      return get(play, step, deed);
    case 'crash':
      play.plain(step, {});
      play.stage.holds.closeAll(actorOf(step));
      return DONE;
    case 'restart':
      play.plain(step, {});
      return DONE;
    case 'packet': {
      const words = new Map([['device', deed.device]]);
      const nobody = { actor: undefined, words, mustTake: [], descriptor: () => undefined };
      play.stage.call('packet', nobody, "there is no 'packet' here", undefined);
      return DONE;
    }
  }
}
