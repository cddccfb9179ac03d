/** What the APIs for attaching programs consist of, each tried by doing it. */
import { progAttach, progDetach } from '../bpf/attachments.js';
import {
  XDP_PROGRAM,
  dispatcherFunctions,
  loadDispatcher,
  loadExtension,
  loadWatcher,
} from '../bpf/dispatcher.js';
import { programInfo } from '../bpf/info.js';
import { code } from '../bpf/instructions.js';
import { linkCreate, linkDetach, linkUpdateExpecting } from '../bpf/links.js';
import { createProgArray, setSlot } from '../bpf/maps.js';
import { ATTACH_FLAG, XDP_FLAG, type AttachType, type ProgType } from '../bpf/numbers.js';
import { getPinned, pin, pinBelow } from '../bpf/pins.js';
import { progLoad, progTestRun } from '../bpf/programs.js';
import { progQuery } from '../bpf/query.js';
import { OPEN_FLAG, closeFd, openPath } from '../channel/files.js';
import type { KernelProcess } from '../channel/process.js';
import { addFilter, addQdisc } from '../netlink/traffic-control.js';
import { NO_PROGRAM, setXdp } from '../netlink/xdp.js';
import { BPFFS } from '../sandbox/bpffs.js';
import { sendFd } from '../sandbox/messages.js';
import { NETWORK_FD } from '../sandbox/network.js';
import { StepFailedError, expected, step, type Trial, type Trying } from './probe.js';

async function load(
  process: KernelProcess,
  type: ProgType,
  expectedAttachType?: AttachType,
  returns = 0,
): Promise<number> {
  const program = {
    type,
    instructions: code.return(returns),
    ...(expectedAttachType && { expectedAttachType }),
  };
  return step(`PROG_LOAD of type ${type}`, await progLoad(process, program));
}

async function link(
  process: KernelProcess,
  program: number,
  target: number,
  attachType: AttachType,
  rest: { flags?: number; relative?: number; expectedRevision?: number } = {},
): Promise<number> {
  return step('LINK_CREATE', await linkCreate(process, { program, target, attachType, ...rest }));
}

async function openGroup({ sandbox, process }: Trial): Promise<number> {
  if (!sandbox.groups) throw new StepFailedError('no cgroup2 hierarchy is mounted');
  return step('opening a control group', await sandbox.groups.openIn(process, 0, 1010));
}

/** A program, and a dispatcher with one placeholder that gives 2. */
async function extension(
  process: KernelProcess,
): Promise<{ target: number; replacement: number; place: number }> {
  const target = step('PROG_LOAD with BTF', await loadDispatcher(process, XDP_PROGRAM, [2]));
  const [place] = dispatcherFunctions(XDP_PROGRAM, 1).placeholders;
  const loading = { kind: XDP_PROGRAM, target, function: place!, returns: 7 };
  const { result, log } = await loadExtension(process, loading);
  const remark = result.ok || log !== '' ? log : ', before the verifier began';
  return { target, replacement: step(`PROG_LOAD of type ext${remark}`, result), place: place! };
}

