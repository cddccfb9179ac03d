import test from 'ava';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { holdfast } from '../run-holdfast.js';

/** Links with an update in place, which no built-in design has, under a verb of its own; small enough to be searched at once. */
const PROPOSAL = `
import {
  actorIsAlive, defineProposal, deviceHooks, deviceLink, fdIsOpen, guard, linkBehind, load, NONE, operation, packet,
  processes, programBehind, replaceIn,
} from 'holdfast';

export default defineProposal({
  name: 'link-with-update',
  title: 'links on devices, with update in place',
  sources: ['Linux commit f9d041271cf4'],
  models: 'attach, update, close',
  leavesOut: 'the rest',
  kernel: {
    sources: [{ name: 'prog', kind: 'ordinary' }],
    hooks: (bounds) => deviceHooks(bounds, 'link'),
    loadedFor: 'none',
    attachedIn: 'none',
  },
  bounds: { processes: 2, fds: 2, programs: 1, attachments: 1, maps: 0, pins: 0, devices: 1 },
  operations: (k) => [
    ...load(k),
    ...deviceLink(k),
    operation({
      verb: 'update',
      summary: 'another program in the place of the one that a link attaches',
      params: { actor: k.domains.process, link: k.domains.fd, program: k.domains.fd },
      possible: [actorIsAlive],
      guards: [
        fdIsOpen,
        guard('fd-is-a-link', 'EINVAL', (s, actor, link) => linkBehind(s, actor, link) !== NONE),
        guard('fd-is-a-program', 'EINVAL', (s, actor, _link, fd) => programBehind(s, actor, fd) !== NONE),
      ],
      effect: (s, actor, link, fd) => {
        replaceIn(s, actor, linkBehind(s, actor, link), programBehind(s, actor, fd));
      },
    }),
    ...processes(k),
    ...packet(k),
  ],
});
`;

function directory(t: { teardown(fn: () => void): void }): string {
  const made = mkdtempSync(path.join(tmpdir(), 'holdfast-compare-'));
  t.teardown(() => {
    rmSync(made, { recursive: true, force: true });
  });
  writeFileSync(path.join(made, 'update.mjs'), PROPOSAL);
  return made;
}

test('a stored scenario goes in every design, side by side', (t) => {
  const { status, stdout, stderr } = holdfast(['compare', '--scenario', 'two-tools']);
  t.is(status, 0);
  t.is(stderr, '');
  const lines = stdout.split('\n');
  t.is(lines[0], 'two tools attach to the same device');
  t.regex(stdout, /^▶ {2}B\.attach\(prog2, eth0\) +ok +ok/m);
  t.regex(
    stdout,
    /^▶ First difference, at B\.attach\(prog2, eth0\): refused in link-fd[^.]*; done in netlink-xdp/m,
  );
});

test("a user's proposal says a scenario in its own calls, found by the names of their parameters", (t) => {
  const cwd = directory(t);
  const { status, stdout } = holdfast(['compare', './update.mjs', '--scenario', 'lost-update', '--calls'], {
    cwd,
  });
  t.is(status, 0);
  t.regex(stdout, /^ +update\(link_B, prog2\)$/m);
  t.regex(stdout, /^packet\(eth0\) +prog3$/m);
});

test('claims are what an exhaustive check says', (t) => {
  const cwd = directory(t);
  const compared = holdfast(['compare', './update.mjs', '--no-progress', '--format', 'json'], { cwd });
  t.is(compared.status, 0, compared.stderr);
  const checked = holdfast(
    ['check', './update.mjs', '--exhaustive', '--no-cases', '--no-progress', '--format', 'json'],
    { cwd },
  );
  const { proposals } = JSON.parse(checked.stdout) as {
    proposals: { findings: { property: string; status: string; verdict: Record<string, unknown> }[] }[];
  };
  const { claims, scenarios } = JSON.parse(compared.stdout) as {
    claims: { property: string; verdicts: Record<string, unknown>[] }[];
    scenarios: { name: string }[];
  };
  t.deepEqual(
    claims.map(({ property, verdicts }) => [property, verdicts]),
    proposals[0]!.findings.map(({ property, status, verdict }) => [
      property,
      [{ proposal: 'link-with-update', status, ...verdict }],
    ]),
  );
  t.true(claims.length > 10);
  t.true(scenarios.some(({ name }) => name === 'two-tools'));
});

