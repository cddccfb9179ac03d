/** What is true in a state, one short sentence each: for showing what a call changed. */
import { NONE, indexOf, tableOf } from '../state/index.js';
import { attachmentObject, isLink, mapObject, programObject } from './lifetime.js';
import { ATTACHMENTS, PROGRAMS, TEARDOWN, actorName, pathName, type KernelState } from './model.js';
import { occupant } from './attachments.js';
import { PLACEHOLDER } from './dispatch.js';

type NameOf = (object: number) => string;

export function facts(s: KernelState, nameOf: NameOf): string[] {
  return [
    ...processFacts(s),
    ...deviceFacts(s),
    ...programFacts(s, nameOf),
    ...mapFacts(s, nameOf),
    ...attachmentFacts(s, nameOf),
    ...pinFacts(s, nameOf),
    ...teardownFacts(s),
  ];
}

function processFacts(s: KernelState): string[] {
  return s.processes.flatMap(({ live, unprivileged }, i) => {
    if (!live) return [`${actorName(i)} is dead`];
    return unprivileged === 1 ? [`${actorName(i)} has no capabilities`] : [];
  });
}

function deviceFacts(s: KernelState): string[] {
  return s.devices.flatMap(({ gone, moved }, i) => {
    if (gone) return [`eth${i} is gone`];
    return moved ? [`eth${i} is in another network namespace`] : [];
  });
}

function programFacts(s: KernelState, nameOf: NameOf): string[] {
  const found: string[] = [];
  s.programs.forEach(({ live, source, extended }, program) => {
    if (!live) return;
    const name = nameOf(programObject(program));
    found.push(`${name} is loaded`);
    if (extended === 1) found.push(`${name} is marked as extended`);
    const { placeholders } = s.kernel.sources[source]!;
    s.kernel.hooks.forEach((hook, i) => {
      if (hook.kind !== 'subprogram' || !placeholders || !(hook.name in placeholders)) return;
      if (occupant(s, i, programObject(program)) === NONE)
        found.push(`${name}.${hook.name} runs its own code`);
    });
  });
  return found;
}

function mapFacts(s: KernelState, nameOf: NameOf): string[] {
  return s.maps.flatMap(({ live, clearing, lost, owner }, map) => {
    if (!live) return [];
    const name = nameOf(mapObject(map));
    return [
      `${name} exists`,
      ...(lost === 1 ? [`${name} is lost: nothing frees it`] : []),
      ...(clearing === 1 ? [`${name} is to be emptied`] : []),
      ...(owner > 0 ? [`${name} takes programs of type ${s.kernel.sources[owner - 1]!.type ?? 'any'}`] : []),
    ];
  });
}

function attachmentFacts(s: KernelState, nameOf: NameOf): string[] {
  const found: string[] = [];
  s.attachments.forEach((attachment, i) => {
    if (!attachment.live) return;
    const place = placeName(s, attachment, nameOf);
    const program = programName(s, attachment.program, nameOf);
    if (attachment.attached) found.push(`${place} runs ${program}${entryName(s, i, nameOf)}`);
    else if (isLink(s, i)) found.push(`${nameOf(attachmentObject(i))} is defunct`);
    else found.push(`${program} is kept by a deleted filter`);
  });
  for (let i = 0; i < s.containers.length; i++) if (s.containers.get(i)) found.push(`eth${i} has its qdisc`);
  return found;
}

type Attachment = KernelState['attachments'][number];

function placeName(s: KernelState, { hook, target }: Attachment, nameOf: NameOf): string {
  const { name } = s.kernel.hooks[hook]!;
  return target === NONE ? name : `${nameOf(target)}.${name}`;
}

/** What tells an attachment from others at the same hook: its link, or the number of a filter. */
function entryName(s: KernelState, attachment: number, nameOf: NameOf): string {
  const { hook, priority, handle } = s.attachments[attachment]!;
  const { exclusive, layer } = s.kernel.hooks[hook]!;
  if (isLink(s, attachment)) return ` (${nameOf(attachmentObject(attachment))})`;
  if (layer === 'filters') return ` (prio${priority + 1} handle${handle + 1})`;
  return exclusive || layer !== undefined ? '' : ` (handle${attachment + 1})`;
}

function programName(s: KernelState, program: number, nameOf: NameOf): string {
  if (program === NONE) return 'nothing';
  return s.programs[program]!.live ? nameOf(programObject(program)) : 'a freed program';
}

function pinFacts(s: KernelState, nameOf: NameOf): string[] {
  const isHidden = s.overmounted === 1;
  return [
    ...namesIn(s.pins, isHidden ? ', which is hidden,' : '', nameOf),
    ...namesIn(s.upperPins, '', nameOf),
  ];
}

function namesIn(names: KernelState['pins'], how: string, nameOf: NameOf): string[] {
  const found: string[] = [];
  for (let i = 0; i < names.length; i++) {
    const object = names.get(i);
    if (object !== NONE) found.push(`${pathName(i)}${how} holds ${nameOf(object)}`);
  }
  return found;
}

function teardownFacts(s: KernelState): string[] {
  const { cgroups = [], namespaces = [] } = s.kernel.linux;
  return [
    ...s.cgroups.flatMap(({ teardown }, i) => left(`cgroup ${cgroups[i]!}`, TEARDOWN[teardown]!)),
    ...s.namespaces.flatMap(({ teardown }, i) => left(`namespace ${namespaces[i]!}`, TEARDOWN[teardown]!)),
  ];
}

function left(name: string, teardown: (typeof TEARDOWN)[number]): string[] {
  switch (teardown) {
    case 'present':
      return [];
    case 'removed':
      return [`${name} is removed, and still works`];
    case 'leaving':
      return [`${name} is on its way out`];
    case 'gone':
      return [`${name} is gone`];
  }
}

/** The words for what a packet met. */
export function sight(s: KernelState, seen: readonly number[], nameOf: NameOf): string[] {
  return seen.map((element) =>
    element >= PLACEHOLDER ? s.kernel.hooks[element - PLACEHOLDER]!.name : nameOf(element),
  );
}

/** What an object is called when a trace has no name for it. */
export function kindName(s: KernelState, object: number): string {
  switch (tableOf(object)) {
    case PROGRAMS:
      return s.kernel.sources[s.programs[indexOf(object)]!.source]!.name;
    case ATTACHMENTS:
      return attachmentKind(s, indexOf(object));
    default:
      return 'map';
  }
}

function attachmentKind(s: KernelState, attachment: number): string {
  const { exclusive, layer } = s.kernel.hooks[s.attachments[attachment]!.hook]!;
  if (layer !== undefined && layer !== 'filters') return isLink(s, attachment) ? 'link' : 'attachment';
  return exclusive ? 'link' : 'filter';
}
