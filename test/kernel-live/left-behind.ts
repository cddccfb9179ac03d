/** A run that is killed: `node left-behind.ts KNOB RECORD` opens a sandbox, says what it has, and waits for its end. */
import { readFileSync } from 'node:fs';
import { Sandbox } from '../../kernel/index.js';
import { expediteGracePeriods } from '../../kernel/sandbox/expedited.js';

const [knob = '', record = ''] = process.argv.slice(2);
const sandbox = await Sandbox.open({ devices: ['veth'], groups: ['c0', 'c0/c1'] });
await expediteGracePeriods(sandbox.server, { knob, record });
const model = await sandbox.start();
const server = sandbox.administrator.pid;
const children = readFileSync(`/proc/${server}/task/${server}/children`, 'utf8')
  .trim()
  .split(' ')
  .map(Number);
const keepers = children.filter((pid) => pid !== model.pid);
console.log(JSON.stringify({ group: sandbox.groups?.path(0), model: model.pid, server, keepers }));
setInterval(() => undefined, 1000);
