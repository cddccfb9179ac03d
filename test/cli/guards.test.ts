import test from 'ava';
import { guardsOf, type GuardsOptions } from '../../cli/guards-proposal.js';
import { linkFd, netlinkXdp, type Proposal } from '../../model/proposals/index.js';
import { properties } from '../../properties/index.js';
import { isAccountedFor, standingOf, type TestedProposal } from '../../report/index.js';
import { holdfast } from '../run-holdfast.js';

/** So small that a search takes no time: one process with two descriptors, one program, no pins. */
const SMALL = { processes: 1, fds: 2, programs: 1, attachments: 1, pins: 0 };

function tested(
  proposal: Proposal,
  options: Partial<GuardsOptions> = {},
  interrupted = false,
  asked = properties.filter(({ name }) => ['named-object-is-there', 'unreferenced-is-freed'].includes(name)),
): TestedProposal {
  return guardsOf(
    proposal,
    asked,
    {
      bounds: SMALL,
      depth: undefined,
      maxStates: undefined,
      maxBytes: 1e8,
      only: [],
      proposalFiles: [],
      ...options,
    },
    { now: () => 0, interrupted: () => interrupted, progress: () => undefined },
  );
}

function standings(proposal: TestedProposal): Record<string, string> {
  return Object.fromEntries(proposal.tested.map((one) => [one.name, standingOf(one)]));
}

test('a guard that a claim needs, and one that none needs', (t) => {
  const proposal = tested(
    { ...netlinkXdp, unneeded: {} },
    { only: ['close/fd-is-open', 'program-is-no-extension'] },
  );

  t.deepEqual(standings(proposal), {
    'attach/program-is-no-extension': 'unexplained',
    'attach_if_empty/program-is-no-extension': 'unexplained',
    'close/fd-is-open': 'needed',
  });
  t.false(proposal.isWhole);
  t.false(isAccountedFor({ version: '', proposals: [proposal] }));
});

test('a reason, by operation or for all of them, explains a guard that no claim needs', (t) => {
  const only = ['program-is-no-extension'];
  const explained = { 'program-is-no-extension': 'there are none' };
  const one = { 'attach/program-is-no-extension': 'there are none' };

  t.deepEqual(Object.values(standings(tested({ ...netlinkXdp, unneeded: explained }, { only }))), [
    'explained',
    'explained',
  ]);
  t.deepEqual(Object.values(standings(tested({ ...netlinkXdp, unneeded: one }, { only }))), [
    'explained',
    'unexplained',
  ]);
});

test('a reason for something that a claim needs is stale', (t) => {
  const proposal = tested(
    { ...netlinkXdp, unneeded: { 'close/fd-is-open': 'nobody needs it' } },
    { only: ['close/fd-is-open'] },
  );

  t.deepEqual(standings(proposal), { 'close/fd-is-open': 'stale' });
  t.false(isAccountedFor({ version: '', proposals: [proposal] }));
});

test('a reason for what is not there is the fault of the proposal, with the nearest name', (t) => {
  t.throws(() => tested({ ...linkFd, unneeded: { 'attach/device-is-fre': 'misspelt' } }), {
    name: 'FaultyInputError',
    message:
      "The proposal 'link-fd' explains in 'unneeded' why it has 'attach/device-is-fre', and has no such guard or reference: " +
      "did you mean 'attach/device-is-free'?",
  });
});

test('a guard that is asked for and not there is said with the nearest name, before anything is searched', (t) => {
  const refuse = { ...properties[0]!, check: () => t.fail('it was searched') } as (typeof properties)[number];
  t.throws(() => tested(linkFd, { only: ['device-is-fre'] }, false, [refuse]), {
    name: 'UsageError',
    message: "'link-fd' has no guard or reference 'device-is-fre': did you mean 'device-is-free'?",
  });
});

test('of several proposals, the last one without the guard is named before the others are searched', (t) => {
  // Each of the two takes minutes.
  const { status, stderr } = holdfast([
    'guards',
    'linux',
    'linux-tcx',
    'link-fd',
    '--guard',
    'device-exists',
  ]);

  t.is(status, 64);
  t.regex(stderr, /^holdfast: 'link-fd' has no guard or reference 'device-exists': /);
});

test('a sequence that shows what falls is one that the command finds again', (t) => {
  const { tested: found } = tested(netlinkXdp, { only: ['close/fd-is-open'] });
  const { outcome } = found[0]!;

  t.is(outcome.kind, 'falls');
  if (outcome.kind !== 'falls') return;
  t.is(
    outcome.fallen[0]!.counterexample!.reproduce,
    'npx holdfast check netlink-xdp --property named-object-is-there --exhaustive --depth 1 ' +
      '--bounds processes=1,fds=2,programs=1,attachments=1,pins=0 --without close/fd-is-open',
  );
});

test('after an interruption only what is known is told', (t) => {
  const proposal = tested(netlinkXdp, {}, true);

  t.deepEqual(proposal.tested, []);
  t.false(proposal.isWhole);
});

test('the command exits with 0 where all is needed or explained, and shows one guard in full', (t) => {
  const bounds = 'processes=1,fds=2,programs=1,attachments=2,pins=0';
  const { status, stdout } = holdfast([
    'guards',
    'netlink-xdp',
    '--guard',
    'attach_if_empty/device-is-empty',
    '--bounds',
    bounds,
    '--no-progress',
  ]);

  t.is(status, 0);
  // Load, attach, attach_if_empty.
  t.regex(stdout, /attach_if_empty\/device-is-empty +if-empty-never-displaces ✗ 3/);
  t.regex(stdout, /3 +A +attach_if_empty\(prog, eth0\)/);
  t.regex(stdout, /1 needed \(100 %\)\.\n$/);
});

test('the command exits with 1 where something is left to explain, also as json', (t) => {
  // Without pins nothing is ever refused for a pin that is there.
  const { status, stdout } = holdfast([
    'guards',
    'netlink-xdp',
    '--guard',
    'path-is-free',
    '--bounds',
    'processes=1,fds=2,programs=1,attachments=1,pins=0',
    '--format',
    'json',
    '--no-progress',
  ]);

  t.is(status, 1);
  const { proposals } = JSON.parse(stdout) as { proposals: { switchedOff: unknown[] }[] };
  t.deepEqual(proposals[0]!.switchedOff, [
    { name: 'pin/path-is-free', standing: 'unexplained', kind: 'idle' },
  ]);
});

test('an unknown guard is a usage error of the command', (t) => {
  const { status, stderr } = holdfast([
    'guards',
    'link-fd',
    '--guard',
    'device-is-fre',
    '--bounds',
    'fds=1',
    '--no-progress',
  ]);

  t.is(status, 64);
  t.regex(stderr, /did you mean 'device-is-free'\?/);
});
