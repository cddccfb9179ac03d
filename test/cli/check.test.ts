import test from 'ava';
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { holdfast, packageRoot } from '../run-holdfast.js';

const claim = ['-p', 'held-link-never-overridden'];
const quick = ['--exhaustive', '--depth', '4', '--no-cases', '--no-progress'];

function directory(t: { teardown(fn: () => void): void }): string {
  const made = mkdtempSync(path.join(tmpdir(), 'holdfast-cli-'));
  t.teardown(() => {
    rmSync(made, { recursive: true, force: true });
  });
  return made;
}

test('an expected violation is no failure', (t) => {
  const { status, stdout, stderr } = holdfast(['check', 'netlink-xdp', ...claim, ...quick]);
  t.is(status, 0, stdout);
  t.is(stderr, '');
  t.regex(stdout, /✗ 4/);
});

test('statistics say what was refused by which check, and how near a witness came', (t) => {
  const { stdout } = holdfast([
    'check',
    'link-fd',
    ...['-p', 'attachment-outlives-processes', '--without', 'pin', '--statistics'],
    ...quick,
  ]);
  // Nothing can be pinned, so that the last crash takes along what was attached.
  t.regex(stdout, /^ +\d+ +device-is-free$/m);
  t.regex(
    stdout,
    /^ *nearest: 1 of 2 conditions; met: something is attached; missing: all processes are gone$/m,
  );
});

test('up to symmetry, fewer states come to the same verdicts', (t) => {
  const asked = ['check', 'netlink-xdp', ...claim, ...quick];
  const all = holdfast([...asked, '--format', 'json', '--no-symmetry']).stdout;
  const some = holdfast([...asked, '--format', 'json', '--symmetry']).stdout;
  const read = (json: string) =>
    (
      JSON.parse(json) as {
        proposals: [{ searches: [{ states: number }]; findings: [{ verdict: unknown }] }];
      }
    ).proposals[0];

  t.true(read(some).searches[0].states * 3 < read(all).searches[0].states);
  t.deepEqual(read(some).findings[0].verdict, read(all).findings[0].verdict);
});

test('designs that come with Holdfast are looked at up to symmetry, and what nobody has tested so is not', (t) => {
  const asked = ['check', ...quick];
  t.regex(holdfast([...asked, 'netlink-xdp', ...claim]).stdout, /up to symmetry/);
  for (const other of [
    ['netlink-xdp', ...claim, '--no-symmetry'],
    ['netlink-xdp', ...claim, '--without', 'crash'],
    ['linux-before-links', ...claim, '--depth', '1'],
    ['./test/models/attach-v3.ts', ...claim],
  ])
    t.notRegex(holdfast([...asked, ...other]).stdout, /up to symmetry/);
});

test('what tells interchangeable things apart ends a search up to symmetry with 65, and is said', (t) => {
  const { status, stderr } = holdfast([
    'check',
    './test/models/attach-v4.ts',
    ...['--exhaustive', '--no-cases', '--no-progress', '--symmetry'],
  ]);

  t.is(status, 65);
  t.regex(stderr, /cannot be searched up to symmetry: a free place of a table is still referred to/);
});

test('an unexpected violation exits with 1 and shows the calls and the command that finds them again', (t) => {
  const { status, stdout } = holdfast([
    'check',
    'link-fd',
    '-p',
    'exclusive-hook-has-one-owner',
    '--without',
    'device-is-free',
    ...quick,
  ]);
  t.is(status, 1);
  t.regex(stdout, /3 +A +link2 = attach\(rootlet, eth0\) +fd5/);
  const command = /replay +npx holdfast (.*)$/m.exec(stdout)![1]!;
  const again = holdfast([...command.split(' '), '--no-cases', '--no-progress']);
  t.is(again.status, 1);
  t.regex(again.stdout, /link2 = attach\(rootlet, eth0\)/);
});

test('an expected violation that does not come exits with 1 once the space is closed', (t) => {
  const { status, stdout } = holdfast([
    'check',
    'netlink-xdp',
    ...claim,
    '--exhaustive',
    '--no-cases',
    '--no-progress',
    '--bounds',
    'processes=1,fds=2,programs=2,pins=0',
  ]);
  t.is(status, 1, stdout);
});

