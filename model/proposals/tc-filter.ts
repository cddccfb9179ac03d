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
  scenario: {
    attach(step) {
      if (!step.state.containers.get(step.value('device'))) step.call('create_qdisc');
      step.call('attach');
    },
    detach(step) {
      step.call(step.has('handle') ? 'detach' : 'delete_qdisc');
    },
  },
  expected: {
    'held-link-never-overridden': 'a replace by handle swaps the program of a filter, whoever added it',
    'held-link-never-detached-by-others':
      'anybody may delete a filter by its handle, or the qdisc with all filters',
    'last-close-restores-placeholder': 'the filter holds the program: a close detaches nothing',
    'crash-restores-placeholder': 'the filter holds the program: it survives the process that added it',
    'pinned-program-keeps-nothing-attached': 'the filter holds the program, whether it is pinned or not',
    'conflicting-attach-fails-loudly': 'there is no conflict to report: an attach always adds another filter',
    'restarted-owner-leaves-one-program':
      'an attach without a handle adds another filter: those of an earlier life pile up',
    'delete-by-name-removes-own':
      'a handle is a number that is used again, and says nothing about who added the filter',
    'container-delete-keeps-foreign': 'deleting clsact deletes the filters of everybody',
    'nothing-left-when-all-gone':
      'the qdisc goes on holding filters and programs when all processes are gone',
    'admin-restores-by-killing': 'killing the owner detaches nothing: somebody has to delete the filter',
    'holder-knows-what-runs': 'anybody may replace or delete a filter at any time, and nobody is told',
  },
  unneeded: {
    'fd-is-a-program': 'the kernel asks it of any descriptor; in this design only programs have some',
  },
});
