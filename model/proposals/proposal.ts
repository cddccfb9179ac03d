/** A proposal: the design of an attach API, as a model that can be built within any bounds. */
import { deedOf, Machine, type MachineDefinition, type Operation, type Switches } from '../machine/index.js';
import { NONE } from '../state/index.js';
import { objectBehind } from '../kernel/descriptors.js';
import { isWorkPending } from '../kernel/deferred.js';
import { facts, kindName, sight } from '../kernel/facts.js';
import { attachmentObject, isLive } from '../kernel/lifetime.js';
import {
  kernelModel,
  revisedHooks,
  type Bounds,
  type KernelFacts,
  type KernelModel,
  type KernelOptions,
  type KernelState,
} from '../kernel/model.js';
import type { Lowering } from './lowering.js';

export interface Proposal {
  /** In kebab-case; what commands and cases call it. */
  readonly name: string;
  /** One line. */
  readonly title: string;
  /** Where the design was proposed: mails, commits. */
  readonly sources: readonly string[];
  /** What is modelled. */
  readonly models: string;
  /** What is left out, and what was filled in where the source says nothing. */
  readonly leavesOut: string;
  readonly kernel: KernelOptions;
  /** The bounds it is searched within unless others are asked for. */
  readonly bounds: Bounds;
  /** How many states a check looks at unless told otherwise, where the space within the bounds is too large to be closed. */
  readonly reach?: number;
  /** The proposal that it differs from in one thing; such a one is looked at only where it is named. */
  readonly variantOf?: string;
  readonly operations: (kernel: KernelModel) => readonly Operation<KernelState>[];
  /** How it says what its operations' names do not give away; see `lowering.ts`. */
  readonly scenario?: Lowering;
  /** Claims that this design is known not to keep, each with the reason. A violation of them is no failure. */
  readonly expected?: Readonly<Record<string, string>>;
  /**
   * Why it has checks, or references that hold, that no claim needs: by `operation/guard`, by `guard` for all operations that
   * have it, or by `hold:path`, as they are switched off. `holdfast guards` asks for it.
   */
  readonly unneeded?: Readonly<Record<string, string>>;
}

/** Says a proposal; the same object comes back. It is there so that editors and compilers know what is meant. */
export function defineProposal(proposal: Proposal): Proposal {
  return proposal;
}

/** The definition of a proposal's machine within bounds; what is not given is the proposal's own. */
export function definitionOf(
  proposal: Proposal,
  bounds: Partial<Bounds> = {},
): MachineDefinition<KernelState> {
  const kernel = kernelModel(proposal.kernel, { ...proposal.bounds, ...bounds });
  return {
    name: proposal.name,
    tags: tagsOf(proposal, kernel),
    schema: kernel.schema,
    operations: proposal.operations(kernel),
    initial(s) {
      for (const process of s.processes) process.live = true;
      for (let device = 0; device < s.ingressQueues.length; device++) s.ingressQueues.set(device, true);
    },
    prepare(memory, counts) {
      const isHeld = memory.holderTest(counts);
      const isUsed = memory.holderTest(
        (path) => counts(path) && ['processes.fds', 'pins', 'upperPins'].includes(path),
      );
      const links = kernel.hooks.map(({ keptBy }) => (keptBy === 'either' ? undefined : keptBy === 'link'));
      const common: KernelFacts = {
        hooks: kernel.hooks,
        links,
        allLinks: links.every((is) => is === links[0]) ? links[0] : undefined,
        sources: kernel.options.sources,
        linux: kernel.options.linux ?? {},
        devices: kernel.devices,
        probes: kernel.probes,
        revised: revisedHooks(kernel.hooks, kernel.options.linux),
        isHeld: isHeld as unknown as KernelFacts['isHeld'],
        isUsed: isUsed as unknown as KernelFacts['isUsed'],
      };
      for (const view of [memory.after, memory.before]) Object.assign(view, { kernel: common });
    },
    settled: (s) => s.processes.every((process) => !process.live) && !isWorkPending(s),
    facts,
    sight,
    kindOf: kindName,
    isLive,
    objectBehind(s, domain, owner, value) {
      if (domain === kernel.domains.filterHandle.name) return NONE;
      return domain === 'handle' ? attachmentObject(value) : objectBehind(s, owner, value);
    },
  };
}

/**
 * What a claim can ask for: the proposal's name, `has:device`, `has:subprogram`, … for each kind of hook, `list` where a hook
 * takes several programs, `has:subprogram-and-slot` where both are there, `linux:savedKinds`, … for each part that the state of a
 * Linux has, `kept-by:hook` and `kept-by:link`, `verb:attach`, … for each verb, and `takes:device`, … for each
 * parameter of an operation.
 */
function tagsOf(proposal: Proposal, kernel: KernelModel): string[] {
  return [
    ...new Set([
      proposal.name,
      ...kernel.hooks.flatMap((hook) => [
        `has:${hook.kind}`,
        `kept-by:${hook.keptBy}`,
        hook.exclusive ? 'exclusive' : 'list',
      ]),
      ...(proposal.kernel.linux?.listLimit === undefined ? [] : ['limited-list']),
      ...(kernel.subprograms.length > 0 && kernel.slots.length > 0 ? ['has:subprogram-and-slot'] : []),
      ...Object.entries(kernel.options.linux ?? {}).flatMap(([part, has]) => (has ? [`linux:${part}`] : [])),
      ...proposal
        .operations(kernel)
        .flatMap((op) => [`verb:${deedOf(op)}`, ...Object.keys(op.params).map((name) => `takes:${name}`)]),
    ]),
  ];
}

/** A machine that runs a proposal within bounds, with some of its rules switched off if asked for. */
export function machineOf(
  proposal: Proposal,
  bounds: Partial<Bounds> = {},
  switches?: Switches,
): Machine<KernelState> {
  return new Machine(definitionOf(proposal, bounds), switches);
}
