import test from 'ava';
import { CaseSyntaxError } from '../../corpus/index.js';
import { parseScenario } from '../../scenario/index.js';

const HEAD = 'scenario: two tools\n';

/** The error that a scenario of these steps is refused with; the first step is line 2. */
function errorOf(...steps: string[]): string {
  try {
    parseScenario(HEAD + steps.join('\n'), 'x.scenario');
  } catch (error) {
    if (error instanceof CaseSyntaxError) return error.message;
    throw error;
  }
  return 'no error';
}

test('a scenario has a title, origins and steps; comments and blank lines are no part of it', (t) => {
  const read = parseScenario(
    '# about two tools\r\nscenario: two tools\r\norigin: a mail\r\norigin: another mail\r\n\r\n' +
      'prog1 =  A.load( program )  # the first\r\n\r\nA.attach(prog1, eth0)\r\npacket(eth0)\r\n',
    'x.scenario',
  );
  t.is(read.title, 'two tools');
  t.deepEqual(read.origins, ['a mail', 'another mail']);
  t.deepEqual(
    read.steps.map(({ line, actor, result, deed }) => ({ line, actor, result, deed })),
    [
      { line: 6, actor: 'A', result: 'prog1', deed: { verb: 'load', loads: 'program' } },
      { line: 8, actor: 'A', result: undefined, deed: { verb: 'attach', program: 'prog1', device: 'eth0' } },
      { line: 9, actor: undefined, result: undefined, deed: { verb: 'packet', device: 'eth0' } },
    ],
  );
});

test('all verbs are read', (t) => {
  const { steps } = parseScenario(
    [
      'scenario: everything',
      'root = A.load(rootlet)',
      'fw = A.load(fw1, root)',
      'link = A.attach(fw, root)',
      'other = A.load(fw2, root)',
      'A.replace(link, other)',
      'A.detach(link)',
      'A.detach(eth3)',
      'A.pin(root, /pin1)',
      'root_B = B.get(/pin1)',
      'B.unpin(/pin1)',
      'fw_B = A.send(fw, B)',
      'B.close(fw_B)',
      'A.crash()',
      'A.restart()',
    ].join('\n'),
    'x.scenario',
  );
  t.deepEqual(
    steps.map(({ deed }) => deed),
    [
      { verb: 'load', loads: 'rootlet' },
      { verb: 'load', loads: 'fw1', target: 'root' },
      { verb: 'attach', program: 'fw', target: 'root' },
      { verb: 'load', loads: 'fw2', target: 'root' },
      { verb: 'replace', attached: 'link', program: 'other' },
      { verb: 'detach', attached: 'link' },
      { verb: 'detach', device: 'eth3' },
      { verb: 'pin', name: 'root', path: '/pin1' },
      { verb: 'get', path: '/pin1' },
      { verb: 'unpin', path: '/pin1' },
      { verb: 'send', name: 'fw', to: 'B' },
      { verb: 'close', name: 'fw_B' },
      { verb: 'crash' },
      { verb: 'restart' },
    ],
  );
});

const LOADED = 'prog = A.load(program)';
const ATTACHED = 'link = A.attach(prog, eth0)';

