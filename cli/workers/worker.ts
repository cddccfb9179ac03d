/** The worker's side of a job (`pool.ts`). */
import { once } from 'node:events';
import { parentPort } from 'node:worker_threads';
import { useCompiled } from '../../project/load-typescript.js';
import { failureOf } from '../errors.js';
import type { WorkerMessage, WorkerTask } from './pool.js';

/** Does the job that the worker is sent, and sends what it came to. To be called once, by the worker's module. */
export function answer<Job, Result, Progress = never>(
  run: (job: Job, tell: (progress: Progress) => void) => Result | Promise<Result>,
): void {
  const send = (message: WorkerMessage<Result, Progress>): void => {
    parentPort!.postMessage(message);
  };
  const tell = (progress: Progress): void => {
    send({ kind: 'progress', progress });
  };
  once(parentPort!, 'message')
    .then(([task]) => {
      const { job, compiled } = task as WorkerTask<Job>;
      useCompiled(compiled);
      return run(job, tell);
    })
    .then(
      (result) => {
        send({ kind: 'done', result });
      },
      (error: unknown) => {
        send({ kind: 'failed', failure: failureOf(error) });
      },
    );
}
