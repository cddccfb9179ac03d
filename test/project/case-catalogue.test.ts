import test from 'ava';
import { parseCase, replayFrom } from '../../corpus/index.js';
import { proposals } from '../../model/proposals/index.js';
import { replayCatalogue } from '../../project/case-catalogue.js';
import { properties } from '../../properties/index.js';

const read = (headers: string, ...calls: string[]) =>
  parseCase(
    ['case: one of several', 'proposal: netlink-xdp', headers, '', ...calls, ''].join('\n'),
    'a.case',
  );

const LOAD = 'prog = A.load(prog) -> fd3';

test('cases that are replayed one after the other share a machine if it would be the same, and see nothing of each other', (t) => {
  const catalogue = replayCatalogue({ proposals, properties });
  const attached = read('bounds: fds=2', LOAD, 'A.attach(prog, eth0) -> ok', 'packet(eth0) -> prog');
  const loaded = read('bounds: fds=2', LOAD, 'packet(eth0) -> nothing', 'A.close(prog) -> ok');

  t.true(catalogue.machineFor(attached) === catalogue.machineFor(loaded));
  for (const one of [attached, loaded, attached]) t.is(replayFrom(one, catalogue).kind, 'as-expected');
});

test('cases within other bounds, or without a rule, have machines of their own', (t) => {
  const catalogue = replayCatalogue({ proposals, properties });
  const machine = catalogue.machineFor(read('bounds: fds=2', LOAD));

  t.false(catalogue.machineFor(read('bounds: fds=3', LOAD)) === machine);
  t.false(catalogue.machineFor(read('bounds: fds=2\nwithout: fd-is-free', LOAD)) === machine);
});
