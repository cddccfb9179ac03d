import {
  KEPT,
  SILENT,
  broken,
  deedOf,
  defineProperty,
  type Judgement,
  type Step,
} from '../checker/property.js';
import { isOpen, linkBehind, mapBehind, programBehind } from '../model/kernel/descriptors.js';
import type { KernelState } from '../model/kernel/model.js';
import { names } from '../model/kernel/mounts.js';
import { NONE } from '../model/state/index.js';
import { who } from './words.js';

/** Something that an argument names: what it is called, and whether it is there for an actor. */
interface Named {
  readonly what: string;
  readonly isThere: (s: KernelState, actor: number, value: number) => boolean;
}

const DESCRIPTOR: Named = { what: 'descriptor', isThere: isOpen };
const PROGRAM: Named = { what: 'program', isThere: (s, actor, fd) => programBehind(s, actor, fd) !== NONE };
const MAP: Named = { what: 'map', isThere: (s, actor, fd) => mapBehind(s, actor, fd) !== NONE };
const PIN: Named = { what: 'pin', isThere: (s, _actor, path) => names(s).get(path) !== NONE };
const FILTER: Named = { what: 'filter', isThere: (s, _actor, handle) => s.attachments[handle]!.attached };
const LINK: Named = { what: 'link', isThere: (s, actor, fd) => linkBehind(s, actor, fd) !== NONE };
const LINK_ID: Named = { what: 'link', isThere: (s, _actor, id) => s.attachments[id]!.live };
const PROGRAM_ID: Named = { what: 'program', isThere: (s, _actor, id) => s.programs[id]!.live };
const DEVICE: Named = {
  what: 'device',
  isThere: (s, _actor, device) => !s.devices[device]!.gone && !s.devices[device]!.moved,
};
const QDISC: Named = { what: 'qdisc', isThere: (s, _actor, device) => s.containers.get(device) };

/** Parameters that take a descriptor of one kind of object. */
const OF_DESCRIPTORS: Readonly<Record<string, Named>> = {
  program: PROGRAM,
  target: PROGRAM,
  previous: PROGRAM,
  expected: PROGRAM,
  map: MAP,
  link: LINK,
};

/** What a call makes under a name it does not ask for; see taken-name-is-refused. */
const MAKES: Readonly<Record<string, string>> = {
  pin: 'path',
  rename: 'to',
  create_qdisc: 'device',
  replace_qdisc: 'device',
  create_device: 'device',
};

type Operation = Step<KernelState>['operation'];

/** Calls about a device itself. Others are about what is in it: in its qdisc, unless they say that it is another of its hooks. */
const OF_THE_DEVICE = ['delete_device', 'move_device'];

function namedBy(operation: Operation, parameter: string, domain: string): Named | undefined {
  const deed = deedOf(operation);
  if (MAKES[deed] === parameter) return undefined;
  switch (domain) {
    case 'fd':
      return OF_DESCRIPTORS[parameter] ?? DESCRIPTOR;
    case 'path':
      return PIN;
    case 'link id':
      return LINK_ID;
    case 'program id':
      return PROGRAM_ID;
    case 'handle':
      return FILTER;
    case 'device': {
      const { layer = 'filters' } = operation;
      return layer !== 'filters' || OF_THE_DEVICE.includes(deed) ? DEVICE : QDISC;
    }
    default:
      return undefined;
  }
}

/** An argument that names something, by its place among the arguments. */
interface NamingArgument {
  readonly place: number;
  readonly named: Named;
}

/** For each operation, which arguments name something; worked out once. */
const known = new WeakMap<Operation, readonly NamingArgument[]>();

/** The operation that was asked about last: many calls of one are asked about, one after the other. */
let latest: Operation | undefined;
let namingInLatest: readonly NamingArgument[] = [];

function namingArguments(operation: Operation): readonly NamingArgument[] {
  if (operation === latest) return namingInLatest;
  latest = operation;
  namingInLatest = known.get(operation) ?? workOut(operation);
  return namingInLatest;
}

function workOut(operation: Operation): readonly NamingArgument[] {
  const naming = Object.entries(operation.params).flatMap(([parameter, { name }], place) => {
    const named = namedBy(operation, parameter, name);
    return named ? [{ place, named }] : [];
  });
  known.set(operation, naming);
  return naming;
}

export const namedObjectIsThere = defineProperty<KernelState>({
  name: 'named-object-is-there',
  kind: 'step',
  claim:
    'A call succeeds only if what it names is there, and is what the call takes it for: an open descriptor, a program, a pin, a filter.',
  source:
    'bpf(2), EBADF, EINVAL, ENOENT; kernel/bpf/syscall.c, bpf_prog_get and __bpf_map_get; kernel/bpf/inode.c; net/sched/cls_api.c, "Parent Qdisc doesn\'t exists"',
  situation: 'a call that names a descriptor, a path, an id, a handle, a device or a qdisc succeeds',
  speaksAbout: 'all',
  speaksOf: (operation) => namingArguments(operation).length > 0,
  check({ before, actor, operation, args }) {
    let judgement: Judgement = SILENT;
    for (const { place, named } of namingArguments(operation)) {
      const value = args[place]!;
      // `none` is given where nothing is named.
      if (value === NONE) continue;
      if (named === QDISC && before.containers.length === 0) continue;
      if (named === DEVICE && before.devices.length === 0) continue;
      if (!named.isThere(before, actor, value)) {
        return broken(
          `${operation.verb} succeeded for ${who(actor)}, and the ${named.what} it names was not there`,
        );
      }
      judgement = KEPT;
    }
    return judgement;
  },
});
