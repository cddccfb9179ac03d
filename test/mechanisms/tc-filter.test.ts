import test from 'ava';
import { tcFilterProposal } from '../../model/proposals/tc-filter.js';
import { machineOf } from '../../model/proposals/proposal.js';
import { follows, played } from './script.js';
import { walkedStates } from './walks.js';

// net/sched/cls_bpf.c, cls_bpf_change: list_add_rcu puts a filter at the head.
test(
  'a new filter runs before those that are there',
  follows,
  tcFilterProposal,
  `A.create_qdisc(eth0)      -> ok
   first = A.load(filter)    -> fd3
   second = A.load(filter)   -> fd4
   A.attach(first, eth0)     -> handle1
   A.attach(second, eth0)    -> handle2
   packet(eth0)              -> second first`,
);

test(
  'attaching again adds another filter, of the same program too',
  follows,
  tcFilterProposal,
  `A.create_qdisc(eth0)      -> ok
   prog = A.load(filter)     -> fd3
   A.attach(prog, eth0)      -> handle1
   A.attach(prog, eth0)      -> handle2
   A.attach(prog, eth0)      -> handle3
   packet(eth0)              -> prog prog prog`,
);

test(
  'a handle that was given back is the next one to be picked',
  follows,
  tcFilterProposal,
  `A.create_qdisc(eth0)      -> ok
   old = A.load(filter)      -> fd3
   other = A.load(filter)    -> fd4
   new = B.load(filter)      -> fd3
   one = A.attach(old, eth0) -> handle1
   A.attach(other, eth0)     -> handle2
   A.detach(one)             -> ok
   B.attach(new, eth0)       -> handle1
   packet(eth0)              -> new other
   A.detach(one)             -> ok         # the handle is B's filter now
   packet(eth0)              -> other`,
);

test(
  'a replacement takes the place of the filter, whoever added it',
  follows,
  tcFilterProposal,
  `A.create_qdisc(eth0)      -> ok
   first = A.load(filter)    -> fd3
   second = A.load(filter)   -> fd4
   one = A.attach(first, eth0) -> handle1
   A.attach(second, eth0)    -> handle2
   third = B.load(filter)    -> fd3
   B.replace(one, third)     -> ok
   packet(eth0)              -> second third`,
);

test(
  'filters in the middle of the list can go',
  follows,
  tcFilterProposal,
  `A.create_qdisc(eth0)      -> ok
   a = A.load(filter)        -> fd3
   b = A.load(filter)        -> fd4
   c = A.load(filter)        -> fd5
   A.attach(a, eth0)         -> handle1
   middle = A.attach(b, eth0) -> handle2
   A.attach(c, eth0)         -> handle3
   A.detach(middle)          -> ok
   packet(eth0)              -> c a
   A.attach(b, eth0)         -> handle2
   packet(eth0)              -> b c a`,
);

test(
  'a handle without a filter is ENOENT',
  follows,
  tcFilterProposal,
  `A.create_qdisc(eth0)      -> ok
   prog = A.load(filter)     -> fd3
   A.detach(handle1)         -> ENOENT
   A.replace(handle1, prog)  -> ENOENT
   one = A.attach(prog, eth0) -> handle1
   A.detach(one)             -> ok
   A.detach(one)             -> ENOENT`,
);

test(
  'filters need a qdisc, which is made once and deleted once',
  follows,
  tcFilterProposal,
  `prog = A.load(filter)     -> fd3
   A.attach(prog, eth0)      -> EINVAL
   A.delete_qdisc(eth0)      -> EINVAL
   A.create_qdisc(eth0)      -> ok
   B.create_qdisc(eth0)      -> EEXIST
   A.attach(prog, eth0)      -> handle1
   A.attach(prog, eth1)      -> EINVAL`,
);

test('deleting the qdisc deletes the filters of everybody and lets their programs go', (t) => {
  const { got, said, steps } = played(
    tcFilterProposal,
    `A.create_qdisc(eth0)    -> ok
     a = A.load(filter)      -> fd3
     b = B.load(filter)      -> fd3
     A.attach(a, eth0)       -> handle1
     B.attach(b, eth0)       -> handle2
     A.close(a)              -> ok
     B.close(b)              -> ok
     A.delete_qdisc(eth0)    -> ok
     A.create_qdisc(eth0)    -> ok
     packet(eth0)            -> nothing
     c = A.load(filter)      -> fd3
     A.attach(c, eth0)       -> handle1`,
  );

  t.deepEqual(got, said);
  t.true(steps[7]!.lost.includes('a is loaded'));
  t.true(steps[7]!.lost.includes('b is loaded'));
});

test(
  'the qdisc of another device keeps its filters, and their order',
  follows,
  tcFilterProposal,
  `A.create_qdisc(eth0)      -> ok
   A.create_qdisc(eth1)      -> ok
   a = A.load(filter)        -> fd3
   b = A.load(filter)        -> fd4
   A.attach(a, eth1)         -> handle1
   A.attach(a, eth0)         -> handle2
   A.attach(b, eth1)         -> handle3
   packet(eth1)              -> b a
   A.delete_qdisc(eth0)      -> ok
   packet(eth0)              -> nothing
   packet(eth1)              -> b a`,
);

test(
  'filters survive those who added them',
  follows,
  tcFilterProposal,
  `A.create_qdisc(eth0)      -> ok
   prog = A.load(filter)     -> fd3
   A.attach(prog, eth0)      -> handle1
   A.crash()                 -> ok
   packet(eth0)              -> prog`,
);

test('in any state the filters of each device are numbered in the order in which they run, without a gap', (t) => {
  const machine = machineOf(tcFilterProposal, { devices: 2, attachments: 4 });
  const { state } = machine;

  for (const row of walkedStates(machine)) {
    machine.load(row, 0);
    for (const device of [0, 1]) {
      const filters = state.attachments.filter(({ attached, hook }) => attached && hook === device);
      const ranks = filters.map(({ rank }) => rank).sort();
      if (ranks.some((rank, i) => rank !== i)) t.fail(`eth${device}: ${ranks.join()}`);
    }
  }
  t.pass();
});
