import type { Readable, Writable } from 'node:stream';
import { KernelRunError } from './errors.js';

/** How long the other end may take for an answer; its own patience with one process is 30 s. */
const PATIENCE_MS = 45_000;

interface Waiting {
  readonly resolve: (reply: Buffer) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Frames out, frames back, in order, over any two byte streams: a helper's standard input and output, or a guest's console.
 * Requests of the same turn of the event loop are written together.
 */
export class Channel {
  private readonly waiting: Waiting[] = [];
  private unsent: Buffer[] = [];
  private unread: Buffer = Buffer.alloc(0);
  private failure: KernelRunError | undefined;
  private patience: NodeJS.Timeout | undefined;

  constructor(
    private readonly output: Writable,
    input: Readable,
    /** What is at the other end, for messages: `the helper`, `the guest`. */
    private readonly name: string,
  ) {
    input.on('data', (bytes: Buffer) => {
      this.receive(bytes);
    });
    input.on('close', () => {
      this.fail(new KernelRunError('gone', `${name} ended.`));
    });
    output.on('error', (cause) => {
      this.fail(new KernelRunError('gone', `${name} ended.`, { cause }));
    });
  }

  /** Sends a frame; gives the reply without its length. Rejects with a KernelRunError once the other end is gone. */
  send(frame: Buffer): Promise<Buffer> {
    if (this.failure) return Promise.reject(this.failure);
    if (this.unsent.length === 0) {
      queueMicrotask(() => {
        this.flush();
      });
    }
    this.unsent.push(frame);
    if (this.waiting.length === 0) this.startWaiting();
    return new Promise((resolve, reject) => this.waiting.push({ resolve, reject }));
  }

  /** No more requests will be sent: the other end finishes. */
  end(): void {
    this.flush();
    this.output.end();
  }

  /** All that is awaited, and all that is still sent, is rejected with this error. */
  fail(error: KernelRunError): void {
    clearTimeout(this.patience);
    this.failure ??= error;
    for (const { reject } of this.waiting.splice(0)) reject(this.failure);
  }

  private flush(): void {
    const frames = this.unsent;
    this.unsent = [];
    if (frames.length > 0 && !this.failure) this.output.write(Buffer.concat(frames));
  }

  private receive(bytes: Buffer): void {
    this.unread = this.unread.length === 0 ? bytes : Buffer.concat([this.unread, bytes]);
    let at = 0;
    while (this.unread.length - at >= 4) {
      const length = this.unread.readUInt32LE(at);
      if (this.unread.length - at - 4 < length) break;
      this.waiting.shift()?.resolve(this.unread.subarray(at + 4, at + 4 + length));
      at += 4 + length;
    }
    this.unread = this.unread.subarray(at);
    clearTimeout(this.patience);
    if (this.waiting.length > 0) this.startWaiting();
  }

  private startWaiting(): void {
    this.patience = setTimeout(() => {
      this.fail(
        new KernelRunError('gone', `${this.name} has not answered for ${PATIENCE_MS / 1000} seconds.`),
      );
    }, PATIENCE_MS);
  }
}
