import test from 'ava';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { directoryWith } from '../project/directory.js';
import { holdfast } from '../run-holdfast.js';

const quietly = ['--exhaustive', '--no-progress'];

test.serial('a new proposal works at once, and two of its claims fall, as its comment says', (t) => {
  const cwd = directoryWith(t, {});

  const { stdout } = holdfast(['new', 'proposal', 'my-idea'], { cwd });
  t.is(stdout, 'wrote my-idea.ts\nnext: npx holdfast check ./my-idea.ts\n');
  t.true(readFileSync(path.join(cwd, 'my-idea.ts'), 'utf8').split('\n').length <= 60);

  const checked = holdfast(['check', './my-idea.ts', '--depth', '4', ...quietly], { cwd });
  t.is(checked.status, 1, checked.stderr);
  t.deepEqual(
    [...checked.stdout.matchAll(/^✗ my-idea ([\w-]+): (.*)$/gm)].map(([, claim, found]) => [claim, found]),
    [
      ['held-link-never-overridden', 'broken by 4 calls'],
      ['holder-knows-what-runs', 'broken by 4 calls'],
    ],
  );
});

test.serial('a new property speaks about a built-in proposal, and is kept by it', (t) => {
  const cwd = directoryWith(t, {});

  const { stdout } = holdfast(['new', 'property', 'no-gap'], { cwd });
  t.is(stdout, 'wrote no-gap.ts\nnext: npx holdfast check netlink-xdp --property ./no-gap.ts\n');

  const bounds = ['--bounds', 'fds=2,programs=2,pins=0'];
  const checked = holdfast(['check', 'netlink-xdp', '--property', './no-gap.ts', ...bounds, ...quietly], {
    cwd,
  });
  t.is(checked.status, 0, checked.stderr);
  t.regex(checked.stdout, /^no-gap +holds$/m);
});

test.serial('a new property falls where a gap is', (t) => {
  const cwd = directoryWith(t, {});
  holdfast(['new', 'property', 'no-gap'], { cwd });
  // An update that takes the program away and forgets to put the other one there.
  holdfast(['new', 'proposal', 'gap'], { cwd });
  const file = path.join(cwd, 'gap.ts');
  const forgetful = readFileSync(file, 'utf8')
    .replace(
      'replaceIn(s, actor, linkAt(s, device), programBehind(s, actor, fd))',
      'detach(s, linkAt(s, device))',
    )
    .replace('replaceIn,', 'detach,');
  writeFileSync(file, forgetful);

  const { status, stdout, stderr } = holdfast(
    ['check', './gap.ts', '-p', './no-gap.ts', '--depth', '3', ...quietly],
    {
      cwd,
    },
  );

  t.is(status, 1, stderr);
  t.regex(stdout, /✗ gap no-gap: broken by 3 calls/);
  t.regex(stdout, /eth0 runs nothing any more/);
});

test.serial('a new mechanism can be spread into a proposal', (t) => {
  const cwd = directoryWith(t, {});
  holdfast(['new', 'proposal', 'my-idea'], { cwd });

  const { stdout } = holdfast(['new', 'mechanism', 'force-detach'], { cwd });
  t.is(
    stdout,
    `wrote force-detach.ts
next: in a proposal
  import { forceDetachOperations } from './force-detach.ts';
and among its operations
  ...forceDetachOperations(k),
`,
  );

  const proposal = readFileSync(path.join(cwd, 'my-idea.ts'), 'utf8')
    .replace('export default', `import { forceDetachOperations } from './force-detach.ts';\nexport default`)
    .replace('    operation({', '    ...forceDetachOperations(k),\n    operation({');
  writeFileSync(path.join(cwd, 'my-idea.ts'), proposal);
  const shown = holdfast(['show', 'my-idea', '--file', './my-idea.ts'], { cwd });
  t.regex(shown.stdout, /force_detach\(.*link.*\)/, shown.stderr);
});

test.serial('in a project, new files go where the config finds them', (t) => {
  const cwd = directoryWith(t, { 'sub/x': '' });

  t.is(
    holdfast(['new', 'config'], { cwd }).stdout,
    'wrote holdfast.config.ts\nnext: npx holdfast new proposal my-idea\n',
  );
  const within = { cwd: path.join(cwd, 'sub') };
  t.regex(
    holdfast(['new', 'proposal', 'my-idea'], within).stdout,
    /^wrote \.\.\/proposals\/my-idea\.ts\nnext: npx holdfast check my-idea\n$/,
  );
  t.regex(
    holdfast(['new', 'property', 'no-gap'], within).stdout,
    /next: npx holdfast check netlink-xdp --property no-gap\n$/,
  );
  t.regex(
    holdfast(['new', 'mechanism', 'renew'], within).stdout,
    /^wrote \.\.\/mechanisms\/renew\.ts\n[^]*from '\.\.\/mechanisms\/renew\.ts'/,
  );
  t.regex(
    holdfast(['new', 'proposal', 'other', '--directory', '.'], within).stdout,
    /^wrote other\.ts\nto have it known by name, add its path to 'proposals' in \.\.\/holdfast\.config\.ts\nnext: npx holdfast check \.\/other\.ts\n$/,
  );

  const { stdout, stderr } = holdfast(['list'], within);
  t.regex(stdout, /^my-idea /m, stderr);
  t.regex(stdout, /^no-gap /m);
});

const refused: readonly (readonly [
  what: string,
  args: readonly string[],
  status: number,
  message: RegExp,
])[] = [
  ['an unknown kind', ['propsal', 'x'], 64, /There is no new 'propsal': did you mean 'proposal'\?/],
  ['a name that is none', ['proposal', 'MyIdea'], 64, /'MyIdea' is no name for a proposal: .* as my-idea\./],
  ['no name', ['property'], 64, /A new property needs a name/],
  ['a name for a config', ['config', 'mine'], 64, /A config has no name/],
  ['the name of a built-in proposal', ['proposal', 'link-fd'], 64, /There is a proposal 'link-fd' already/],
  [
    'the name of a file that there is',
    ['proposal', 'taken'],
    73,
    /cannot write taken\.ts, and nothing was changed/,
  ],
  ['a second config', ['config'], 64, /There is a config already: holdfast\.config\.mjs/],
  ['a directory that is a file', ['property', 'x', '--directory', 'taken.ts'], 73, /nothing was changed/],
];

for (const [what, args, expected, message] of refused) {
  test.serial(`refused, with nothing written: ${what}`, (t) => {
    const files = { 'taken.ts': 'mine\n', 'holdfast.config.mjs': 'export default {};' };
    const cwd = directoryWith(t, files);
    const directory = args[1] === 'taken' ? ['--directory', '.'] : [];

    const { status, stderr } = holdfast(['new', ...args, ...directory], { cwd });

    t.is(status, expected, stderr);
    t.regex(stderr, message);
    t.deepEqual(readdirSync(cwd).sort(), Object.keys(files).sort());
    t.is(readFileSync(path.join(cwd, 'taken.ts'), 'utf8'), 'mine\n');
  });
}
