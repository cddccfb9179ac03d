import type { Channel } from './channel.js';
import { KernelRunError, ProcessGoneError } from './errors.js';
import {
  STATUS,
  WHAT,
  bareRequest,
  callRequest,
  readReturned,
  type Argument,
  type Call,
  type Returned,
} from './frames.js';

/** A process that makes system calls when told to. It has descriptors, rights and namespaces of its own. */
export class KernelProcess {
  constructor(
    private readonly channel: Channel,
    /** 0 is the server itself, which administers and observes; the others are processes of a model. */
    readonly number: number,
    /** As in the process id namespace of the server. */
    readonly pid: number,
  ) {}

  /** Makes one system call. */
  async call(number: number, ...args: readonly Argument[]): Promise<Returned> {
    const [returned] = await this.calls([{ number, arguments: args }]);
    return returned!;
  }

  /**
   * Makes calls one after the other, in one request, up to the first that fails: what comes after it is missing from the
   * answer. A later call can use what an earlier one returned (`ResultOf`).
   *
   * @throws ProcessGoneError if the process is not running, or dies meanwhile.
   * @throws KernelRunError if the server itself is gone.
   */
  async calls(calls: readonly Call[]): Promise<Returned[]> {
    const reply = await this.channel.send(callRequest(WHAT.run, this.number, calls));
    this.check(reply);
    return readReturned(reply, calls);
  }

  /** SIGKILL, and waits until the kernel has closed everything the process had open. */
  async kill(): Promise<void> {
    this.check(await this.channel.send(bareRequest(WHAT.kill, this.number)));
  }

  /** Lets the process end by itself, and waits for it. */
  async end(): Promise<void> {
    this.check(await this.channel.send(bareRequest(WHAT.end, this.number)));
  }

  private check(reply: Buffer): void {
    checkStatus(reply[0], this.number);
  }
}

function checkStatus(status: number | undefined, process: number): void {
  switch (status) {
    case STATUS.done:
      return;
    case STATUS.noSuchProcess:
      throw new ProcessGoneError(process, 'not running');
    case STATUS.died:
      throw new ProcessGoneError(process, 'died in the call');
    case STATUS.stuck:
      throw new ProcessGoneError(process, 'killed because it did not answer');
    case STATUS.cannotFork:
      throw new KernelRunError(
        'no space',
        'No further process can be started: the limit of processes or of memory is reached.',
      );
    default:
      throw new Error(`the server answered ${status ?? 'nothing'} to a request for process ${process}`);
  }
}

/** The server of system calls: process 0, and the processes it starts. */
export class KernelServer {
  readonly administrator: KernelProcess;
  private readonly running = new Set<KernelProcess>();

  constructor(
    readonly channel: Channel,
    pid: number,
    /** Ends whatever is at the other end of the channel, and waits for it. */
    private readonly finish: () => Promise<void>,
  ) {
    this.administrator = new KernelProcess(channel, 0, pid);
  }

  /** Starts a process with nothing open that calls could meet: the first descriptor it gets is 3. */
  async start(): Promise<KernelProcess> {
    const number = this.freeNumber();
    const placeholder = new KernelProcess(this.channel, number, 0);
    this.running.add(placeholder);
    const reply = await this.channel.send(bareRequest(WHAT.fork, number));
    checkStatus(reply[0], number);
    this.running.delete(placeholder);
    const process = new KernelProcess(this.channel, number, reply.readInt32LE(1));
    this.running.add(process);
    return process;
  }

  /** Kills a process, unless it is gone already, and forgets it. */
  async stop(process: KernelProcess): Promise<void> {
    try {
      await process.kill();
    } catch (error) {
      if (!(error instanceof ProcessGoneError)) throw error;
    } finally {
      this.running.delete(process);
    }
  }

  /**
   * Has calls made once the server is gone, whatever ended it; what was asked for last is done first. They are made by a
   * process outside any namespace the server enters later, up to the first that fails.
   */
  async atEnd(calls: readonly Call[]): Promise<void> {
    checkStatus((await this.channel.send(callRequest(WHAT.keep, 0, calls)))[0], 0);
  }

  /** Ends the server and all its processes; what was asked for by `atEnd` is done soon after. */
  async close(): Promise<void> {
    this.channel.end();
    await this.finish();
  }

  private freeNumber(): number {
    const taken = new Set([...this.running].map(({ number }) => number));
    for (let number = 1; number < 256; number++) if (!taken.has(number)) return number;
    throw new KernelRunError('no space', 'A run can have 255 processes; all are in use.');
  }
}
