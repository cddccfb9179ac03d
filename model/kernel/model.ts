/**
 * What does not change while a model runs: which hooks there are, which programs can be loaded, how many of each
 * object, and which references keep what alive. A proposal describes its kernel with {@link KernelOptions}; from these
 * and the bounds comes the schema of the state and the domains of the operations' parameters.
 */
import { domain, interchangeable, issued, type Domain } from '../machine/index.js';
import { array, bool, holds, nat, refers, struct, table, type ValueOf } from '../state/index.js';

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
   * `device`: a network device's hook. `subprogram`: a placeholder of a program. `slot`: an entry of a prog_array.
   * `edge`: what is called after a program returned a certain code. All but `device` are in a target.
   */
  readonly kind: 'device' | 'subprogram' | 'slot' | 'edge';
  /** One attachment at a time, or a list. */
  readonly exclusive: boolean;
  /**
   * Who keeps the attachment: `hook`, until something is put in its place, it is removed, or the hook itself goes;
   * `link`, open fds and pins of it.
   */
  readonly keptBy: 'hook' | 'link';
}

/** What a program is before it is loaded: an object file. */
export interface ProgramSource {
  readonly name: string;
  /** An extension replaces a subprogram of another program, and cannot be attached to a device. */
  readonly kind: 'ordinary' | 'extension';
  /** For an extension, the signature its BTF gives for its function. */
  readonly signature?: string;
  /** The subprograms that can be replaced, by the name of their hook, with their signatures. */
  readonly placeholders?: Readonly<Record<string, string>>;
  /** It tail-calls through a prog_array, which is given at load. */
  readonly tailCalls?: boolean;
  /** In a list of programs: `continue` passes the packet on, `final` ends it there. */
  readonly verdict?: 'continue' | 'final';
}

/** How the reference from an extension, or from an attachment, to the target counts. */
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
}

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
  const inTarget = hooks.some((hook) => hook.kind !== 'device');
  const reference = (kind: TargetReference, ...tables: string[]) =>
    kind === 'none' ? refers() : kind === 'holds' ? holds(...tables) : refers(...tables);
  return struct({
    /** Loaded programs. */
    programs: table(bounds.programs, {
      source: nat(options.sources.length),
      /** For an extension: the program it was verified against at load. */
      target: reference(options.loadedFor, 'programs'),
      /** For an extension: the hook (a placeholder) it was verified for. */
      subprogram: nat(options.loadedFor === 'none' && !options.copiesBtf ? 1 : hooks.length),
      /** For an extension: the signature copied from its target at load, plus one. */
      btf: nat(options.copiesBtf ? signatures.length + 1 : 1),
      /** For a program that tail-calls: its prog_array. */
      map: options.sources.some((source) => source.tailCalls) ? holds('maps') : refers(),
    }),
    /** Programs tied to hooks. Where the hook does not keep them, they are links. */
    attachments: table(bounds.attachments, {
      program: holds('programs'),
      hook: nat(hooks.length),
      /** The program or map whose placeholder, edge or slot this is. */
      target: inTarget ? reference(options.attachedIn, 'programs', 'maps') : refers(),
      /** False for a defunct link: the object is there, the hook is not its any more. */
      attached: bool,
      /** Who attached it, as long as that process lives. Only for attachments that the hook keeps. */
      owner: hooks.some((hook) => hook.keptBy === 'hook') ? refers('processes') : refers(),
      /** In a list, how many run before it. */
      rank: nat(hooks.some((hook) => !hook.exclusive) ? bounds.attachments : 1),
    }),
    maps: table(bounds.maps, {}),
    /** `live` says whether the process is alive. */
    processes: table(bounds.processes, { fds: array(bounds.fds, holds(...OBJECTS)) }),
    /** What each path on bpffs refers to. */
    pins: array(bounds.pins, holds(...OBJECTS)),
    /** Whether each device has its container. */
    containers: array(options.containers ? bounds.devices : 0, bool),
  });
}

export type KernelSchema = ReturnType<typeof kernelSchema>;

/** What rules and claims can ask besides the state itself. */
export interface KernelFacts {
  readonly hooks: readonly Hook[];
  readonly sources: readonly ProgramSource[];
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
  readonly handle: Domain;
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
  /** Indices into {@link hooks}, one list for each kind. */
  readonly devices: readonly number[];
  readonly subprograms: readonly number[];
  readonly slots: readonly number[];
  readonly edges: readonly number[];
  /** Indices into the sources. */
  readonly ordinary: readonly number[];
  readonly extensions: readonly number[];
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
  const hooks = options.hooks(bounds);
  const ofKind = (kind: Hook['kind']): number[] => indices(hooks, (hook) => hook.kind === kind);
  const ordinary = indices(options.sources, (source) => source.kind === 'ordinary');
  const extensions = indices(options.sources, (source) => source.kind === 'extension');
  const [devices, subprograms] = [ofKind('device'), ofKind('subprogram')];
  const [slots, edges] = [ofKind('slot'), ofKind('edge')];
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
    ordinary,
    extensions,
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
      device: domain('device', names(devices)),
      path: interchangeable(
        'path',
        Array.from({ length: bounds.pins }, (_, i) => pathName(i)),
      ),
      subprogram: domain('subprogram', names(subprograms)),
      slot: domain('slot', names(slots)),
      edge: domain('edge', names(edges)),
      handle: issued('handle', numbered('handle', bounds.attachments, 1), 'everyone'),
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

/** Device hooks `eth0`, `eth1`, … */
export function deviceHooks(bounds: Bounds, keptBy: Hook['keptBy'], exclusive = true): Hook[] {
  return Array.from({ length: bounds.devices }, (_, i) => ({
    name: `eth${i}`,
    kind: 'device',
    exclusive,
    keptBy,
  }));
}
