/** Checks several proposals side by side, each in a worker of its own. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { CheckedProposal } from '../report/index.js';
import type { CheckJob, CheckMessage } from './check-worker.js';
import { FaultyInputError, UsageError } from './errors.js';
import { EXIT } from './exit-codes.js';

export type ProgressListener = (
  proposal: string,
  message: CheckMessage & { readonly kind: 'progress' },
) => void;

/** How many checks run at once. */
export function parallelChecks(jobs: number): number {
  return Math.max(1, Math.min(jobs, availableParallelism()));
}

/** The results in the order of the jobs, whichever ends first. The first fault ends all, as a rejection. */
export async function runChecks(
  jobs: readonly CheckJob[],
  progress: ProgressListener,
): Promise<CheckedProposal[]> {
  const results = new Array<CheckedProposal>(jobs.length);
  const running = new Set<Worker>();
  let next = 0;
  async function lane(): Promise<void> {
    while (next < jobs.length) {
      const index = next++;
      results[index] = await runCheck(jobs[index]!, progress, running);
    }
  }
  try {
    await Promise.all(Array.from({ length: parallelChecks(jobs.length) }, lane));
  } finally {
    await Promise.all([...running].map((worker) => worker.terminate()));
  }
  return results;
}

function runCheck(job: CheckJob, progress: ProgressListener, running: Set<Worker>): Promise<CheckedProposal> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./check-worker.js', import.meta.url), { workerData: job });
    running.add(worker);
    worker.on('message', (message: CheckMessage) => {
      if (message.kind === 'progress') progress(job.proposal, message);
      else if (message.kind === 'checked') resolve(message.checked);
      else reject(failed(message.failure));
    });
    worker.on('error', (error: NodeJS.ErrnoException) => {
      const outOfMemory = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
      reject(
        outOfMemory
          ? new UsageError(
              `Checking ${job.proposal} ran out of memory. Give it smaller --bounds, a --depth, or --max-states.`,
            )
          : error,
      );
    });
    worker.on('exit', () => {
      running.delete(worker);
      reject(new Error(`the check of ${job.proposal} ended without a result`));
    });
  });
}

function failed({ message, exitCode }: { readonly message: string; readonly exitCode: number }): Error {
  if (exitCode === EXIT.faultyInput) return new FaultyInputError(message);
  return exitCode === EXIT.usage ? new UsageError(message) : new Error(message);
}