test('what is undecided exits with 0, and with 2 under --strict', (t) => {
  const args = [
    'check',
    'link-fd',
    '-p',
    'extension-runs',
    '--exhaustive',
    '--depth',
    '2',
    '--no-cases',
    '--no-progress',
  ];
  t.is(holdfast(args).status, 0);
  t.is(holdfast([...args, '--strict']).status, 2);
});

const usage: readonly (readonly [what: string, args: readonly string[], message: RegExp])[] = [
  ['an unknown proposal', ['check', 'lnk-fd'], /no proposal 'lnk-fd': did you mean 'link-fd'\?/],
  ['a misspelt command', ['repaly'], /did you mean 'replay'\?/],
  [
    'an unknown property',
    ['check', '-p', 'held-link-never-overriden'],
    /did you mean 'held-link-never-overridden'\?/,
  ],
  [
    'an unknown bound',
    ['check', '--bounds', 'proceses=2'],
    /no bound 'proceses': did you mean 'processes'\?/,
  ],
  ['a bound out of range', ['check', '--bounds', 'processes=99'], /whole number from 1 to 26, not '99'/],
  ['a bound without a number', ['check', '--bounds', 'fds'], /--bounds fds takes a whole number/],
  [
    'an unknown switch',
    ['check', 'link-fd', '--without', 'device-is-fre'],
    /did you mean 'device-is-free'\?/,
  ],
  ['an unknown format', ['check', '--format', 'jsn'], /did you mean 'json'\?/],
  [
    'a depth that is no number',
    ['check', '--depth', 'deep'],
    /--depth takes a whole number of at least 0, not 'deep'/,
  ],
  ['an unknown option', ['check', '--fast'], /unknown option '--fast'/],
  ['an unknown thing to show', ['show', 'link-fdd'], /did you mean 'link-fd'\?/],
  ['an unknown list', ['list', 'case'], /did you mean 'cases'\?/],
  ['a corpus that is not there', ['replay', '--corpus', 'nowhere'], /nowhere/],
];

for (const [what, args, message] of usage) {
  test(`${what} exits with 64 and says what would be right`, (t) => {
    const { status, stdout, stderr } = holdfast(args);
    t.is(status, 64, stderr);
    t.regex(stderr, message);
    t.is(stdout, '');
  });
}

test('without a terminal there is no colour, and nothing but the result on stdout', (t) => {
  const { stdout } = holdfast(['check', 'netlink-xdp', ...claim, ...quick]);
  // eslint-disable-next-line no-control-regex
  t.notRegex(stdout, /\u001b/);
});

test('the same check prints the same bytes, timings apart', (t) => {
  const args = [
    'check',
    'tc-filter',
    'btf-copy',
    '--runs',
    '100',
    '--max-states',
    '3000',
    '--no-progress',
    '--format',
    'json',
  ];
  const withoutTimes = (text: string): string => text.replace(/"milliseconds": \d+/g, '');
  t.is(withoutTimes(holdfast(args).stdout), withoutTimes(holdfast(args).stdout));
});

test('the random search finds the same shortest counterexample as the exhaustive one', (t) => {
  const calls = (method: string): unknown => {
    const { stdout } = holdfast([
      'check',
      'netlink-xdp',
      ...claim,
      method,
      '--no-cases',
      '--no-progress',
      '--format',
      'json',
    ]);
    const report = JSON.parse(stdout) as {
      proposals: { findings: { counterexample: { steps: unknown } }[] }[];
    };
    return report.proposals[0]!.findings[0]!.counterexample.steps;
  };
  t.truthy(calls('--random'));
  t.deepEqual(calls('--random'), calls('--exhaustive'));
});

test('limits on states and memory end a search with what is known', (t) => {
  for (const limit of [
    ['--max-states', '5000'],
    ['--memory', '1'],
    ['--time', '0.05'],
    ['--threads', '2', '--time', '0.5'],
  ]) {
    const { status, stdout } = holdfast([
      'check',
      'link-fd',
      '-p',
      'no-dangling-reference',
      '--exhaustive',
      '--no-symmetry',
      '--no-cases',
      '--no-progress',
      ...limit,
    ]);
    t.is(status, 0, stdout);
    t.regex(stdout, /≤/);
  }
});

