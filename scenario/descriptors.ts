/** Close, send, pin, unpin and get: all descriptors that a name stands for at once, and where there are none, nothing. */
import { DONE, letterIndex, nothingToDo, type DeedOf, type Play } from './play.js';
import type { Outcome } from './outcome.js';
import type { Step } from './scenario.js';

export function close(play: Play, step: Step, { name }: DeedOf<'close'>): Outcome {
  const hold = play.names.get(name);
  if (hold === undefined) return nothingToDo(`there is no ${name}`);
  if (hold.descriptors.size === 0 || !play.stage.holds.isOpen(hold)) {
    return nothingToDo('no descriptor to close');
  }
  for (const fd of hold.descriptors.values()) play.plain(step, { fd });
  play.stage.holds.close(hold);
  return DONE;
}

export function send(play: Play, step: Step, { name, to }: DeedOf<'send'>): Outcome {
  const { thing, descriptors } = play.held(name);
  const received = play.each(step, [...descriptors.values()], (fd) => ({ fd, to }));
  play.define(step, thing, received, letterIndex(to));
  return descriptors.size === 0 ? nothingToDo('no descriptor to send') : DONE;
}

export function pin(play: Play, step: Step, { name, path }: DeedOf<'pin'>): Outcome {
  const { thing, descriptors } = play.held(name);
  const roles = [...descriptors.keys()];
  play.each(step, roles, (role, i) => ({ fd: descriptors.get(role), path: play.path(path, i) }));
  play.pinned.set(path, { thing, roles });
  return roles.length === 0 ? nothingToDo('no descriptor to pin') : DONE;
}

export function unpin(play: Play, step: Step, { path }: DeedOf<'unpin'>): Outcome {
  const found = play.pinned.get(path);
  if (found?.roles.length === 0) return nothingToDo('nothing is pinned there');
  play.each(step, found?.roles ?? [undefined], (_, i) => ({ path: play.path(path, i) }));
  play.pinned.delete(path);
  return DONE;
}

export function get(play: Play, step: Step, { path }: DeedOf<'get'>): Outcome {
  const found = play.pinned.get(path);
  const opened = play.each(step, found?.roles ?? [undefined], (_, i) => ({ path: play.path(path, i) }));
  if (found !== undefined) play.define(step, found.thing, opened);
  return found?.roles.length === 0 ? nothingToDo('no descriptor to open') : DONE;
}