test('the same again is the same text', (t) => {
  const args = ['compare', '--scenario', 'handle-theft', '--format', 'json'];
  t.is(holdfast(args).stdout, holdfast(args).stdout);
});

test('a scenario is read from a file, and from standard input', (t) => {
  const cwd = directory(t);
  const text = 'scenario: mine\n\np = A.load(program)\nA.attach(p, eth0)\npacket(eth0)\n';
  writeFileSync(path.join(cwd, 'mine.scenario'), text);
  const fromFile = holdfast(['compare', 'link-fd', '--scenario', 'mine.scenario'], { cwd });
  t.is(fromFile.status, 0);
  t.regex(fromFile.stdout, /^packet\(eth0\) +p$/m);
  const fromInput = holdfast(['compare', 'link-fd', '--scenario', '-'], { cwd, input: text });
  t.is(fromInput.stdout, fromFile.stdout);
});

test("a user's scenario takes the place of a stored one of its name", (t) => {
  const cwd = directory(t);
  const own = path.join(cwd, 'own');
  writeFileSync(path.join(cwd, 'holdfast.config.mjs'), "export default { scenarios: './own' };\n");
  t.is(holdfast(['list', 'scenarios'], { cwd }).status, 0);
  mkdirSync(own);
  writeFileSync(path.join(own, 'two-tools.scenario'), 'scenario: mine\npacket(eth0)\n');
  const { stdout } = holdfast(['list', 'scenarios'], { cwd });
  t.regex(stdout, /^two-tools +mine$/m);
  t.regex(stdout, /^owner-crashes /m);
});

test('a mistake names file, line, column and the nearest word, and exits with 65', (t) => {
  const cwd = directory(t);
  writeFileSync(path.join(cwd, 'x.scenario'), 'scenario: x\np = A.load(program)\nA.atach(p, eth0)\n');
  const { status, stdout, stderr } = holdfast(['compare', '--scenario', 'x.scenario'], { cwd });
  t.is(status, 65);
  t.is(stdout, '');
  t.is(stderr, "holdfast: x.scenario:3:3: there is no step 'atach'; did you mean 'attach'?\n");
});

test('an unknown scenario, and a file that is not there, are usage errors', (t) => {
  const unknown = holdfast(['compare', '--scenario', 'two-tool']);
  t.is(unknown.status, 64);
  t.is(unknown.stderr, "holdfast: There is no scenario 'two-tool': did you mean 'two-tools'?\n");
  const absent = holdfast(['compare', '--scenario', './absent.scenario']);
  t.is(absent.status, 64);
  t.is(absent.stderr, 'holdfast: cannot read ./absent.scenario: there is no such file or directory\n');
});

test('a rule that fails is told with the calls that lead there', (t) => {
  const cwd = directory(t);
  const failing = PROPOSAL.replace('replaceIn(s,', "throw new Error('not yet'); replaceIn(s,");
  writeFileSync(path.join(cwd, 'update.mjs'), failing);
  const { status, stderr } = holdfast(['compare', './update.mjs', '--scenario', 'handle-theft'], { cwd });
  t.is(status, 0, 'B does not get as far as the rule');
  const other = holdfast(['compare', './update.mjs', '--scenario', 'lost-update'], { cwd });
  t.is(other.status, 65, stderr);
  t.regex(other.stderr, /operation 'update' of 'link-with-update' failed: not yet/);
  t.regex(other.stderr, /prog2 = B\.load\(prog\) -> fd\d\n {2}update\(…\)/);
});
