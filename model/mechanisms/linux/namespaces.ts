/**
 * Hooks of network namespaces: one flow dissector, and a list of programs that look up sockets.
 *
 * Modelled: PROG_ATTACH and PROG_DETACH of a flow dissector, which know only the namespace of the caller; LINK_CREATE of both in
 * any namespace; which of them goes before which; and a second network namespace that is deleted: the kernel drops the last
 * reference to it a moment later, from which on links into it cannot be updated, and tears it down later still. Left out: the rule that a flow dissector in the initial
 * namespace and in others exclude each other, PROG_ATTACH of sk_lookup, which is always EINVAL, and the limit of 64 sk_lookup links.
 * Source: kernel/bpf/net_namespace.c, net/core/flow_dissector.c; each errno seen on Linux 6.18.
 */
import { domain, guard, operation, possible, roomFor, type Operation } from '../../machine/index.js';
import { NONE } from '../../state/index.js';
import { occupant, programAt } from '../../kernel/attachments.js';
import { programBehind } from '../../kernel/descriptors.js';
import { detach, isLink, programObject } from '../../kernel/lifetime.js';
import { entriesAt, entryAt } from '../../kernel/lists.js';
import { TEARDOWN, hookIn, type KernelModel, type KernelState } from '../../kernel/model.js';
import { attachmentsBound, isProgram, makeLink, roomAt, setAt } from '../attaching.js';
import { actorIsAlive, fdIsFree, fdIsOpen } from '../processes.js';
import { removeDevice } from './devices.js';
import { insertLink } from './entries.js';
import type { LinuxFeature } from './kernel.js';
import { programTypes } from './program-types.js';

export function namespaces(k: KernelModel, features: ReadonlySet<LinuxFeature>): Operation<KernelState>[] {
  const hasHooks = features.has('namespace');
  return [
    ...(hasHooks ? flowDissector(k) : []),
    ...(hasHooks && features.has('links') ? links(k) : []),
    ...(hasHooks ? observe(k) : []),
    ...comeAndGo(k),
  ];
}

const PRESENT = TEARDOWN.indexOf('present');
const REMOVED = TEARDOWN.indexOf('removed');
const LEAVING = TEARDOWN.indexOf('leaving');
const GONE = TEARDOWN.indexOf('gone');

function hooksOf({ hooks, domains }: KernelModel, layer: 'flow_dissector' | 'sk_lookup'): number[] {
  return domains.namespace.values.map((of) => hookIn(hooks, of, layer));
}

/** Calls that name no namespace are about that of the processes, the first. */
function flowDissector(k: KernelModel): Operation<KernelState>[] {
  const hook = hooksOf(k, 'flow_dissector')[0]!;
  const params = { actor: k.domains.process, program: k.domains.fd };
  const isDissector = [fdIsOpen, isProgram(), programTypes(k).isOfType('flow_dissector')];
  const hasNoLink = (s: KernelState): boolean => {
    const present = occupant(s, hook, NONE);
    return present === NONE || !isLink(s, present);
  };
  return [
    operation({
      verb: 'flow_dissector_attach',
      deed: 'attach',
      layer: 'flow_dissector',
      summary: 'sets the flow dissector of the own network namespace, whatever was set there before',
      params,
      possible: [actorIsAlive, roomFor('attachments', (s) => roomAt(s, hook, NONE))],
      guards: [
        ...isDissector,
        guard(
          'namespace-has-no-link',
          'EEXIST',
          hasNoLink,
          'kernel/bpf/net_namespace.c, netns_bpf_prog_attach',
        ),
        guard(
          'program-is-another',
          'EINVAL',
          (s, actor, fd) => programAt(s, hook, NONE) !== programBehind(s, actor, fd),
          'kernel/bpf/net_namespace.c, netns_bpf_prog_attach: the same program cannot be attached twice',
        ),
      ],
      effect: (s, actor, fd) => {
        setAt(s, actor, programBehind(s, actor, fd), hook, NONE);
      },
    }),
    operation({
      verb: 'flow_dissector_detach',
      deed: 'detach',
      layer: 'flow_dissector',
      summary: 'takes a flow dissector off the own network namespace, whoever set it',
      params,
      possible: [actorIsAlive],
      guards: [
        ...isDissector,
        guard(
          'namespace-has-no-link',
          'EINVAL',
          hasNoLink,
          'kernel/bpf/net_namespace.c, __netns_bpf_prog_detach: progs attached via links cannot be detached',
        ),
        guard(
          'program-is-attached',
          'ENOENT',
          (s, actor, fd) => programAt(s, hook, NONE) === programBehind(s, actor, fd),
          'kernel/bpf/net_namespace.c, __netns_bpf_prog_detach',
        ),
      ],
      effect: (s) => {
        detach(s, occupant(s, hook, NONE));
      },
    }),
  ];
}

