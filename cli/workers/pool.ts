/** Jobs done side by side, each in a worker of its own: a thread compiles the rules of its proposal afresh, and fast. */
import { availableParallelism, freemem } from 'node:os';
import type { Worker } from 'node:worker_threads';
import { compiledModules } from '../../project/load-typescript.js';
import { FaultyInputError, NotWrittenError, UsageError, type Failure } from '../errors.js';
import { EXIT } from '../exit-codes.js';
import { waitingWorker } from './start.js';

/** What a worker is sent. */
export interface WorkerTask<Job> {
  readonly job: Job;
  /** The user's modules that it need not compile again. */
  readonly compiled: ReturnType<typeof compiledModules>;
}

/** What a worker sends: any number of reports of progress, then what its job came to. */
export type WorkerMessage<Result, Progress> =
  | { readonly kind: 'progress'; readonly progress: Progress }
  | { readonly kind: 'done'; readonly result: Result }
  | { readonly kind: 'failed'; readonly failure: Failure };

export interface JobKind<Job, Progress> {
  /** The module of the worker, which calls `answer` (`worker.ts`). */
  readonly script: URL;
  /** What a job does, for errors: `the check of link-fd`. */
  readonly describe: (job: Job) => string;
  /** Whether a job takes longer than most; such jobs begin first, so that no core waits for them in the end. */
  readonly isLong?: (job: Job) => boolean;
  readonly onProgress?: (job: Job, progress: Progress) => void;
  /** How many threads each job takes; one if it is not given. */
  readonly threads?: number;
}

/** How many of so many jobs run at once, if each takes so many threads. */
export function parallelJobs(jobs: number, threads = 1): number {
  return Math.max(1, Math.min(jobs, Math.floor(availableParallelism() / threads)));
}

/** What all jobs together may use of the free memory; growing a table takes twice its size for a moment. */
const SHARE_OF_MEMORY = 0.3;

/** Bytes that each of so many jobs may use for its tables: what was asked for, in megabytes, or a share of what is free. */
export function memoryLimit(jobs: number, megabytes?: number, threads = 1): number {
  return megabytes === undefined
    ? (freemem() * SHARE_OF_MEMORY) / parallelJobs(jobs, threads)
    : megabytes * 1e6;
}

/**
 * The results in the order of the jobs, whichever ends first. The first fault ends all, as a rejection.
 *
 * @param meanwhile what this thread does when the first jobs have begun
 */
export async function runJobs<Job, Result, Progress = never>(
  kind: JobKind<Job, Progress>,
  jobs: readonly Job[],
  meanwhile: () => void = () => undefined,
): Promise<Result[]> {
  const results = new Array<Result>(jobs.length);
  const running = new Set<Worker>();
  const isLong = (index: number): boolean => kind.isLong?.(jobs[index]!) ?? false;
  const order = [...jobs.keys()];
  const waiting = [...order.filter(isLong), ...order.filter((index) => !isLong(index))];
  async function lane(): Promise<void> {
    for (let index = waiting.shift(); index !== undefined; index = waiting.shift()) {
      results[index] = await runJob<Job, Result, Progress>(kind, jobs[index]!, running);
    }
  }
  try {
    const lanes = Array.from({ length: parallelJobs(jobs.length, kind.threads) }, lane);
    await Promise.all([...lanes, Promise.resolve().then(meanwhile)]);
  } finally {
    await Promise.all([...running].map((worker) => worker.terminate()));
  }
  return results;
}

function runJob<Job, Result, Progress>(
  { script, describe, onProgress }: JobKind<Job, Progress>,
  job: Job,
  running: Set<Worker>,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const worker = waitingWorker(script);
    running.add(worker);
    worker.postMessage({ job, compiled: compiledModules() } satisfies WorkerTask<Job>);
    worker.on('message', (message: WorkerMessage<Result, Progress>) => {
      if (message.kind === 'progress') onProgress?.(job, message.progress);
      else if (message.kind === 'failed') reject(errorOf(message.failure));
      else {
        // It has nothing left to do, and ends by itself.
        running.delete(worker);
        resolve(message.result);
      }
    });
    worker.on('error', (error: NodeJS.ErrnoException) => {
      const outOfMemory = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
      const sentence = `${capitalised(describe(job))} ran out of memory. Give it smaller --bounds, a --depth, or --max-states.`;
      reject(outOfMemory ? new UsageError(sentence) : error);
    });
    worker.on('exit', () => {
      running.delete(worker);
      reject(new Error(`${describe(job)} ended without a result`));
    });
  });
}

function errorOf({ message, exitCode }: Failure): Error {
  if (exitCode === EXIT.faultyInput) return new FaultyInputError(message);
  if (exitCode === EXIT.cannotWrite) return new NotWrittenError(message);
  return exitCode === EXIT.usage ? new UsageError(message) : new Error(message);
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
