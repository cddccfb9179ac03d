/**
 * What does not change while a model runs: which hooks there are, which programs can be loaded, how many of each
 * object, and which references keep what alive. A proposal describes its kernel with {@link KernelOptions}; from these
 * and the bounds comes the schema of the state and the domains of the operations' parameters.
 */
import { domain, interchangeable, issued, type Domain } from '../machine/index.js';
import { array, bool, holds, holdsIn, nat, refers, struct, table, type ValueOf } from '../state/index.js';

/** How many of each object a model has. */
export interface Bounds {
  /** Processes, alive or not. 1 … 26 */
  readonly processes: number;
  /** Descriptors a process can have open at once. */
  readonly fds: number;
  /** Programs loaded at once. */
  readonly programs: number;
  /** Attachments (links, filters, slots, edges) at once. */
  readonly attachments: number;
  /** Maps at once. */
  readonly maps: number;
  /** Paths on bpffs. */
  readonly pins: number;
  /** Network devices. */
  readonly devices: number;
}

export type BoundName = keyof Bounds;

/** The smallest value a bound may have: a machine without a process, a descriptor or a device has nothing to do. */
export const BOUND_LEAST: Bounds = {
  processes: 1,
  fds: 1,
  programs: 1,
  attachments: 1,
  maps: 0,
  pins: 0,
  devices: 1,
};

/** The largest value a bound may have. */
export const BOUND_LIMITS: Bounds = {
  processes: 26,
  fds: 32,
  programs: 32,
  attachments: 32,
  maps: 8,
  pins: 16,
  devices: 4,
};

/** A place where a program can run. */
export interface Hook {
  readonly name: string;
  /**
   * `device`: a network device's hook. `subprogram`: a placeholder of a program. `probe`: what runs before a function of a
   * program, beside it. `slot`: an entry of a prog_array. `edge`: what is called after a program returned a certain code.
   * `cgroup`: an attach type of a cgroup. `namespace`: an attach type of a network namespace. Those of programs and maps are
   * in a target.
   */
  readonly kind: 'device' | 'subprogram' | 'probe' | 'slot' | 'edge' | 'cgroup' | 'namespace';
  /** One attachment at a time, or a list. */
  readonly exclusive: boolean;
  /**
   * Who keeps the attachment: `hook`, until something is put in its place, it is removed, or the hook itself goes;
   * `link`, open fds and pins of it; `either`, each attachment says for itself.
   */
  readonly keptBy: 'hook' | 'link' | 'either';
  /** What it is a hook of, where that has several: the name of the device, cgroup or namespace. Else the hook's own name is. */
  readonly of?: string;
  /** Which of the hooks of one thing it is. */
  readonly layer?: HookLayer;
  /** Of a probe: the placeholder that it is at; without it, where the program itself begins. */
  readonly placeholder?: string;
}

/** The hooks that one device, cgroup or network namespace has on Linux. */
export type HookLayer = 'driver' | 'generic' | 'tcx' | 'filters' | 'cgroup' | 'flow_dissector' | 'sk_lookup';

/** The hooks that calls choose from by an XDP mode, in the order of the modes `drv` and `skb`. */
export const XDP_LAYERS: readonly HookLayer[] = ['driver', 'generic'];

/** What a program is before it is loaded: an object file. */
export interface ProgramSource {
  readonly name: string;
  /** An extension replaces a subprogram of another program, a tracer runs before one; neither can be attached to a device. */
  readonly kind: 'ordinary' | 'extension' | 'tracer';
  /** For an extension, the signature its BTF gives for its function. */
  readonly signature?: string;
  /** The subprograms that can be replaced, by the name of their hook, with their signatures. */
  readonly placeholders?: Readonly<Record<string, string>>;
  /** It tail-calls through a prog_array, which is given at load. */
  readonly tailCalls?: boolean;
  /** In a list of programs: `continue` passes the packet on, `final` ends it there. */
  readonly verdict?: 'continue' | 'final';
  /**
   * Program type and expected attach type, as libbpf names sections: `xdp`, `xdp/devmap`, `tc`; `xdp/any` is an XDP program that
   * was loaded without an expected attach type. Undefined where one fits all.
   */
  readonly type?: string;
}

/** How the reference from an extension, or from an attachment, to the target counts. A map is never held by what is in it. */
export type TargetReference = 'none' | 'refers' | 'holds';

