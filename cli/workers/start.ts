/** Workers that wait for a job, and those that were started before there was one. */
import { Worker } from 'node:worker_threads';

const ahead = new Map<string, Worker>();

/** Starts a worker that loads its module while it is still being found out what there is to do. It keeps nothing from ending. */
export function startAhead(script: URL): void {
  if (!ahead.has(script.href)) ahead.set(script.href, started(script));
}

/** A worker that waits for a job: one that was started ahead, if there is one. */
export function waitingWorker(script: URL): Worker {
  const worker = ahead.get(script.href) ?? started(script);
  ahead.delete(script.href);
  worker.ref();
  return worker;
}

function started(script: URL): Worker {
  const worker = new Worker(script);
  worker.unref();
  return worker;
}
