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

/** For each operation, what its arguments name; worked out once. */
const known = new WeakMap<Operation, readonly (Named | undefined)[]>();

/** The operation that was asked about last: many calls of one are asked about, one after the other. */
let latest: Operation | undefined;
let namedInLatest: readonly (Named | undefined)[] = [];

function namedIn(operation: Operation): readonly (Named | undefined)[] {
  if (operation === latest) return namedInLatest;
  latest = operation;
  namedInLatest = known.get(operation) ?? workOut(operation);
  return namedInLatest;
}

function workOut(operation: Operation): readonly (Named | undefined)[] {
  const named = Object.entries(operation.params).map(([parameter, { name }]) =>
    namedBy(operation, parameter, name),
  );
  known.set(operation, named);
  return named;
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
  check({ before, actor, operation, args }) {
    const named = namedIn(operation);
    let judgement: Judgement = SILENT;
    for (let i = 0; i < named.length; i++) {
      const one = named[i];
      // `none` is given where nothing is named.
      if (one === undefined || args[i] === NONE) continue;
      if (one === QDISC && before.containers.length === 0) continue;
      if (one === DEVICE && before.devices.length === 0) continue;
      if (!one.isThere(before, actor, args[i]!)) {
        return broken(
          `${operation.verb} succeeded for ${who(actor)}, and the ${one.what} it names was not there`,
        );
      }
      judgement = KEPT;
    }
    return judgement;
  },
});