export interface KernelOptions {
  readonly sources: readonly ProgramSource[];
  readonly hooks: (bounds: Bounds) => readonly Hook[];
  /** What a loaded extension remembers of the program it was loaded for. */
  readonly loadedFor: TargetReference;
  /** What an attachment remembers of the program or map it is in. */
  readonly attachedIn: TargetReference;
  /** A loaded extension keeps a copy of the signature it was verified against. */
  readonly copiesBtf?: boolean;
  /** Devices have a container (a clsact qdisc) that filters are in. */
  readonly containers?: boolean;
  /** What the state of a running Linux has besides. */
  readonly linux?: LinuxState;
}

/** Parts of the state that only models of Linux have. What is not given takes no room. */
export interface LinuxState {
  /** The last unpin of a link is carried out later, by a work item. Source: kernel/bpf/syscall.c, bpf_link_put. */
  readonly deferredUnpin?: boolean;
  /** A prog_array is emptied later, by a work item. Source: kernel/bpf/arraymap.c, prog_array_map_clear. */
  readonly deferredClear?: boolean;
  /** A prog_array belongs to the kind of program that came first. Source: kernel/bpf/core.c, bpf_prog_map_compatible. */
  readonly mapOwners?: boolean;
  /** Extensions remember the kind of the program they were loaded for. Source: Linux commit 4a1e7c0c63e0. */
  readonly savedKinds?: boolean;
  /**
   * Programs are marked when one of their functions is replaced. As `written`, the mark goes with any extension that is taken out
   * (Linux commit d6083f040d5d: a bool); `counted`, it goes with the last.
   */
  readonly extendedMark?: 'written' | 'counted' | undefined;
  /** A tracer may be traced. Source: Linux commit 19bfcdf9498a. */
  readonly tracedTracers?: boolean;
  /** The maps of a program are looked at before the target of an extension. Source: Linux commit 81f6d0530ba0. */
  readonly mapsFirst?: boolean;
  /** Devices are deleted, made anew under the same name, and moved to another network namespace. */
  readonly devicesGo?: boolean;
  /** Largest revision of a list that is looked at; 0 where lists have none. */
  readonly revisions?: number;
  /** Lists of cgroups have revisions too. Linux 6.17. */
  readonly cgroupRevisions?: boolean;
  /** The most entries that a tcx list or one of a cgroup takes; as many as the model has room for if it is not given. */
  readonly listLimit?: number;
  /** A device remembers that it once had a clsact qdisc: deleting one that is not there is refused otherwise then. */
  readonly ingressQueues?: boolean;
  /** A filter's program is let go of later than the filter. Source: net/sched/cls_bpf.c, cls_bpf_delete_prog_work. */
  readonly deferredFilters?: boolean;
  /** Names of cgroups, each but the first a child of the first. */
  readonly cgroups?: readonly string[];
  /** Names of network namespaces, the first being that of all processes. */
  readonly namespaces?: readonly string[];
  /** A second bpffs can be mounted over the first. */
  readonly mounts?: boolean;
  /** Processes can drop their capabilities. */
  readonly authority?: boolean;
  /** Priorities that a filter can be given, each with handles of its own; none if there is nothing to choose. */
  readonly priorities?: number;
}

/** What mode a cgroup's hook is in. Source: kernel/bpf/cgroup.c; BPF_F_ALLOW_OVERRIDE, BPF_F_ALLOW_MULTI. */
export const CGROUP_MODES = ['empty', 'none', 'override', 'multi'] as const;

/**
 * How far something with deferred teardown has gone: it is there; it is removed, and still works; it is on its way out (network
 * namespaces only: the last reference to it is dropped later, too), and nothing of it can be changed any more; all is torn down.
 */
export const TEARDOWN = ['present', 'removed', 'leaving', 'gone'] as const;

/** The kernel's tables in the order of their object numbers. */
export const PROGRAMS = 0;
export const ATTACHMENTS = 1;
export const MAPS = 2;

/** Object tables a file descriptor or a pin can refer to. */
const OBJECTS = ['programs', 'attachments', 'maps'] as const;