for (const threads of ['1', '2']) {
  test(`Ctrl-C prints what is known so far and exits with 130, with --threads ${threads}`, async (t) => {
    const command = path.join(packageRoot, 'dist/cli/holdfast.js');
    const bounds = ['--bounds', 'processes=3,programs=4'];
    const args = ['check', 'link-fd', ...bounds, '--no-cases', '--no-progress', '--threads', threads];
    const child = spawn(process.execPath, [command, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    let stdout = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    setTimeout(() => child.kill('SIGINT'), 3000);
    const status = await new Promise((resolve) => child.on('close', resolve));
    t.is(status, 130);
    t.regex(stdout, /held-link-never-overridden +≤/);
  });
}

test('several threads print what one prints', (t) => {
  const asked = ['check', 'link-fd', '-p', 'no-dangling-reference', '--exhaustive', '--no-cases'];
  const [one, two, many] = ['1', '2', '64'].map((threads) => {
    const { stdout } = holdfast([...asked, '--no-progress', '--format', 'json', '--threads', threads]);
    return stdout.replace(/"milliseconds": \d+/, '');
  });
  t.is(two, one);
  t.is(many, one);
});

test('counterexamples are added to the corpus once, and replay', (t) => {
  const corpus = path.join(directory(t), 'cases');
  const args = [
    'check',
    'netlink-xdp',
    ...claim,
    '--exhaustive',
    '--depth',
    '4',
    '--add',
    '--corpus',
    corpus,
    '--no-progress',
  ];
  holdfast([
    'check',
    'netlink-xdp',
    ...claim,
    '--exhaustive',
    '--depth',
    '1',
    '--no-progress',
    '--add',
    '--no-cases',
    '--corpus',
    corpus,
  ]);
  t.is(holdfast([...args, '--no-cases']).status, 0);
  t.deepEqual(readdirSync(path.join(corpus, 'netlink-xdp')), ['held-link-never-overridden.case']);
  t.is(holdfast(args).status, 0);
  t.deepEqual(readdirSync(path.join(corpus, 'netlink-xdp')), ['held-link-never-overridden.case']);
  t.is(holdfast(['replay', '--corpus', corpus]).status, 0);
});

test('a counterexample from beyond the bounds of the exhaustive search is added as it was found', (t) => {
  const corpus = path.join(directory(t), 'cases');
  const claimOfAll = ['-p', 'nothing-left-when-all-gone'];
  const random = ['--random', '--runs', '300', '--no-cases', '--no-progress'];

  const { status, stderr } = holdfast([
    'check',
    'netlink-xdp',
    ...claimOfAll,
    ...random,
    '--add',
    '--corpus',
    corpus,
  ]);

  t.is(status, 0, stderr);
  const file = path.join(corpus, 'netlink-xdp/nothing-left-when-all-gone.case');
  // The third process that only the random search has.
  t.regex(readFileSync(file, 'utf8'), /^C\.crash\(\) +-> ok$/m);
  t.is(holdfast(['replay', '--corpus', corpus]).status, 0);
});

test('a claim that a stored case breaks is broken, whatever a random search drew, and not where none was asked for', (t) => {
  const few = ['--max-states', '100', '--runs', '1', '--no-progress'];
  const args = ['check', 'linux-before-links', '-p', 'running-dispatcher-keeps-its-slots', ...few];

  t.regex(holdfast([...args, '--all']).stdout, /^ +replay .*running-dispatcher-keeps-its-slots\.case$/m);
  for (const otherwise of [['--no-cases'], ['--exhaustive'], ['--length', '5'], ['--bounds', 'maps=0']])
    t.regex(holdfast([...args, ...otherwise]).stdout, /: 0 kept, 1 undecided\.$/m, otherwise.join(' '));
});

test('a corpus that cannot be written is named, and exits with 73', (t) => {
  const file = path.join(directory(t), 'file');
  writeFileSync(file, '');
  const { status, stderr } = holdfast([
    'check',
    'netlink-xdp',
    ...claim,
    ...quick,
    '--add',
    '--corpus',
    `${file}/cases`,
  ]);
  t.is(status, 73, stderr);
  t.regex(stderr, /cannot write .*file/);
});

test('a case that changed fails the check, and says how to accept it', (t) => {
  const corpus = directory(t);
  const file = path.join(corpus, 'changed.case');
  const text = [
    'case: somebody believed that this is refused',
    'proposal: netlink-xdp',
    'property: held-link-never-overridden',
    'expect: kept',
    '',
    'one = A.load(prog) -> fd3',
    'A.attach(one, eth0) -> ok',
    'two = B.load(prog) -> fd3',
    'B.attach(two, eth0) -> EBUSY',
    '',
  ].join('\n');
  writeFileSync(file, text);
  const { status, stdout } = holdfast([
    'check',
    'netlink-xdp',
    ...claim,
    '--exhaustive',
    '--depth',
    '1',
    '--no-progress',
    '--corpus',
    corpus,
  ]);
  t.is(status, 1);
  const oneLine = stdout.replace(/\s+/g, ' ');
  t.regex(oneLine, /came to 'EBUSY', and now comes to 'ok'/);
  t.regex(oneLine, /accept it: holdfast replay --accept/);
  t.is(readFileSync(file, 'utf8'), text);
  t.is(holdfast(['replay', '--accept', file]).status, 0);
  t.is(holdfast(['replay', file]).status, 0);
  t.regex(readFileSync(file, 'utf8'), /expect: violated/);
});

test('a case that cannot be read exits with 65 and names line and column', (t) => {
  const { status, stderr } = holdfast(['replay', '-'], {
    input: 'case: x\nproposal: netlink-xdp\nproprety: y\n',
  });
  t.is(status, 65, stderr);
  t.regex(stderr, /standard input:3:1/);
  t.regex(stderr, /property/);
});

test('a proposal of one’s own that throws is named with its line and the calls that lead there, and exits with 65', (t) => {
  const file = path.join(directory(t), 'throws.ts');
  writeFileSync(
    file,
    `import { defineProposal, deviceHooks, load, operation, processes } from 'holdfast';
export default defineProposal({
  name: 'throws', title: 't', sources: [], models: '', leavesOut: '',
  kernel: { sources: [{ name: 'prog', kind: 'ordinary' }], hooks: (b) => deviceHooks(b, 'link'), loadedFor: 'none', attachedIn: 'none' },
  bounds: { processes: 1, fds: 2, programs: 1, attachments: 1, maps: 0, pins: 0, devices: 1 },
  operations: (k) => [...load(k), ...processes(k), operation({
    verb: 'boom', summary: 'fails', params: { actor: k.domains.process },
    possible: [{ name: 'loaded', isBound: false, test: (s) => s.programs[0].live }],
    effect: () => { throw new Error('not today'); },
  })],
});
`,
  );
  for (const method of ['--exhaustive', '--random']) {
    const { status, stderr } = holdfast(['check', file, method, '--no-cases', '--no-progress']);
    t.is(status, 65, stderr);
    t.regex(stderr, /the operation 'boom' of 'throws' failed: not today/);
    t.regex(stderr, /throws\.ts:9/);
    t.regex(stderr, /= [AB]\.load\(prog\) -> fd3\n(?:.*\n)* {2}boom\(…\)/);
  }
});

test('a proposal of one’s own that cannot be built is named with the reason, and exits with 65', (t) => {
  const file = path.join(directory(t), 'twice.ts');
  writeFileSync(
    file,
    `import { defineProposal, deviceHooks, load, processes } from 'holdfast';
export default defineProposal({
  name: 'twice', title: 't', sources: [], models: '', leavesOut: '',
  kernel: { sources: [{ name: 'prog', kind: 'ordinary' }], hooks: (b) => deviceHooks(b, 'link'), loadedFor: 'none', attachedIn: 'none' },
  bounds: { processes: 1, fds: 2, programs: 1, attachments: 1, maps: 0, pins: 0, devices: 1 },
  operations: (k) => [...load(k), ...load(k), ...processes(k)],
});
`,
  );
  const { status, stderr } = holdfast(['check', file, '--no-cases', '--no-progress']);
  t.is(status, 65, stderr);
  t.regex(stderr, /'twice' has two operations called 'load'/);
});

test('every command explains itself with an example', (t) => {
  for (const command of ['check', 'replay', 'list', 'show', 'minimise', 'prune']) {
    const { status, stdout } = holdfast([command, '--help']);
    t.is(status, 0);
    t.regex(stdout, /Examples?:\n +holdfast/);
  }
});

test('every built-in proposal and property can be shown', (t) => {
  const { stdout } = holdfast(['list']);
  const names = stdout.split('\n').flatMap((line) => (line === '' ? [] : [line.split(' ')[0]!]));
  t.true(names.length > 40);
  for (const name of names.filter((_, i) => i % 6 === 0)) {
    const { status, stdout: shown } = holdfast(['show', name]);
    t.is(status, 0);
    t.true(shown.startsWith(`${name}: `));
  }
});

test('a bitstate search says how far it looked, and never that a claim holds', (t) => {
  const { status, stdout, stderr } = holdfast([
    'check',
    'link-fd',
    ...['-p', 'exclusive-hook-has-one-owner', '--bitstate', '--memory', '1', '--max-states', '20000'],
    ...['--no-cases', '--no-progress'],
  ]);
  t.is(status, 0, stderr);
  const text = stdout.replace(/\s+/g, ' ');
  t.regex(text, /claim holds for [\d,]+ states met depth first, known by their bits \(\d+ bits a state/);
  t.regex(text, /stopped: states, seed 1 /);
  t.notRegex(text, /kept in all states/);
});

test('a violation that a bitstate search finds is as short as that of an exhaustive one', (t) => {
  const { status, stdout } = holdfast([
    'check',
    'link-fd',
    ...['-p', 'exclusive-hook-has-one-owner', '--without', 'device-is-free', '--bitstate', '--memory', '1'],
    ...['--max-states', '50000', '--no-cases', '--no-progress'],
  ]);
  t.is(status, 1);
  t.regex(stdout, /3 +A +link2 = attach\(rootlet, eth0\) +fd5/);
});

test('a search that keeps fingerprints tells the odds of a missed state, and never that a claim holds', (t) => {
  const asked = ['check', 'link-fd', '-p', 'exclusive-hook-has-one-owner', '--exhaustive'];
  const quiet = ['--bounds', 'pins=0,attachments=1', '--no-cases', '--no-progress'];
  const { status, stdout, stderr } = holdfast([...asked, ...quiet, '--store', 'fingerprints']);
  t.is(status, 0, stderr);
  const text = stdout.replace(/\s+/g, ' ');
  t.regex(
    text,
    /claim holds for all states and calls within the bounds, unless two states share a 64-bit fingerprint \(odds: at most 1 in [\d,]+\)/,
  );
  t.regex(text, /stopped: fingerprints, seed 1 /);
  t.notRegex(text, /kept in all states/);
});

test('each way of drawing finds what is broken; the same seed draws the same in any of them', (t) => {
  for (const draw of ['targeted', 'swarm', 'plain']) {
    const asked = ['check', 'netlink-xdp', ...claim, '--random', '--runs', '200', '--draw', draw];
    const quiet = ['--no-cases', '--no-progress', '--format', 'json'];
    const [one, other] = [1, 2].map(() =>
      holdfast([...asked, ...quiet]).stdout.replace(/"milliseconds": \d+/g, '"milliseconds": 0'),
    );
    t.regex(one!, /"kind": "violated",\n +"calls": 4/);
    t.is(one, other);
  }
});

const wrongSearches: readonly (readonly [args: readonly string[], message: RegExp])[] = [
  [['--shard', '1/2'], /--shard is for searches that leave something to chance/],
  [['--exhaustive', '--shard', '1/2'], /Give --random, or --bitstate, or both\./],
  [
    ['--random', '--shard', '3/2'],
    /--shard takes the number of a part and of how many, as 2\/4 \(up to 1000\), not '3\/2'\./,
  ],
  [['--random', '--shard', 'all'], /not 'all'\./],
  [['--draw', 'lots'], /--draw does not know 'lots'/],
  [['--store', 'notes'], /--store does not know 'notes'/],
  [['--random', '--store', 'fingerprints'], /give --exhaustive\./],
  [['--bitstate', '--store', 'fingerprints'], /give --exhaustive\./],
  [['--threads', '0'], /--threads takes a whole number from 1 to 64/],
  [['--random', '--threads', '2'], /give --exhaustive; random and bitstate searches are shared by --shard\./],
  [
    ['--bitstate', '--threads', '2'],
    /give --exhaustive; random and bitstate searches are shared by --shard\./,
  ],
  [['--exhaustive', '--store', 'fingerprints', '--threads', '2'], /or leave out --threads\./],
  [['--exhaustive', '--store', 'fingerprints', '--statistics'], /or leave out --statistics\./],
  [['--exhaustive', '--store', 'fingerprints', '--checkpoint', 'a'], /or leave out --checkpoint\./],
  [['--exhaustive', '--store', 'fingerprints', '--symmetry'], /or leave out --symmetry\./],
];

for (const [args, message] of wrongSearches) {
  test(`check ${args.join(' ')} is refused with 64`, (t) => {
    const { status, stdout, stderr } = holdfast(['check', 'link-fd', ...args]);
    t.is(status, 64);
    t.is(stdout, '');
    t.regex(stderr, message);
  });
}
