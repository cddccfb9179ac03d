/** What the tests of this room share: a case by hand, and two small properties to judge it by. */
import type { KernelState } from '../../model/kernel/model.js';
import type { Machine } from '../../model/machine/index.js';
import { linkFd } from '../../model/proposals/link-fd.js';
import { netlinkXdp } from '../../model/proposals/netlink-xdp.js';
import { machineOf } from '../../model/proposals/proposal.js';
import { broken, defineProperty, KEPT, SILENT } from '../../checker/property.js';
import { CaseSyntaxError, parseCase, roomyBounds, type Case } from '../../corpus/index.js';

/** What one actor has attached, no call of another changes. */
export const neverOverridden = defineProperty<KernelState>({
  kind: 'step',
  name: 'never-overridden',
  claim: 'what one process has attached, no call of another replaces',
  source: 'this test',
  situation: 'something is attached, and another process calls',
  speaksAbout: 'all',
  check: ({ before, after, actor }) => {
    const { attached, owner, program } = before.attachments[0]!;
    if (!attached || owner < 0 || owner === actor) return SILENT;
    return after.attachments[0]!.program === program ? KEPT : broken('the program of another was replaced');
  },
});

/** Some program is attached. */
export const somethingAttached = defineProperty<KernelState>({
  kind: 'witness',
  name: 'something-attached',
  claim: 'a program can be attached',
  source: 'this test',
  situation: 'always',
  speaksAbout: 'all',
  reached: (state) => state.attachments.some(({ attached }) => attached),
});

/** In netlink-xdp, as a person would write it. */
export const OVERRIDE = `case: B overrides what A attached
proposal: netlink-xdp
property: never-overridden
expect: violated

prog1 = A.load(prog)            -> fd3
A.attach(prog1, eth0)           -> ok
prog2 = B.load(prog)            -> fd3
B.attach(prog2, eth0)           -> ok
packet(eth0)                    -> prog2
`;

/** In link-fd: the rootlet of the mails of November 2019, with one firewall in it. */
export const ROOTLET_CASE = `case: a firewall in a rootlet
proposal: link-fd
property: something-attached
expect: reached

rootlet = A.load(rootlet)                     -> fd3
fw1 = A.load(rootlet, placeholder1, fw1)      -> fd4
link = A.attach(fw1)                          -> fd5
device = A.attach(rootlet, eth0)              -> fd6
packet(eth0)                                  -> rootlet fw1 placeholder2
`;

const proposals = { 'netlink-xdp': netlinkXdp, 'link-fd': linkFd };

export function machineFor(read: Case): Machine<KernelState> {
  const proposal = proposals[read.proposal as keyof typeof proposals];
  return machineOf(proposal, roomyBounds(read, proposal.bounds), { without: read.without });
}

export function read(text: string): Case {
  return parseCase(text, 'a.case');
}

/** The error that something throws, as its words would be shown. Fails for anything but a {@link CaseSyntaxError}. */
export function complaint(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof CaseSyntaxError) return error.message;
    throw error;
  }
  return 'nothing was thrown';
}

/** The text of a case with one line replaced; lines count from 1. */
export function withLine(text: string, line: number, content: string): string {
  const lines = text.split('\n');
  lines[line - 1] = content;
  return lines.join('\n');
}
