import test from 'ava';
import { linkFd } from '../../model/proposals/link-fd.js';
import { FW1, ROOTLET } from '../../model/proposals/rootlet.js';
import { tcFilterProposal } from '../../model/proposals/tc-filter.js';
import { follows } from '../mechanisms/script.js';
import { withSources } from '../properties/variants.js';

const final = withSources(tcFilterProposal, [
  { name: 'filter', kind: 'ordinary', verdict: 'continue' },
  { name: 'accept', kind: 'ordinary', verdict: 'final' },
]);

// github.com/microsoft/retina issue 276: a filter that returns TC_ACT_OK keeps those behind it from running.
test(
  'in a list, a final verdict ends the packet there',
  follows,
  final,
  `A.create_qdisc(eth0)           -> ok
   behind = A.load(filter)        -> fd3
   accept = A.load(accept)        -> fd4
   ahead = A.load(filter)         -> fd5
   A.attach(behind, eth0)         -> handle1
   A.attach(accept, eth0)         -> handle2
   A.attach(ahead, eth0)          -> handle3
   packet(eth0)                   -> ahead accept`,
);

const layered = withSources(linkFd, [ROOTLET, { ...FW1, placeholders: { placeholder2: 'int ()' } }]);

test(
  'the placeholders of an extension are met where it is, before the next one of its target',
  follows,
  layered,
  `rootlet = A.load(rootlet)                -> fd3
   A.attach(rootlet, eth0)                  -> fd4
   fw1 = A.load(rootlet, placeholder1, fw1) -> fd5
   A.attach(fw1)                            -> fd6
   packet(eth0)                             -> rootlet fw1 placeholder2 placeholder2`,
);

test(
  'every device has its own path',
  follows,
  linkFd,
  `rootlet = A.load(rootlet)                -> fd3
   A.attach(rootlet, eth1)                  -> fd4
   fw1 = A.load(rootlet, placeholder1, fw1) -> fd5
   A.attach(fw1)                            -> fd6
   other = A.load(rootlet)                  -> fd7
   A.attach(other, eth2)                    -> fd8
   packet(eth0)                             -> nothing
   packet(eth1)                             -> rootlet fw1 placeholder2
   packet(eth2)                             -> other placeholder1 placeholder2`,
);
