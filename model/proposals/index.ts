/** The built-in proposals, in the order in which tables show them. */
import { btfCopy } from './btf-copy.js';
import { chainCallProposal } from './chain-call.js';
import { expectedFd } from './expected-fd.js';
import { explicitReplace } from './explicit-replace.js';
import { linkFd } from './link-fd.js';
import {
  linux,
  linuxBeforeLinks,
  linuxCountedExclusion,
  linuxReattach,
  linuxTcx,
  linuxXdpLinks,
} from './linux.js';
import { netlinkXdp } from './netlink-xdp.js';
import { progArrayProposal } from './prog-array.js';
import type { Proposal } from './proposal.js';
import { tcFilterProposal } from './tc-filter.js';

/** What was proposed, each design by itself. */
export const designs: readonly Proposal[] = [
  netlinkXdp,
  tcFilterProposal,
  progArrayProposal,
  chainCallProposal,
  linkFd,
  explicitReplace,
  btfCopy,
  expectedFd,
];

/** Linux as it is, behind the steps that led there. */
export const kernels: readonly Proposal[] = [linuxBeforeLinks, linuxXdpLinks, linuxReattach, linuxTcx, linux];

export const proposals: readonly Proposal[] = [...designs, ...kernels];

/** What differs from another in one thing, to be looked at where it is named. */
export const variants: readonly Proposal[] = [linuxCountedExclusion];

export {
  btfCopy,
  chainCallProposal,
  expectedFd,
  explicitReplace,
  linkFd,
  linux,
  linuxBeforeLinks,
  linuxReattach,
  linuxTcx,
  linuxXdpLinks,
  netlinkXdp,
  progArrayProposal,
  tcFilterProposal,
};
export {
  PROGRAM_KINDS,
  attachAgain,
  type LowerStep,
  type Lowering,
  type ProgramKind,
  type ScenarioStep,
} from './lowering.js';
export { defineProposal, definitionOf, machineOf, type Proposal } from './proposal.js';