function kernelSchema(
  options: KernelOptions,
  bounds: Bounds,
  hooks: readonly Hook[],
  signatures: readonly string[],
) {
  const { linux = {} } = options;
  const inTarget = hooks.some(isInTarget);
  const keptByHook = hooks.some((hook) => hook.keptBy !== 'link');
  const flag = (is: boolean | undefined) => nat(is ? 2 : 1);
  const reference = (kind: TargetReference, ...tables: string[]) =>
    kind === 'none' ? refers() : holdsIn(kind === 'holds' ? ['programs'] : [], ...tables);
  const swappedPaths = linux.mounts ? { each: 'paths' } : ({ interchangeable: true } as const);
  return struct({
    /** Loaded programs. */
    programs: table(
      bounds.programs,
      {
        source: nat(options.sources.length),
        /** For an extension: the program it was verified against at load. */
        target: reference(options.loadedFor, 'programs'),
        /** For an extension: the hook (a placeholder) it was verified for. */
        subprogram: nat(options.loadedFor === 'none' && !options.copiesBtf ? 1 : hooks.length),
        /** For an extension: the signature copied from its target at load, plus one. */
        btf: nat(options.copiesBtf ? signatures.length + 1 : 1),
        /** For a program that tail-calls: its prog_array. */
        map: options.sources.some((source) => source.tailCalls) ? holds('maps') : refers(),
        /** The source of the program that it was verified against, plus one, for as long as it is loaded; 0 if there was none. */
        verifiedFor: nat(linux.savedKinds ? options.sources.length + 1 : 1),
        /** 1 while one of its functions is replaced, as the kernel notes it. */
        extended: flag(linux.extendedMark !== undefined),
      },
      { interchangeable: 'allocated' },
    ),
    /** Programs tied to hooks. Where the hook does not keep them, they are links. */
    attachments: table(
      bounds.attachments,
      {
        program: holds('programs'),
        hook: nat(hooks.length),
        /** The program or map whose placeholder, edge or slot this is. */
        target: inTarget ? reference(options.attachedIn, 'programs', 'maps') : refers(),
        /** False for a defunct link: the object is there, the hook is not its any more. */
        attached: bool,
        /** Who attached it, as long as that process lives. Only for attachments that the hook keeps. */
        owner: keptByHook ? refers('processes') : refers(),
        /** In a list, how many run before it. */
        rank: nat(hooks.some((hook) => !hook.exclusive) ? bounds.attachments : 1),
        /** 1 for a link, where a hook takes both. */
        link: flag(hooks.some((hook) => hook.keptBy === 'either')),
        /** 1 for a link whose last reference is gone, or a filter that was deleted, and whose release is still to come. */
        dying: flag(linux.deferredUnpin || linux.deferredFilters),
        /** Of a filter: which of the priorities it has, and its number among those of that priority. */
        priority: nat(linux.priorities || 1),
        handle: nat(linux.priorities ? bounds.attachments : 1),
      },
      { interchangeable: 'allocated' },
    ),
    maps: table(
      bounds.maps,
      {
        /** The source of the program whose kind the map takes, plus one; 0 before the first. */
        owner: nat(linux.mapOwners ? options.sources.length + 1 : 1),
        /** 1 while its slots are still to be emptied. */
        clearing: flag(linux.deferredClear),
        /** 1 once the kernel has lost count of it: it is never freed. */
        lost: flag(linux.deferredClear),
      },
      { interchangeable: 'allocated' },
    ),
    /** `live` says whether the process is alive. */
    processes: table(
      bounds.processes,
      {
        fds: array(bounds.fds, holds(...OBJECTS), { interchangeable: true }),
        /** 1 once it has dropped its capabilities. */
        unprivileged: flag(linux.authority),
      },
      { interchangeable: 'named' },
    ),
    /** What each path on bpffs refers to. */
    pins: array(bounds.pins, holds(...OBJECTS), swappedPaths),
    /** Whether each device has its container. */
    containers: array(options.containers ? bounds.devices : 0, bool),
    /** The devices, where they go. */
    devices: array(
      linux.devicesGo ? bounds.devices : 0,
      struct({
        /** Deleted. */ gone: bool,
        /** In another network namespace than the processes. */ moved: bool,
      }),
    ),
    /** Whether each device ever had its container. Those that are there at the beginning had. */
    ingressQueues: array(linux.ingressQueues ? bounds.devices : 0, bool),
    /** The revision of each list that has one, less one, in the order of {@link KernelFacts.revised}. */
    revisions: array(revisedHooks(hooks, linux).length, nat(Math.max(1, linux.revisions ?? 0))),
    cgroups: array(
      linux.cgroups?.length ?? 0,
      struct({
        /** An index into {@link CGROUP_MODES}. */
        mode: nat(CGROUP_MODES.length),
        /** An index into {@link TEARDOWN}. */
        teardown: nat(TEARDOWN.length),
      }),
    ),
    namespaces: array(
      linux.namespaces?.length ?? 0,
      struct({ /** An index into {@link TEARDOWN}. */ teardown: nat(TEARDOWN.length) }),
    ),
    /** What each path refers to on the bpffs that is mounted over the first. */
    upperPins: array(linux.mounts ? bounds.pins : 0, holds(...OBJECTS), linux.mounts ? swappedPaths : {}),
    /** 1 while a second bpffs hides the first. */
    overmounted: flag(linux.mounts),
  });
}