/** LINK_CREATE with a descriptor of a network namespace. */
function links(k: KernelModel): Operation<KernelState>[] {
  const { process, fd, namespace } = k.domains;
  const [dissectors, lookups] = [hooksOf(k, 'flow_dissector'), hooksOf(k, 'sk_lookup')];
  const types = programTypes(k);
  const params = { actor: process, program: fd, namespace };
  const isThere = possible<KernelState>('namespace-is-there', (s, _actor, _fd, namespace) => {
    return s.namespaces[namespace]!.teardown === PRESENT;
  });
  const source = 'kernel/bpf/net_namespace.c, netns_bpf_link_attach';
  const present = (s: KernelState, namespace: number): number => occupant(s, dissectors[namespace]!, NONE);
  return [
    operation({
      verb: 'flow_dissector_link',
      deed: 'attach',
      layer: 'flow_dissector',
      summary: 'attaches the flow dissector of a network namespace that has none, by a link',
      params,
      possible: [actorIsAlive, isThere, attachmentsBound],
      guards: [
        fdIsOpen,
        isProgram(),
        ...types.fitsLink('flow_dissector'),
        fdIsFree,
        guard(
          'namespace-has-no-link',
          'E2BIG',
          (s, _actor, _fd, namespace) => present(s, namespace) === NONE || !isLink(s, present(s, namespace)),
          `${source}: one link at most`,
        ),
        guard(
          'namespace-has-no-program',
          'EEXIST',
          (s, _actor, _fd, namespace) => present(s, namespace) === NONE,
          `${source}: links are not compatible with attaching via PROG_ATTACH`,
        ),
      ],
      effect: (s, actor, fd, namespace) =>
        makeLink(s, actor, programBehind(s, actor, fd), dissectors[namespace]!, NONE),
      returns: { domain: fd, owner: 'actor' },
    }),
    operation({
      verb: 'sk_lookup_link',
      deed: 'attach',
      layer: 'sk_lookup',
      summary:
        'attaches a program that looks up sockets to a network namespace, behind the others, by a link',
      params,
      possible: [actorIsAlive, isThere, attachmentsBound],
      guards: [fdIsOpen, isProgram(), ...types.fitsLink('sk_lookup'), fdIsFree],
      effect: (s, actor, fd, namespace) => {
        const hook = lookups[namespace]!;
        return insertLink(s, actor, programBehind(s, actor, fd), hook, entriesAt(s, hook));
      },
      returns: { domain: fd, owner: 'actor' },
    }),
  ];
}

function observe(k: KernelModel): Operation<KernelState>[] {
  const { namespace } = k.domains;
  const [dissectors, lookups] = [hooksOf(k, 'flow_dissector'), hooksOf(k, 'sk_lookup')];
  const atHook = (s: KernelState, hook: number): number[] =>
    Array.from({ length: entriesAt(s, hook) }, (_, rank) => entryAt(s, hook, rank)).map((entry) =>
      programObject(s.attachments[entry]!.program),
    );
  const isThere = possible(
    'namespace-can-be-entered',
    (s: KernelState, namespace) => s.namespaces[namespace]!.teardown === PRESENT,
  );
  return [
    operation({
      verb: 'dissect',
      summary: 'a packet is dissected in a network namespace: the program that does it',
      params: { namespace },
      possible: [isThere],
      observe: (s, namespace) => atHook(s, dissectors[namespace]!),
      reads: ['programs', 'attachments'],
    }),
    operation({
      verb: 'lookup',
      summary: 'a socket is looked up in a network namespace: the programs that are asked, in order',
      params: { namespace },
      possible: [isThere],
      observe: (s, namespace) => atHook(s, lookups[namespace]!),
      reads: ['programs', 'attachments'],
    }),
  ];
}

/** The network namespaces that none of the processes is in. Nobody calls for them to go: what is in them comes to its end. */
function comeAndGo(k: KernelModel): Operation<KernelState>[] {
  const others = domain('other namespace', k.domains.namespace.values.slice(1));
  const params = { namespace: others };
  const teardown = (s: KernelState, other: number): number => s.namespaces[other + 1]!.teardown;
  return [
    operation({
      verb: 'namespace_delete',
      summary: 'nothing refers to a network namespace any more; the kernel notices and tears it down later',
      params,
      possible: [possible('namespace-is-there', (s, other) => teardown(s, other) === PRESENT)],
      effect: (s, other) => {
        s.namespaces[other + 1]!.teardown = REMOVED;
      },
    }),
    operation({
      verb: 'namespace_create',
      summary: 'a network namespace is made under the name of one that is gone',
      params,
      possible: [possible('namespace-is-gone', (s, other) => teardown(s, other) === GONE)],
      effect: (s, other) => {
        s.namespaces[other + 1]!.teardown = PRESENT;
      },
    }),
    operation({
      verb: 'namespace_release',
      summary:
        'the kernel drops the last reference to a network namespace: its links cannot be updated any more',
      params,
      spontaneous: true,
      possible: [possible('namespace-is-removed', (s, other) => teardown(s, other) === REMOVED)],
      effect: (s, other) => {
        s.namespaces[other + 1]!.teardown = LEAVING;
      },
    }),
    operation({
      verb: 'namespace_teardown',
      summary:
        'the kernel tears a network namespace down: links are defunct, programs let go, devices deleted',
      params: { namespace: others },
      spontaneous: true,
      possible: [possible('namespace-is-leaving', (s, other) => teardown(s, other) === LEAVING)],
      effect: (s, other) => {
        tearDown(k, s, other + 1);
      },
    }),
  ];
}

/** Source: net/core/net_namespace.c, cleanup_net; kernel/bpf/net_namespace.c, netns_bpf_pernet_pre_exit. */
function tearDown(k: KernelModel, s: KernelState, namespace: number): void {
  const name = k.domains.namespace.values[namespace]!;
  for (let i = 0; i < s.attachments.length; i++) {
    const { attached, hook } = s.attachments[i]!;
    if (attached && s.kernel.hooks[hook]!.of === name) detach(s, i);
  }
  for (let device = 0; device < s.devices.length; device++) {
    if (s.devices[device]!.moved) removeDevice(k, s, device);
  }
  s.namespaces[namespace]!.teardown = GONE;
}
