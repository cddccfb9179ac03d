/**
 * A running Linux behind the interface of a live system: every process of the model is a process, every call a system call,
 * every crash a SIGKILL. All happens in a sandbox of its own.
 */
import { FIRST_FD, actorName, type Bounds, type KernelState } from '../../model/kernel/model.js';
import { NONE } from '../../model/state/index.js';
import type { ExpectedView, LiveCall, LiveOutcome, LiveSystem, View } from '../conform/system.js';
import { readFile } from '../channel/files.js';
import { Memory } from '../channel/memory.js';
import { NR } from '../channel/numbers.js';
import type { KernelProcess } from '../channel/process.js';
import { needed, resultOf, type Result } from '../channel/result.js';
import type { Sandbox } from '../sandbox/sandbox.js';
import type { Aspect, Binding, MakeCall } from './binding.js';
import { Look } from './look.js';
import { RunLog } from './run-log.js';

/** How long a reset waits for hooks to become empty, in milliseconds: releases that are deferred take up to 0.3 s. */
const RESET_PATIENCE = 3000;

/**
 * How long it waits for maps, in milliseconds. A prog_array that is closed for the last time twice in a row is never freed:
 * prog_array_map_clear in kernel/bpf/arraymap.c.
 */
const LOSS_PATIENCE = 300;

function isLost(left: View): boolean {
  return [...left.keys()].every((what) => what.startsWith('map '));
}

const RLIMIT_NOFILE = 7;

/** More than the descriptors of a model and of its sandbox. */
const MOST_FDS = 2048;

export class RunningLinux implements LiveSystem<KernelState> {
  private readonly calls: ReadonlyMap<string, MakeCall>;
  private readonly aspects: readonly Aspect[];
  private readonly running: (KernelProcess | undefined)[] = [];
  /** For each place the process that was started there last. */
  private readonly latest: KernelProcess[] = [];
  /** What was made in this sequence, as the kernel calls it: `prog 31`. */
  private readonly made = new Set<string>();
  /** What each process has open, by descriptor. */
  private readonly opened = new WeakMap<KernelProcess, Map<number, string>>();

  private constructor(
    readonly sandbox: Sandbox,
    /** How many of each object the model has. */
    readonly bounds: Bounds,
    private readonly bindings: readonly Binding[],
    /** What it is: `Linux 6.18.44`. */
    readonly name: string,
    readonly unsupported: ReadonlyMap<string, string>,
    /** What runs on it. */
    readonly runLog: RunLog,
  ) {
    this.calls = new Map(bindings.flatMap(({ calls }) => Object.entries(calls)));
    this.aspects = bindings.flatMap(({ aspects = [] }) => aspects);
  }

  /** Takes a sandbox over: it is closed with the system. */
  static async open(
    sandbox: Sandbox,
    bounds: Bounds,
    bindings: readonly Binding[],
    unsupported: ReadonlyMap<string, string>,
  ): Promise<RunningLinux> {
    const release = await readFile(sandbox.administrator, '/proc/sys/kernel/osrelease');
    const name = `Linux ${needed('Reading the kernel release', release).trim()}`;
    const runLog = await RunLog.open(sandbox.administrator);
    const linux = new RunningLinux(sandbox, bounds, bindings, name, unsupported, runLog);
    for (const binding of bindings) await binding.prepare?.(linux);
    return linux;
  }

  /** The process that observes and administers; nothing of the model's is open in it. */
  get administrator(): KernelProcess {
    return this.sandbox.administrator;
  }

  async reset(): Promise<void> {
    this.running.length = 0;
    await this.sandbox.reset();
    await this.untilEmpty();
    this.made.clear();
    this.runLog.forget();
    await Promise.all(Array.from({ length: this.bounds.processes }, (_, i) => this.start(i)));
  }

