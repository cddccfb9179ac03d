import test from 'ava';
import { roomyBounds } from '../../corpus/index.js';
import { read } from './setting.js';

const HEAD = 'case: t\nproposal: p\nproperty: q\nexpect: kept\n';

test('a machine is as large as the words and the number of calls ask for', (t) => {
  const found = read(`${HEAD}A.send(fd9, D)\nB.pin(x, /pin3)\nA.detach(handle7)\nA.attach(x, eth2)\n`);

  t.deepEqual(roomyBounds(found), {
    processes: 4,
    fds: 7,
    programs: 4,
    attachments: 7,
    maps: 4,
    pins: 3,
    devices: 3,
  });
});

test('it is no smaller than the proposal asks for, no larger than is possible, and as the case says where it does', (t) => {
  const found = read(`${HEAD}bounds: programs=2 maps=0\n${'A.crash()\n'.repeat(40)}A.close(fd90)\n`);

  t.deepEqual(roomyBounds(found, { processes: 3, pins: 2 }), {
    processes: 3,
    fds: 32,
    programs: 2,
    attachments: 32,
    maps: 0,
    pins: 2,
    devices: 1,
  });
});
