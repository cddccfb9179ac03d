import test from 'ava';
import { linkFd } from '../../model/proposals/link-fd.js';
import { progArrayProposal } from '../../model/proposals/prog-array.js';
import type { Proposal } from '../../model/proposals/proposal.js';
import { tcFilterProposal } from '../../model/proposals/tc-filter.js';
import { played } from '../mechanisms/script.js';

/** What a script made true and untrue, call by call. */
function changes(proposal: Proposal, calls: string): (readonly string[])[] {
  return played(proposal, calls).steps.map(({ gained, lost }) => [
    ...lost.map((fact) => `- ${fact}`),
    ...gained.map((fact) => `+ ${fact}`),
  ]);
}

test('what a call changes is said with links, placeholders and paths', (t) => {
  const said = changes(
    linkFd,
    `rootlet = A.load(rootlet)
     device = A.attach(rootlet, eth0)
     fw1 = A.load(rootlet, placeholder1, fw1)
     link = A.attach(fw1)
     A.pin(link, /pin1)
     A.crash()
     A.restart()
     A.unpin(/pin1)`,
  );

  t.deepEqual(said, [
    [
      '+ rootlet is loaded',
      '+ rootlet.placeholder1 runs its own code',
      '+ rootlet.placeholder2 runs its own code',
    ],
    ['+ eth0 runs rootlet (device)'],
    ['+ fw1 is loaded'],
    ['- rootlet.placeholder1 runs its own code', '+ rootlet.placeholder1 runs fw1 (link)'],
    ['+ /pin1 holds link'],
    ['- eth0 runs rootlet (device)', '+ A is dead'],
    ['- A is dead'],
    [
      '- rootlet is loaded',
      '- rootlet.placeholder2 runs its own code',
      '- fw1 is loaded',
      '- rootlet.placeholder1 runs fw1 (link)',
      '- /pin1 holds link',
    ],
  ]);
});

test('what a call changes is said with qdiscs and handles', (t) => {
  const said = changes(
    tcFilterProposal,
    `A.create_qdisc(eth0)
     one = A.load(filter)
     handle = A.attach(one, eth0)
     two = A.load(filter)
     A.replace(handle, two)
     A.delete_qdisc(eth0)`,
  );

  t.deepEqual(said, [
    ['+ eth0 has its qdisc'],
    ['+ one is loaded'],
    ['+ eth0 runs one (handle1)'],
    ['+ two is loaded'],
    ['- eth0 runs one (handle1)', '+ eth0 runs two (handle1)'],
    ['- eth0 runs two (handle1)', '- eth0 has its qdisc'],
  ]);
});

test('what a call changes is said with maps and slots', (t) => {
  const said = changes(
    progArrayProposal,
    `map = A.create_map()
     prog = A.load(prog)
     A.attach(map, slot1, prog)
     A.detach(map, slot1)`,
  );

  t.deepEqual(said, [
    ['+ map exists'],
    ['+ prog is loaded'],
    ['+ map.slot1 runs prog'],
    ['- map.slot1 runs prog'],
  ]);
});