const faults: readonly (readonly [string, readonly string[], string])[] = [
  ['an unknown verb', ['A.lode(program)'], "2:3: there is no step 'lode'; did you mean 'load'?"],
  [
    'an unknown program',
    ['p = A.load(progam)'],
    "2:12: there is no program 'progam'; did you mean 'program'?",
  ],
  ['an unknown device', ['packet(eht0)'], "2:8: there is no device 'eht0'; did you mean 'eth0'?"],
  ['an unknown path', [LOADED, 'A.pin(prog, pin1)'], "3:13: there is no path 'pin1'; did you mean '/pin1'?"],
  [
    'an unknown name',
    [LOADED, 'A.attach(porg, eth0)'],
    "3:10: nothing is called 'porg' here; did you mean 'prog'?",
  ],
  [
    'a name before what makes it',
    ['A.attach(prog, eth0)', LOADED],
    "2:10: nothing is called 'prog' here; it is what line 3 makes, and can only be used below that",
  ],
  [
    'an attachment where a program is needed',
    [LOADED, ATTACHED, 'A.attach(link, eth1)'],
    "4:10: 'link' is something attached, and 'attach' takes a program here; known here: prog",
  ],
  [
    'a program where an attachment is needed',
    [LOADED, ATTACHED, 'A.detach(prog)'],
    "4:10: 'prog' is a program, and 'detach' takes something attached here; known here: link, eth0, eth1, eth2, eth3",
  ],
  [
    "another's program",
    [LOADED, 'B.attach(prog, eth0)'],
    "3:10: 'prog' is A's, not B's; write 'prog_B = A.send(prog, B)' above, and use that",
  ],
  [
    'what was closed',
    [LOADED, 'A.close(prog)', 'A.attach(prog, eth0)'],
    "4:10: A does not have 'prog' any more; it was closed in line 3",
  ],
  [
    'what went with its owner',
    [LOADED, 'A.crash()', 'A.restart()', 'A.attach(prog, eth0)'],
    "5:10: A does not have 'prog' any more; it went with A in line 3",
  ],
  [
    'a dead actor',
    [LOADED, 'A.crash()', 'A.close(prog)'],
    "4:1: A crashed in line 3; write 'A.restart()' above",
  ],
  ['a restart of one who is alive', ['A.restart()'], '2:1: A is alive; only who has crashed can restart'],
  [
    'a dead receiver',
    [LOADED, 'B.crash()', 'b = A.send(prog, B)'],
    "4:18: B crashed in line 3; write 'B.restart()' above",
  ],
  ['a send to oneself', [LOADED, 'again = A.send(prog, A)'], '3:22: A sends to itself; name another actor'],
  [
    'a program for a program that needs none',
    [LOADED, 'other = A.load(program, prog)'],
    "3:25: 'program' is loaded for no other program; write 'load(program)'",
  ],
  [
    'a name that is a device',
    ['eth0 = A.load(program)'],
    "2:1: 'eth0' is a device, and cannot be a name; choose another name",
  ],
  ['a packet that somebody sends', ['A.packet(eth0)'], "2:1: nobody sends a packet; leave out 'A.'"],
  [
    'a step that nobody makes',
    ['load(program)'],
    "2:1: somebody must do 'load'; write who does, as in 'A.load(program)'",
  ],
  [
    'an actor of more than a letter',
    ['Bob.crash()'],
    "2:1: there is no actor 'Bob'; actors are called A, B, C, …",
  ],
  [
    'a wrong number of words',
    [LOADED, 'A.attach(prog)'],
    "3:3: 'attach' does not take one word; write attach(program, eth0) or attach(fw, root)",
  ],
  [
    'a firewall for nothing',
    ['fw = A.load(fw1)'],
    "2:8: 'fw1' is loaded for another program; write for which, as in 'load(fw1, root)': some designs have to know it",
  ],
  [
    'a name for what makes nothing',
    [LOADED, 'x = A.close(prog)'],
    "3:1: 'close' makes nothing that could be called 'x'; leave out 'x ='",
  ],
  [
    'an outcome',
    ['prog = A.load(program) -> fd3'],
    "2:27: a step says nothing of its outcome, which differs from design to design; leave out '-> fd3'; what you expect can stand behind '#'",
  ],
  [
    'a call that is none',
    ['prog = A.'],
    "2:10: a verb is expected here, not the end of the line; write a call as 'prog1 = A.load(program)'",
  ],
  [
    'a late header',
    ['A.crash()', 'origin: a mail'],
    "3:1: the header 'origin' stands below a call; move it above the first call",
  ],
  [
    'a second title',
    ['scenario: again'],
    "2:1: the header 'scenario' stands here again; remove one of them: it stands in line 1 already",
  ],
  ['an unknown header', ['orign: a mail'], "2:1: there is no header 'orign'; did you mean 'origin'?"],
  ['no step', [], '1:1: nothing happens in this scenario; write a step below the headers'],
];

for (const [what, steps, expected] of faults) {
  test(`${what} is complained about where it stands, with what would be right`, (t) => {
    t.is(errorOf(...steps), `x.scenario:${expected}`);
  });
}

test('without a title there is no scenario', (t) => {
  const error = t.throws(() => parseScenario('packet(eth0)\n', 'x.scenario'), {
    instanceOf: CaseSyntaxError,
  });
  t.is(
    error.message,
    "x.scenario:1:1: the header 'scenario' is missing; write 'scenario: ' and what it shows, in a few words",
  );
});
