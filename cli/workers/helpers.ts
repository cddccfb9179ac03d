/** Threads that help an exhaustive search, as workers. */
import {
  MessageChannel,
  receiveMessageOnPort,
  Worker,
  workerData,
  type MessagePort,
} from 'node:worker_threads';
import { help, leave, type Property, type Seat, type StoreView, type Threads } from '../../checker/index.js';
import type { Machine } from '../../model/machine/index.js';

interface HelperData<Job> {
  readonly job: Job;
  readonly seat: Seat;
  readonly port: MessagePort;
}

/** Of a thread that was ended by force nothing is heard. */
const PATIENCE = 20_000;

/** A search that is over before it has found so many states is over before a thread has started. */
const START_AT = 1 << 13;

/**
 * @param script module of the worker, which calls {@link helpWith}
 * @param job says which machine and properties it is about; it can be sent to a worker
 * @param threads how many search together, the one that starts the others included
 */
export function helpersOf<Job>(script: URL, job: Job, threads: number): Threads {
  return {
    helpers: threads - 1,
    startAt: START_AT,
    patience: PATIENCE,
    start(seat) {
      const { port1, port2 } = new MessageChannel();
      const data: HelperData<Job> = { job, seat, port: port2 };
      const worker = new Worker(script, { workerData: data, transferList: [port2] });
      // Nobody waits for it. If it fails, the others do its part.
      worker.unref();
      port1.unref();
      worker.on('error', (error) => {
        process.stderr.write(
          `A thread that helped a search failed; the search went on without: ${String(error)}\n`,
        );
      });
      return {
        follow: (view) => {
          port1.postMessage(view);
        },
      };
    },
  };
}

/** The worker's side. @param subject makes what the job is about */
export async function helpWith<Job, S>(
  subject: (job: Job) => Promise<{ machine: Machine<S>; properties: readonly Property<S>[] }>,
): Promise<void> {
  const { job, seat, port } = workerData as HelperData<Job>;
  process.on('exit', () => {
    leave(seat);
  });
  const { machine, properties } = await subject(job);
  help(machine, properties, seat, () => receiveMessageOnPort(port)?.message as StoreView | undefined);
  port.close();
}
