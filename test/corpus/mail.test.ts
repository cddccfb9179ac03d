import test from 'ava';
import { callsInMail, isMail, parseScript } from '../../corpus/index.js';

const MAIL = `From: A Person <person@example.org>
Subject: Re: who owns the hook

On Friday, another person wrote:
> > proposal: netlink-xdp
> >
> > prog = A.load(prog)     -> fd3
> And then? main() calls foo(bar).

    A.attach(prog, eth0)  -> ?   # indented
packet(eth0)
A.detach(eth0) is what I would do.
proposal: something-else
-- 
B.load(prog)
`;

const isVerb = (word: string): boolean => word === 'packet';

test('a mail is known by its headers', (t) => {
  t.true(isMail(MAIL));
  t.true(isMail('From 1234 Mon Sep 17 00:00:00 2001\nFrom: x\n'));
  t.true(isMail('\nReceived: by host\n'));
  t.false(isMail('proposal: netlink-xdp\nA.load(prog)\n'));
  t.false(isMail('case: From: nowhere\n'));
  t.false(isMail(''));
});

test('calls and headers are found in quotes and indentation, where they stand in the mail', (t) => {
  const { text } = callsInMail(MAIL, 'mail', isVerb);
  const { proposal, calls, at } = parseScript(text, 'mail');
  t.is(proposal, 'netlink-xdp');
  t.deepEqual(at.headers.proposal, { line: 5, column: 15 });
  t.deepEqual(
    calls.map(({ verb, at: { line, verb: column } }) => [verb, line, column]),
    [
      ['load', 7, 14],
      ['attach', 10, 7],
      ['packet', 11, 1],
      ['load', 15, 3],
    ],
  );
  t.is(calls[1]!.outcome, '?');
});

test('prose is not read, and what begins like a call and is none is named', (t) => {
  const { text, doubtful } = callsInMail(MAIL, 'mail', isVerb);
  t.deepEqual(doubtful, [12]);
  t.notRegex(text, /main|detach|something-else|Subject/);
  // A call that was broken off by a mail program.
  t.deepEqual(callsInMail('prog = A.load(prog,\nx)', 'mail', isVerb).doubtful, [1]);
});

test('a call of nobody is one only if it is known', (t) => {
  t.is(callsInMail('main(argc)\n', 'mail', isVerb).text.trim(), '');
  t.is(callsInMail('packet(eth0)\n', 'mail', isVerb).text.trim(), 'packet(eth0)');
});

test('a mail whose encoding hides its text is refused', (t) => {
  const encoded = 'From: x\nContent-Transfer-Encoding: quoted-printable\n\nprog =3D A.load(prog)\n';
  t.throws(() => callsInMail(encoded, 'mail', isVerb), {
    message: /^mail:2:28: the mail is encoded as quoted-printable; save/,
  });
});