/** Whether a hook is in a program or a map, and not in a device, cgroup or network namespace. */
export function isInTarget({ kind }: Hook): boolean {
  return kind !== 'device' && kind !== 'cgroup' && kind !== 'namespace';
}

/** The hooks whose lists have a revision: first the tcx lists, in the order of the devices, then those of the cgroups. */
export function revisedHooks(hooks: readonly Hook[], linux: LinuxState = {}): number[] {
  if (!linux.revisions) return [];
  const ofLayer = (layer: HookLayer): number[] => indices(hooks, (hook) => hook.layer === layer);
  return [...ofLayer('tcx'), ...(linux.cgroupRevisions ? ofLayer('cgroup') : [])];
}

export type KernelSchema = ReturnType<typeof kernelSchema>;

/** What rules and claims can ask besides the state itself. */
export interface KernelFacts {
  readonly hooks: readonly Hook[];
  readonly sources: readonly ProgramSource[];
  readonly linux: LinuxState;
  /** For each hook, whether what is attached there is a link; undefined where each attachment says for itself. */
  readonly links: readonly (boolean | undefined)[];
  /** The same where it is the same for all hooks; else undefined. */
  readonly allLinks: boolean | undefined;
  /** See {@link KernelModel.devices}. */
  readonly devices: readonly number[];
  /** See {@link KernelModel.probes}. */
  readonly probes: readonly number[];
  /** The hooks whose lists have a revision, in the order of the state's `revisions`. */
  readonly revised: readonly number[];
  /** Any reference that holds the object: an fd, a pin, another object. */
  isHeld(state: KernelState, object: number): boolean;
  /** A reference that somebody can use: an fd or a pin. */
  isUsed(state: KernelState, object: number): boolean;
}

/** The state of a modelled kernel, through named fields. */
export type KernelState = ValueOf<KernelSchema> & { readonly kernel: KernelFacts };

/** The domains of parameters, for mechanisms to build operations from. */
export interface KernelDomains {
  readonly process: Domain;
  readonly fd: Domain;
  readonly device: Domain;
  readonly path: Domain;
  /** All placeholders by name; a value is an index into {@link KernelModel.subprograms}. */
  readonly subprogram: Domain;
  readonly slot: Domain;
  readonly edge: Domain;
  readonly cgroup: Domain;
  readonly namespace: Domain;
  /** Priorities of filters. */
  readonly priority: Domain;
  /** Revisions of lists, as `r1`, `r2`, … */
  readonly revision: Domain;
  /** Ids of links, each the number of its place, as `link#1`: what GET_FD_BY_ID takes. */
  readonly linkId: Domain;
  /** Ids of programs. */
  readonly programId: Domain;
  /** Ids of maps. */
  readonly mapId: Domain;
  /** The functions of programs that can be traced; an index into {@link KernelModel.probes}. */
  readonly function: Domain;
  readonly handle: Domain;
  /** Handles of filters that have priorities: a number that the caller may choose. */
  readonly filterHandle: Domain;
  /** Programs to load that are no extensions; an index into {@link KernelModel.ordinary}. */
  readonly program: Domain;
  /** Extensions to load; an index into {@link KernelModel.extensions}. */
  readonly extension: Domain;
}

/** A proposal's kernel within bounds. */
export interface KernelModel {
  readonly options: KernelOptions;
  readonly bounds: Bounds;
  readonly hooks: readonly Hook[];
  readonly schema: KernelSchema;
  readonly domains: KernelDomains;
  /** Indices into {@link hooks}, one list for each kind; of a device that has several, its first. */
  readonly devices: readonly number[];
  readonly subprograms: readonly number[];
  readonly slots: readonly number[];
  readonly edges: readonly number[];
  readonly probes: readonly number[];
  /** Indices into the sources. */
  readonly ordinary: readonly number[];
  readonly extensions: readonly number[];
  readonly tracers: readonly number[];
  /** The signature of each source's placeholder at each hook, as a number; NONE where it has none there. */
  readonly placeholderSignatures: readonly (readonly number[])[];
  /** The signature each source's BTF gives for its own function; NONE for a program that is no extension. */
  readonly extensionSignatures: readonly number[];
}

/** Processes are called A, B, C, … */
export function actorName(process: number): string {
  return String.fromCharCode(65 + process);
}

/** Paths on bpffs are called /pin1, /pin2, … */
export function pathName(path: number): string {
  return `/pin${path + 1}`;
}

