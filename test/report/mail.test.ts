import test from 'ava';
import { caseAccount } from '../../cli/case-account.js';
import { loadCatalogue } from '../../cli/catalogue.js';
import { readCorpus } from '../../corpus/index.js';
import { formatAccount, formatReport, type Account } from '../../report/index.js';
import { aBroken, aProposal, aReport, aStep, HOOK_TAKEN } from './fixtures.js';

const WIDTH = 72;

const account: Account = {
  proposal: { name: 'netlink-xdp', title: 'XDP by netlink', without: [] },
  property: {
    name: 'owner-decides',
    claim: 'The one who attached decides when to detach.',
    source: 'https://lore.kernel.org/bpf/1',
  },
  playback: { ...HOOK_TAKEN, steps: HOOK_TAKEN.steps.slice(0, 5) },
  verdict: {
    kind: 'broken',
    clause: 'B replaced what A attached',
    objects: { program: 'prog1', hook: 'eth0' },
  },
  expectedReason: 'nobody owns the hook',
  reproduce: 'npx holdfast replay a.case',
};

test('a mail says what is broken, the calls, the state before and after, and how to see it again', (t) => {
  t.is(
    formatAccount(account, 'mail'),
    `5 calls break a claim made for netlink-xdp (XDP by netlink):

owner-decides:
  The one who attached decides when to detach. [1]

The calls, and what each of them changed:

  1. prog1 = A.load(prog)           -> fd3
       + prog1 is loaded
  2. A.attach(prog1, eth0)          -> ok
       + eth0 runs prog1
  3. prog2 = B.load(prog)           -> fd3
       + prog2 is loaded
  4. B.attach_if_empty(prog2, eth0) -> EBUSY (device-is-empty)
  5. B.attach(prog2, eth0)          -> ok
       + eth0 runs prog2
       - eth0 runs prog1

True before call 5:
  prog1 is loaded
  prog2 is loaded
  eth0 runs prog1

True after it:
  prog1 is loaded
  prog2 is loaded
  eth0 runs prog2

Broken by call 5: B replaced what A attached (program: prog1, hook:
eth0).

This is known of the design: nobody owns the hook.

To see it again:

  npx holdfast replay a.case

[1] https://lore.kernel.org/bpf/1
`,
  );
});

function linesOf(changed: Partial<Account>): string[] {
  return formatAccount({ ...account, ...changed }, 'mail').split('\n');
}

test('a call that is too long goes on in the next line, behind its number', (t) => {
  const step = aStep('replace_sub_prog', ['the_rootlet_of_the_first_release', 'placeholder1', 'firewall_1'], {
    outcome: { kind: 'refused', errno: 'EBUSY', guard: 'placeholder-is-free' },
  });
  const lines = linesOf({ playback: { ...HOOK_TAKEN, steps: [step] } });
  t.deepEqual(lines.slice(lines.indexOf('The calls, and what each of them changed:') + 2).slice(0, 4), [
    '  1. A.replace_sub_prog(the_rootlet_of_the_first_release, placeholder1,',
    '     firewall_1) -> EBUSY (placeholder-is-free)',
    '',
    'True before call 1:',
  ]);
});

test('an address longer than a line is put in angle brackets and broken behind a slash', (t) => {
  const source =
    'https://lore.kernel.org/bpf/20191115230229.qd6plwnvrmcm4pfo@ast-mbp.dhcp.thefacebook.com/ \u2014 \u201cheld\u201d';
  const lines = linesOf({ property: { ...account.property, source } });
  t.deepEqual(lines.slice(-4), [
    '[1] <https://lore.kernel.org/bpf/',
    '    20191115230229.qd6plwnvrmcm4pfo@ast-mbp.dhcp.thefacebook.com/> --',
    '    "held"',
    '',
  ]);
});

test('a long command is broken as a shell wants it', (t) => {
  const reproduce =
    'npx holdfast check link-fd --property held-link-never-overridden --exhaustive --depth 5 --without device-is-free';
  const lines = linesOf({ reproduce });
  t.deepEqual(lines.slice(lines.indexOf('To see it again:') + 2).slice(0, 3), [
    '  npx holdfast check link-fd --property held-link-never-overridden \\',
    '  --exhaustive --depth 5 --without device-is-free',
    '',
  ]);
});

test('what is switched off is said, and what is only kept or reached as well', (t) => {
  const proposal = { ...account.proposal, without: ['device-is-free'] };
  t.is(
    linesOf({ proposal, verdict: { kind: 'kept' } })
      .slice(0, 2)
      .join(' '),
    '5 calls keep a claim made for netlink-xdp (XDP by netlink), with device-is-free switched off:',
  );
  const reached = linesOf({ verdict: { kind: 'reached' } });
  t.is(reached[0], '5 calls lead where netlink-xdp (XDP by netlink) must be able to get:');
  t.true(reached.includes('True at the end:'));
  t.true(reached.includes('Call 5 gets there.'));
});

test('no line begins as a quotation or as the next mail in a mailbox', (t) => {
  const clause = `${'x'.repeat(50)} ${'y'.repeat(18)} From here on ${'z'.repeat(57)} > and so on`;
  const lines = linesOf({ title: clause });
  t.deepEqual(lines.slice(0, 4), [
    `${'x'.repeat(50)} ${'y'.repeat(18)}`,
    ` From here on ${'z'.repeat(57)}`,
    ' > and so on',
    '',
  ]);
});

test('several counterexamples are several mails, unexpected ones first', (t) => {
  const report = aReport([
    aProposal('netlink-xdp', [aBroken('known', { expectedReason: 'nobody owns it' }), aBroken('unexpected')]),
  ]);
  const mails = formatReport(report, 'mail').split(`\n${'='.repeat(WIDTH)}\n\n`);
  t.deepEqual(
    mails.map((mail) => /^[a-z-]+(?=:$)/m.exec(mail)?.[0]),
    ['unexpected', 'known'],
  );
  t.is(formatReport(aReport([]), 'mail'), 'No counterexample.\n');
});

test('the mail of every stored case is ASCII, fits 72 columns, and quotes nothing', async (t) => {
  const catalogue = await loadCatalogue([]);
  const cases = readCorpus('counterexamples');
  t.true(cases.length > 80);
  for (const entry of cases) {
    if (!entry.case) throw entry.error;
    // A mail is about a claim.
    if (entry.case.property === undefined) continue;
    const mail = formatAccount(caseAccount(entry.case, entry.file, catalogue), 'mail');
    for (const line of mail.split('\n')) {
      t.true(line.length <= WIDTH, `${entry.file}: ${line}`);
      t.regex(line, /^[\x20-\x7e]*$/, entry.file);
      t.notRegex(line, /^(>|From )| $/, entry.file);
    }
  }
});
