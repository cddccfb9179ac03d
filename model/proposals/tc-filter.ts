import { deviceHooks } from '../kernel/model.js';
import { packet } from '../mechanisms/packet.js';
import { load } from '../mechanisms/load.js';
import { pins } from '../mechanisms/pins.js';
import { processes } from '../mechanisms/processes.js';
import { tcFilter } from '../mechanisms/tc-filter.js';
import { defineProposal } from './proposal.js';

export const tcFilterProposal = defineProposal({
  name: 'tc-filter',
  title: 'tc clsact filters: attaching again without a handle adds another one',
  sources: [
    'net/sched/cls_bpf.c, cls_bpf_change; net/sched/cls_api.c; net/sched/sch_api.c',
    'https://lore.kernel.org/bpf/20191115230229.qd6plwnvrmcm4pfo@ast-mbp.dhcp.thefacebook.com/',
  ],
  models:
    'filters of one direction and priority in a clsact qdisc, with handles that are used again, newest first',
  leavesOut:
    'priorities, protocols, chains, the other direction, handles chosen by the caller for a new filter',
  kernel: {
    sources: [{ name: 'filter', kind: 'ordinary', verdict: 'continue' }],
    hooks: (bounds) => deviceHooks(bounds, 'hook', false),
    loadedFor: 'none',
    attachedIn: 'none',
    containers: true,
  },
  bounds: { processes: 2, fds: 3, programs: 2, attachments: 2, maps: 0, pins: 1, devices: 1 },
  operations: (k) => [...load(k), ...tcFilter(k), ...processes(k), ...pins(k), ...packet(k)],
  expected: {},
});