/** The first descriptor a BPF object gets: 0, 1 and 2 are standard input, output and error. */
export const FIRST_FD = 3;

export function kernelModel(options: KernelOptions, bounds: Bounds): KernelModel {
  const { linux = {} } = options;
  const hooks = options.hooks(bounds);
  const ofKind = (kind: Hook['kind']): number[] => indices(hooks, (hook) => hook.kind === kind);
  const ordinary = indices(options.sources, (source) => source.kind === 'ordinary');
  const extensions = indices(options.sources, (source) => source.kind === 'extension');
  const tracers = indices(options.sources, (source) => source.kind === 'tracer');
  const owner = (hook: Hook): string => hook.of ?? hook.name;
  const devices = ofKind('device').filter(
    (hook) => hooks.findIndex((other) => owner(other) === owner(hooks[hook]!)) === hook,
  );
  const subprograms = ofKind('subprogram');
  const [slots, edges, probes] = [ofKind('slot'), ofKind('edge'), ofKind('probe')];
  const names = (list: readonly number[]): string[] => list.map((i) => hooks[i]!.name);
  const sourceNames = (list: readonly number[]): string[] => list.map((i) => options.sources[i]!.name);
  const numbered = (prefix: string, count: number, first: number): string[] =>
    Array.from({ length: count }, (_, i) => `${prefix}${i + first}`);
  const signatures = signaturesOf(options.sources);
  return {
    options,
    bounds,
    hooks,
    schema: kernelSchema(options, bounds, hooks, signatures),
    devices,
    subprograms,
    slots,
    edges,
    probes,
    ordinary,
    extensions,
    tracers,
    placeholderSignatures: options.sources.map(({ placeholders }) =>
      hooks.map(({ name }) => signatures.indexOf(placeholders?.[name] ?? '')),
    ),
    extensionSignatures: options.sources.map(({ signature }) => signatures.indexOf(signature ?? '')),
    domains: {
      process: interchangeable(
        'process',
        Array.from({ length: bounds.processes }, (_, i) => actorName(i)),
      ),
      fd: issued('fd', numbered('fd', bounds.fds, FIRST_FD), 'actor'),
      device: domain(
        'device',
        devices.map((hook) => owner(hooks[hook]!)),
      ),
      path: interchangeable(
        'path',
        Array.from({ length: bounds.pins }, (_, i) => pathName(i)),
      ),
      subprogram: domain('subprogram', names(subprograms)),
      slot: domain('slot', names(slots)),
      edge: domain('edge', names(edges)),
      handle: issued('handle', numbered('handle', bounds.attachments, 1), 'everyone'),
      filterHandle: domain('filter handle', numbered('handle', linux.priorities ? bounds.attachments : 0, 1)),
      cgroup: domain('cgroup', linux.cgroups ?? []),
      namespace: domain('namespace', linux.namespaces ?? []),
      priority: domain('priority', numbered('prio', linux.priorities ?? 0, 1)),
      revision: domain('revision', numbered('r', linux.revisions ?? 0, 1)),
      linkId: domain('link id', numbered('link#', bounds.attachments, 1)),
      programId: domain('program id', numbered('prog#', bounds.programs, 1)),
      mapId: domain('map id', numbered('map#', bounds.maps, 1)),
      function: domain(
        'function',
        probes.map((hook) => hooks[hook]!.placeholder ?? 'main'),
      ),
      program: domain('program', sourceNames(ordinary)),
      extension: domain('extension', sourceNames(extensions)),
    },
  };
}

function signaturesOf(sources: readonly ProgramSource[]): string[] {
  const all = sources.flatMap((source) => [
    ...(source.signature === undefined ? [] : [source.signature]),
    ...Object.values(source.placeholders ?? {}),
  ]);
  return [...new Set(all)];
}

function indices<T>(list: readonly T[], test: (item: T) => boolean): number[] {
  return list.flatMap((item, i) => (test(item) ? [i] : []));
}

/** The hook of a device, cgroup or network namespace, by its name, in one of its layers; NONE if there is none. */
export function hookIn(hooks: readonly Hook[], of: string, layer: HookLayer): number {
  return hooks.findIndex((hook) => hook.of === of && hook.layer === layer);
}

/** Device hooks `eth0`, `eth1`, … */
export function deviceHooks(bounds: Bounds, keptBy: Hook['keptBy'], exclusive = true): Hook[] {
  return Array.from({ length: bounds.devices }, (_, i) => ({
    name: `eth${i}`,
    kind: 'device',
    exclusive,
    keptBy,
  }));
}
