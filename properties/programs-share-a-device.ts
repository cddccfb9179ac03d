import { defineProperty } from '../checker/property.js';
import { isAnyDeviceTaken, isReached } from '../model/kernel/attachments.js';
import { mapObject } from '../model/kernel/lifetime.js';
import { PROGRAMS, type KernelState } from '../model/kernel/model.js';
import { NONE, indexOf, tableOf } from '../model/state/index.js';

/** Whether another program stands beside this one in the list of its device. */
function isInList(s: KernelState, attachment: number): boolean {
  const { hook, program } = s.attachments[attachment]!;
  for (let i = 0; i < s.attachments.length; i++) {
    const other = s.attachments[i]!;
    if (other.attached && other.target === NONE && other.hook === hook && other.program !== program)
      return true;
  }
  return false;
}

/** Whether packets come to this program through another one: it is in it, behind it, or in a slot of it. */
function isCalledByAnother(s: KernelState, program: number, target: number): boolean {
  if (tableOf(target) === PROGRAMS) return indexOf(target) !== program && isReached(s, indexOf(target));
  for (let caller = 0; caller < s.programs.length; caller++) {
    const { live, map } = s.programs[caller]!;
    if (live && map !== NONE && mapObject(map) === target && caller !== program && isReached(s, caller))
      return true;
  }
  return false;
}

export const programsShareADevice = defineProperty<KernelState>({
  name: 'programs-share-a-device',
  kind: 'witness',
  claim: 'Several programs can run for one packet.',
  source: 'https://lore.kernel.org/bpf/20191112025112.bhzmrrh2pr76ssnh@ast-mbp.dhcp.thefacebook.com/',
  situation: 'one device leads to two programs',
  speaksAbout: ['list', 'has:edge', 'has:slot', 'has:subprogram'],
  reads: ['attachments', 'programs'],
  conditions: [
    { name: 'a device runs a program', test: isAnyDeviceTaken },
    { name: 'two programs are attached', test: areTwoProgramsAttached },
    { name: 'one device leads to both', test: leadsOneDeviceToTwo },
  ],
});

function areTwoProgramsAttached(s: KernelState): boolean {
  let first: number = NONE;
  for (let i = 0; i < s.attachments.length; i++) {
    const { attached, program } = s.attachments[i]!;
    if (!attached) continue;
    if (first !== NONE && first !== program) return true;
    first = program;
  }
  return false;
}

function leadsOneDeviceToTwo(s: KernelState): boolean {
  for (let i = 0; i < s.attachments.length; i++) {
    const { attached, program, target } = s.attachments[i]!;
    if (!attached) continue;
    if (target === NONE ? isInList(s, i) : isCalledByAnother(s, program, target)) return true;
  }
  return false;
}
