import test from 'ava';
import { actorName, kernelModel, pathName } from '../../model/kernel/model.js';
import { linkFd, machineOf, proposals, tcFilterProposal } from '../../model/proposals/index.js';
import { NONE } from '../../model/state/index.js';
import { properties } from '../../properties/index.js';

test('processes, descriptors, devices and paths are numbered as people know them', (t) => {
  const { domains } = kernelModel(tcFilterProposal.kernel, {
    ...tcFilterProposal.bounds,
    processes: 3,
    fds: 2,
    devices: 2,
    pins: 2,
    attachments: 2,
  });

  t.deepEqual(domains.process.values, ['A', 'B', 'C']);
  t.deepEqual(domains.fd.values, ['fd3', 'fd4']);
  t.deepEqual(domains.device.values, ['eth0', 'eth1']);
  t.deepEqual(domains.path.values, ['/pin1', '/pin2']);
  t.deepEqual(domains.handle.values, ['handle1', 'handle2']);
  t.is(actorName(25), 'Z');
  t.is(pathName(9), '/pin10');
});

test('signatures agree where their text does', (t) => {
  const { placeholderSignatures, extensionSignatures, subprograms, ordinary, extensions } = kernelModel(
    linkFd.kernel,
    linkFd.bounds,
  );
  const [rootlet] = ordinary;
  const [fw1, fw2] = extensions;
  const [placeholder1, placeholder2] = subprograms;

  t.is(placeholderSignatures[rootlet!]![placeholder1!], extensionSignatures[fw1!]);
  t.is(placeholderSignatures[rootlet!]![placeholder2!], extensionSignatures[fw2!]);
  t.not(extensionSignatures[fw1!], extensionSignatures[fw2!]);
  t.is(placeholderSignatures[fw1!]![placeholder1!], NONE);
});

test('a machine starts with all processes alive and nothing else', (t) => {
  for (const proposal of proposals) {
    const { state } = machineOf(proposal);
    t.true(state.processes.every(({ live }) => live));
    t.false([...state.programs, ...state.attachments, ...state.maps].some(({ live }) => live));
  }
});

test('claims can ask what a design has', (t) => {
  const { tags } = machineOf(tcFilterProposal).definition;

  for (const tag of ['tc-filter', 'has:device', 'list', 'kept-by:hook', 'verb:delete_qdisc', 'takes:handle'])
    t.true(tags!.includes(tag), tag);
  for (const tag of ['has:subprogram', 'exclusive', 'kept-by:link', 'takes:expected'])
    t.false(tags!.includes(tag), tag);
});

test('every claim speaks about some built-in design, and every design says where it comes from', (t) => {
  const tags = new Map(proposals.map((proposal) => [proposal, machineOf(proposal).definition.tags!]));
  for (const { name, speaksAbout } of properties) {
    // The lists of the built-in kernels are longer than their bounds: only variants of them have lists that get full.
    if (speaksAbout === 'all' || speaksAbout.includes('limited-list')) continue;
    t.true(
      [...tags.values()].some((own) => speaksAbout.some((tag) => own.includes(tag))),
      name,
    );
  }
  for (const { name, sources, expected } of proposals) {
    t.true(sources.length > 0, name);
    for (const reason of Object.values(expected ?? {})) t.regex(reason, /^[a-z].*[^.]$/, name);
  }
});
