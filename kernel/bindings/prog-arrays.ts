/** prog_arrays on a running kernel, and what is in their slots. */
import { clearSlot, createProgArray, setSlot, slotProgram } from '../bpf/maps.js';
import { hasFd } from '../../model/kernel/descriptors.js';
import { mapObject, programObject } from '../../model/kernel/lifetime.js';
import { MAPS, type KernelState } from '../../model/kernel/model.js';
import { tableOf } from '../../model/state/index.js';
import type { Aspect, Binding, ViewLine } from './binding.js';
import { byId } from './links.js';
import { SLOTS } from './program-sources.js';
import { argumentOf, outcomeOf, realFd } from './running-linux.js';

/**
 * What is in the slots of maps that processes have open. Others cannot be looked at without being opened, and to close such a
 * descriptor would empty them.
 */
const slots: Aspect = {
  expected: (state, nameOf) =>
    state.attachments.flatMap(({ attached, hook, target, program }): ViewLine[] => {
      if (!attached || tableOf(target) !== MAPS || !isOpenAnywhere(state, target)) return [];
      return [[`${nameOf(target)} ${state.kernel.hooks[hook]!.name}`, nameOf(programObject(program))]];
    }),
  async observed({ linux }) {
    const maps = [...linux.everythingOpen()].filter(([name]) => name.startsWith('map '));
    const places = maps.flatMap(([name, open]) =>
      Array.from({ length: SLOTS }, (_, slot) => ({ name, slot, ...open })),
    );
    const lines = await Promise.all(
      places.map(async ({ name, slot, process, fd }): Promise<ViewLine[]> => {
        const found = await slotProgram(process, fd, slot);
        return found.ok ? [[`${name} slot${slot}`, `prog ${found.value}`]] : [];
      }),
    );
    return lines.flat();
  },
};

function isOpenAnywhere(s: KernelState, object: number): boolean {
  return s.processes.some(({ live }, process) => live && hasFd(s, process, object));
}

export const progArrays: Binding = {
  calls: {
    async prog_array_create(linux, call) {
      const actor = linux.process(argumentOf(call, 'actor'));
      return linux.handedOut(actor, await createProgArray(actor, SLOTS));
    },
    async prog_array_update(linux, call) {
      const actor = linux.process(argumentOf(call, 'actor'));
      const [map, program] = [realFd(argumentOf(call, 'map')), realFd(argumentOf(call, 'program'))];
      return outcomeOf(await setSlot(actor, map, argumentOf(call, 'slot'), program));
    },
    async prog_array_delete(linux, call) {
      const actor = linux.process(argumentOf(call, 'actor'));
      return outcomeOf(await clearSlot(actor, realFd(argumentOf(call, 'map')), argumentOf(call, 'slot')));
    },
    map_get_fd_by_id: byId('map', mapObject),
  },
  needs: { prog_array_create: ['prog_array'] },
  aspects: [slots],
};
