import test, { type ExecutionContext } from 'ava';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Sandbox, becomes } from '../../kernel/index.js';
import { expediteGracePeriods, putBackForgotten } from '../../kernel/sandbox/expedited.js';
import { reasonAgainst } from './live-test.js';

const live = reasonAgainst === undefined ? test.serial : test.serial.skip;
const why = reasonAgainst === undefined ? '' : ` (skipped: ${reasonAgainst})`;

interface Run {
  readonly group: string;
  readonly model: number;
  readonly server: number;
  readonly keepers: readonly number[];
}

const isRunning = (pid: number): boolean =>
  existsSync(`/proc/${pid}/stat`) && !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));

/** Whether something comes to be so within five seconds. */
const soon = (test: () => boolean): Promise<boolean> => becomes(() => Promise.resolve(test()), 5000);

/** Files that stand for the kernel's knob, which is everybody's, and for the record of what it was. */
function files(t: ExecutionContext): { knob: string; record: string } {
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-test-'));
  t.teardown(() => {
    rmSync(directory, { recursive: true });
  });
  writeFileSync(join(directory, 'knob'), '0');
  return { knob: join(directory, 'knob'), record: join(directory, 'record') };
}

/** Starts a run, and kills it once it is under way. `first` is killed before. */
async function killedRun(
  { knob, record }: { knob: string; record: string },
  first: (run: Run) => readonly number[],
): Promise<Run> {
  const script = fileURLToPath(new URL('./left-behind.ts', import.meta.url));
  const child = spawn(process.execPath, [...process.execArgv, script, knob, record], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  const run = JSON.parse(said.toString()) as Run;
  const ended = once(child, 'close');
  for (const pid of first(run)) process.kill(pid, 'SIGKILL');
  child.kill('SIGKILL');
  await ended;
  return run;
}

live(
  `a run that is killed leaves no process and no control group, and puts the knob back${why}`,
  async (t) => {
    const { knob, record } = files(t);

    const run = await killedRun({ knob, record }, () => []);

    t.true(await soon(() => !existsSync(run.group)));
    t.true(await soon(() => readFileSync(knob, 'utf8') === '0'));
    t.true(await soon(() => ![run.model, run.server, ...run.keepers].some(isRunning)));
  },
);

live(`what was left by a run that was killed with all it had is put right by the next${why}`, async (t) => {
  const { knob, record } = files(t);
  const run = await killedRun({ knob, record }, ({ keepers }) => keepers);
  t.true(await soon(() => ![run.model, run.server].some(isRunning)));
  t.true(existsSync(run.group));
  t.is(readFileSync(knob, 'utf8'), '1');

  const sandbox = await Sandbox.open();
  await putBackForgotten(sandbox.administrator, { knob, record });
  await sandbox.close();

  t.false(existsSync(run.group));
  t.is(readFileSync(knob, 'utf8'), '0');
});

live(`the knob is put back by the last of those who wanted it${why}`, async (t) => {
  const { knob, record } = files(t);
  const [one, two] = [await Sandbox.open({ groups: ['c0'] }), await Sandbox.open()];
  for (const { server } of [one, two]) await expediteGracePeriods(server, { knob, record });
  const group = one.groups?.path(0) ?? '';

  await one.close();
  t.is(readFileSync(knob, 'utf8'), '1');
  t.false(existsSync(group));
  const three = await Sandbox.open();
  await putBackForgotten(three.administrator, { knob, record }); // it is not forgotten
  await three.close();
  t.is(readFileSync(knob, 'utf8'), '1');
  await two.close();

  t.is(readFileSync(knob, 'utf8'), '0');
});