export const FEATURES: readonly Trying[] = [
  {
    name: 'xdp link, driver mode',
    try: async ({ process, veth }) => {
      await link(process, await load(process, 'xdp', 'xdp'), veth, 'xdp', { flags: XDP_FLAG.drv });
    },
  },
  {
    name: 'xdp link, generic mode',
    try: async ({ process, veth }) => {
      await link(process, await load(process, 'xdp', 'xdp'), veth, 'xdp', { flags: XDP_FLAG.skb });
    },
  },
  {
    name: 'LINK_UPDATE with the expected program',
    try: async ({ process, veth }) => {
      const [one, two] = [await load(process, 'xdp', 'xdp'), await load(process, 'xdp', 'xdp')];
      const made = await link(process, one, veth, 'xdp');
      step('LINK_UPDATE', await linkUpdateExpecting(process, made, two, one));
    },
  },
  {
    name: 'LINK_DETACH',
    try: async ({ process, veth }) => {
      const made = await link(process, await load(process, 'xdp', 'xdp'), veth, 'xdp');
      step('LINK_DETACH', await linkDetach(process, made));
    },
  },
  {
    name: 'xdp by netlink, with the expected program',
    try: async ({ process, veth }) => {
      const program = await load(process, 'xdp', 'xdp');
      const flags = XDP_FLAG.replace;
      step('set', await setXdp(process, { device: veth, program, flags, expected: NO_PROGRAM }));
      step('clear', await setXdp(process, { device: veth, program: NO_PROGRAM, flags, expected: program }));
    },
  },
  {
    name: 'tcx link',
    try: async ({ process, veth }) => {
      await link(process, await load(process, 'schedCls'), veth, 'tcxIngress');
    },
  },
  {
    name: 'tcx PROG_ATTACH',
    try: async ({ process, veth }) => {
      const hook = {
        target: veth,
        program: await load(process, 'schedCls'),
        attachType: 'tcxEgress',
      } as const;
      step('PROG_ATTACH', await progAttach(process, hook));
      step('PROG_DETACH', await progDetach(process, hook));
    },
  },
  {
    name: 'clsact and cls_bpf',
    try: async ({ process, veth }) => {
      const program = await load(process, 'schedCls');
      const place = { device: veth, direction: 'ingress', priority: 1, handle: 1 } as const;
      step('clsact', await addQdisc(process, veth));
      step('filter', await addFilter(process, place, program, 'create'));
    },
  },
  {
    name: 'freplace',
    try: async ({ process }) => {
      const { target, replacement, place } = await extension(process);
      const made = step(
        'LINK_CREATE',
        await linkCreate(process, { program: replacement, target, targetFunction: place }),
      );
      expected('PROG_TEST_RUN', step('PROG_TEST_RUN', await progTestRun(process, target)), 7);
      await closeFd(process, made);
      expected('PROG_TEST_RUN', step('PROG_TEST_RUN', await progTestRun(process, target)), 2);
    },
  },
  {
    name: 'freplace to another target than at load',
    try: async ({ process }) => {
      const { replacement, place } = await extension(process);
      const other = step('PROG_LOAD with BTF', await loadDispatcher(process, XDP_PROGRAM, [3]));
      step(
        'LINK_CREATE',
        await linkCreate(process, { program: replacement, target: other, targetFunction: place }),
      );
      expected('PROG_TEST_RUN', step('PROG_TEST_RUN', await progTestRun(process, other)), 7);
    },
  },
  {
    name: 'fentry on a program',
    try: async ({ process }) => {
      const target = step('PROG_LOAD with BTF', await loadDispatcher(process, XDP_PROGRAM, [2]));
      const [place] = dispatcherFunctions(XDP_PROGRAM, 1).placeholders;
      const watcher = await loadWatcher(process, 'traceFentry', { fd: target, function: place! });
      const program = step('PROG_LOAD of type tracing', watcher);
      step('LINK_CREATE', await linkCreate(process, { program, target: 0, attachType: 'traceFentry' }));
    },
  },
  {
    name: 'prog_array',
    try: async ({ process }) => {
      const map = step('MAP_CREATE', await createProgArray(process, 2));
      const callee = await load(process, 'xdp', 'xdp', 5);
      step('MAP_UPDATE_ELEM', await setSlot(process, map, 1, callee));
      const instructions = Buffer.concat([code.tailCall(map, 1), code.return(2)]);
      const caller = await progLoad(process, { type: 'xdp', expectedAttachType: 'xdp', instructions });
      const ran = await progTestRun(process, step('PROG_LOAD with a tail call', caller));
      expected('PROG_TEST_RUN', step('PROG_TEST_RUN', ran), 5);
    },
  },
  {
    name: 'cgroup link',
    try: async (trial) => {
      const program = await load(trial.process, 'cgroupSkb', 'cgroupInetEgress', 1);
      await link(trial.process, program, await openGroup(trial), 'cgroupInetEgress');
    },
  },
  {
    name: 'cgroup order and revision',
    try: async (trial) => {
      const { process } = trial;
      const group = await openGroup(trial);
      const hook = 'cgroupInetEgress';
      const one = await load(process, 'cgroupSkb', hook, 1);
      const two = await load(process, 'cgroupSkb', hook, 1);
      const first = await link(process, one, group, hook);
      const before = { flags: ATTACH_FLAG.before | ATTACH_FLAG.link, relative: first, expectedRevision: 2 };
      await link(process, two, group, hook, before);
      const { attached, revision } = step('PROG_QUERY', await progQuery(process, group, hook));
      const { id } = step('OBJ_GET_INFO', await programInfo(process, two));
      expected('whether the link stands before the other', attached[0]?.program === id, true);
      expected('the revision', revision, 3);
    },
  },
  {
    name: 'flow_dissector link',
    try: async ({ process }) => {
      await link(process, await load(process, 'flowDissector', 'flowDissector'), NETWORK_FD, 'flowDissector');
    },
  },
  {
    name: 'flow_dissector PROG_ATTACH',
    try: async ({ process }) => {
      const program = await load(process, 'flowDissector', 'flowDissector');
      step('PROG_ATTACH', await progAttach(process, { target: 0, program, attachType: 'flowDissector' }));
    },
  },
  {
    name: 'sk_lookup link',
    try: async ({ process }) => {
      await link(process, await load(process, 'skLookup', 'skLookup', 1), NETWORK_FD, 'skLookup');
    },
  },
  {
    name: 'pins',
    try: async ({ process }) => {
      step('OBJ_PIN', await pin(process, await load(process, 'xdp', 'xdp'), `${BPFFS}/probe`));
      step('OBJ_GET', await getPinned(process, `${BPFFS}/probe`));
    },
  },
  {
    name: 'pins by directory and name',
    try: async ({ process }) => {
      const program = await load(process, 'xdp', 'xdp');
      const directory = step('open', await openPath(process, BPFFS, OPEN_FLAG.directory | OPEN_FLAG.path));
      step('OBJ_PIN with path_fd', await pinBelow(process, program, directory, 'probe'));
      step('OBJ_GET', await getPinned(process, `${BPFFS}/probe`));
    },
  },
  {
    name: 'sending a descriptor',
    try: async ({ sandbox, process }) => {
      const other = await sandbox.start();
      step('SCM_RIGHTS', await sendFd(process, await load(process, 'xdp', 'xdp'), other));
    },
  },
  {
    name: 'moving a device to another network namespace',
    try: async ({ sandbox }) => {
      if (!sandbox.otherNetwork) throw new StepFailedError('the sandbox has one network namespace only');
      step('RTM_SETLINK', await sandbox.devices.moveAway(0));
    },
  },
];