  /** Waits until nothing can be seen any more of what earlier calls made. */
  private async untilEmpty(): Promise<void> {
    for (let waited = 0; ; waited++) {
      const left = await this.observe();
      if (left.size === 0 || (waited >= LOSS_PATIENCE && isLost(left))) return;
      if (waited >= RESET_PATIENCE) {
        const [what, is] = [...left][0]!;
        throw new Error(`${this.name} does not become empty: ${what} is still ${is}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }

  perform(call: LiveCall<KernelState>): Promise<LiveOutcome> {
    const make = this.calls.get(call.operation.name);
    if (!make) throw new Error(`nothing says how '${call.operation.name}' is called on a running kernel`);
    return make(this, call);
  }

  async observe(): Promise<View> {
    const look = new Look(this);
    const lines = await Promise.all(this.aspects.map((aspect) => aspect.observed(look)));
    return new Map(lines.flat());
  }

  async close(): Promise<void> {
    await this.sandbox.close();
  }

  /** Starts a process in the place of the model's, with room for as many descriptors as the model gives it. */
  async start(place: number): Promise<void> {
    const process = await this.sandbox.start();
    await Promise.all(this.bindings.flatMap((binding) => binding.started?.(this, process) ?? []));
    await limitFds(process, FIRST_FD + this.bounds.fds);
    this.running[place] = process;
    this.latest[place] = process;
  }

  /** Does something with each process that is running, with room for descriptors that are not the model's. */
  async outsideLimits(work: (process: KernelProcess) => Promise<void>): Promise<void> {
    for (const process of this.processes()) {
      await limitFds(process, MOST_FDS);
      await work(process);
      await limitFds(process, FIRST_FD + this.bounds.fds);
    }
  }

  /** The processes of the model that are running. */
  processes(): KernelProcess[] {
    return this.running.flatMap((process) => process ?? []);
  }

  /** SIGKILL; returns when everything it had open is closed. */
  async kill(place: number): Promise<void> {
    const process = this.process(place);
    this.running[place] = undefined;
    await this.sandbox.stop(process);
  }

  /** The process in a place of the model's. */
  process(place: number): KernelProcess {
    const process = this.running[place];
    if (!process) throw new Error(`${actorName(place)} is not running`);
    return process;
  }

  /** The process that is running in a place, or was there last. */
  latestProcess(place: number): KernelProcess {
    return this.latest[place]!;
  }

  /** What was made in this sequence and was still there when it was looked at last, as the kernel calls it. */
  everything(): readonly string[] {
    return [...this.made];
  }

  /** These objects are not there any more. */
  gone(names: readonly string[]): void {
    for (const name of names) this.made.delete(name);
  }

  /** What a call came to that hands out a descriptor of a process. */
  async handedOut(process: KernelProcess, result: Result): Promise<LiveOutcome> {
    if (!result.ok) return { kind: 'refused', errno: result.errno };
    const made = await this.behind(process, result.value);
    this.made.add(made);
    this.openedBy(process).set(result.value, made);
    return { kind: 'done', value: result.value - FIRST_FD, made };
  }

  /** A descriptor was closed. */
  closed(process: KernelProcess, fd: number): void {
    this.openedBy(process).delete(fd);
  }

  private openedBy(process: KernelProcess): Map<number, string> {
    let fds = this.opened.get(process);
    if (!fds) this.opened.set(process, (fds = new Map<number, string>()));
    return fds;
  }

  /** What running processes have open, as the kernel calls it, and for each one descriptor of it. */
  everythingOpen(): ReadonlyMap<string, { readonly process: KernelProcess; readonly fd: number }> {
    const running = this.running.filter((process) => process !== undefined);
    return new Map(
      running.flatMap((process) =>
        [...this.openedBy(process)].map(([fd, name]) => [name, { process, fd }] as const),
      ),
    );
  }

  /** What a descriptor refers to, as the kernel calls it: `prog 31`. Takes no reference. */
  private async behind(process: KernelProcess, fd: number): Promise<string> {
    const path = `/proc/${process.pid}/fdinfo/${fd}`;
    const info = needed(`Reading ${path}`, await readFile(this.administrator, path));
    // A link's says its program's id, too: bpf_link_show_fdinfo in kernel/bpf/syscall.c.
    for (const kind of ['link', 'map', 'prog']) {
      const id = new RegExp(`^${kind}_id:\\s*(\\d+)`, 'm').exec(info)?.[1];
      if (id !== undefined) return `${kind} ${id}`;
    }
    throw new Error(`${path} is none of a program, a map and a link`);
  }
}

/** Limits the numbers of descriptors that a process is given; it may be given higher ones again later. */
async function limitFds(process: KernelProcess, most: number): Promise<void> {
  const limit = Memory.structure(16).u64(0, most).u64(8, MOST_FDS);
  needed('Limiting descriptors', resultOf(await process.call(NR.prlimit64, 0, RLIMIT_NOFILE, limit, 0)));
}

/** What a call came to that hands out nothing. */
export function outcomeOf(result: Result): LiveOutcome {
  return result.ok ? { kind: 'done' } : { kind: 'refused', errno: result.errno };
}

/** A descriptor as processes number it; -1 for none. */
export function realFd(fd: number): number {
  return fd === NONE ? -1 : FIRST_FD + fd;
}

/** The number in a name that the kernel gave: 31 of `prog 31`. */
export function idIn(name: string): number {
  return Number(/\d+$/.exec(name)?.[0] ?? 0);
}

/** The argument of a parameter; throws for a parameter that the operation does not have. */
export function argumentOf({ operation, args }: LiveCall<KernelState>, parameter: string): number {
  const index = Object.keys(operation.params).indexOf(parameter);
  if (index < 0) throw new Error(`'${operation.name}' has no '${parameter}'`);
  return args[index]!;
}

/** The argument of a parameter as its domain writes it; `none` for none. */
export function valueOf(call: LiveCall<KernelState>, parameter: string): string {
  const value = argumentOf(call, parameter);
  return value === NONE ? 'none' : call.operation.params[parameter]!.values[value]!;
}

/** What all aspects of bindings say of a state. */
export function expectedBy(bindings: readonly Binding[]): ExpectedView<KernelState> {
  const aspects = bindings.flatMap(({ aspects: own = [] }) => own);
  return (state, nameOf) => new Map(aspects.flatMap((aspect) => aspect.expected(state, nameOf)));
}
