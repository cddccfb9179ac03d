/**
 * Short grace periods, on request: `/sys/kernel/rcu_expedited` set to 1 while anybody needs it, and put back afterwards, also
 * after a crash.
 *
 * What it was before stands in a record file. Every user has a shared lock on that file, which the kernel takes away with the
 * process, however that ends; so whoever can lock it alone knows that no user is left.
 */
import { KernelRunError } from '../channel/errors.js';
import {
  OPEN_FLAG,
  closeFd,
  openCall,
  openPathAs,
  readFile,
  writeCalls,
  writeFile,
} from '../channel/files.js';
import type { Call } from '../channel/frames.js';
import { ResultOf } from '../channel/memory.js';
import { NR } from '../channel/numbers.js';
import type { KernelProcess, KernelServer } from '../channel/process.js';
import type { Result } from '../channel/result.js';

/** The files involved. */
export interface ExpeditedFiles {
  readonly knob: string;
  readonly record: string;
}

export const EXPEDITED_FILES: ExpeditedFiles = {
  knob: '/sys/kernel/rcu_expedited',
  record: '/run/holdfast-rcu-expedited',
};

const RECORD_FD = 890;

/** flock(2) */
const LOCK = { shared: 1, exclusive: 2, noWait: 4 } as const;

/**
 * Sets the knob, until the server ends.
 *
 * @throws KernelRunError if the knob or the record cannot be written.
 */
export async function expediteGracePeriods(
  server: KernelServer,
  files: ExpeditedFiles = EXPEDITED_FILES,
): Promise<void> {
  const { administrator } = server;
  const { knob, record } = files;
  for (let tries = 0; tries < 100; tries++) {
    const opened = await openPathAs(administrator, record, OPEN_FLAG.readWrite | OPEN_FLAG.create, RECORD_FD);
    mustWrite(record, opened);
    if (await lock(administrator, LOCK.exclusive)) await recordWhatIs(administrator, files);
    // Changing a lock is letting go and taking again: somebody may have put the knob back in between.
    if (await lock(administrator, LOCK.shared)) {
      const before = await recorded(administrator, record);
      if (before !== '') {
        await server.atEnd(putBackCalls(files, before));
        mustWrite(knob, await writeFile(administrator, knob, '1'));
        return;
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  throw new KernelRunError('taken', `${record} is locked all the time by others.`);
}

/** Puts the knob back if a run that set it was killed together with what should have put it back. */
export async function putBackForgotten(
  administrator: KernelProcess,
  files: ExpeditedFiles = EXPEDITED_FILES,
): Promise<void> {
  const before = await recorded(administrator, files.record);
  if (before === '') return;
  const [record, , knob] = await administrator.calls(putBackCalls(files, before));
  for (const opened of [record, knob]) if (opened?.errno === 0) await closeFd(administrator, opened.value);
}

/** With the record locked alone: what a run left there is what was before that run. */
async function recordWhatIs(administrator: KernelProcess, { knob, record }: ExpeditedFiles): Promise<void> {
  if ((await recorded(administrator, record)) !== '') return;
  const now = await readFile(administrator, knob);
  if (!now.ok) throw new KernelRunError('no kernel support', `This kernel has no ${knob} (${now.errno}).`);
  mustWrite(record, await writeFile(administrator, record, now.value));
}

async function recorded(administrator: KernelProcess, record: string): Promise<string> {
  const read = await readFile(administrator, record);
  return read.ok ? read.value.trim() : '';
}

async function lock(administrator: KernelProcess, how: number): Promise<boolean> {
  const returned = await administrator.call(NR.flock, RECORD_FD, how | LOCK.noWait);
  return returned.errno === 0;
}

function mustWrite(path: string, result: Result): void {
  if (result.ok) return;
  throw new KernelRunError(
    result.errno === 'ENOSPC' ? 'no space' : 'no rights',
    `Cannot write ${path} (${result.errno}): run as root, or without expedited grace periods.`,
  );
}

/** Locks the record alone, which fails while there is a user; puts the knob back; empties the record. */
function putBackCalls({ knob, record }: ExpeditedFiles, before: string): Call[] {
  const opened = new ResultOf(0);
  return [
    openCall(record, OPEN_FLAG.readWrite),
    { number: NR.flock, arguments: [opened, LOCK.exclusive | LOCK.noWait] },
    ...writeCalls(knob, before, 2),
    { number: NR.ftruncate, arguments: [opened, 0] },
  ];
}
