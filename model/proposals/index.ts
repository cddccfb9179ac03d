/** The built-in proposals, in the order in which tables show them. */
import { btfCopy } from './btf-copy.js';
import { chainCallProposal } from './chain-call.js';
import { expectedFd } from './expected-fd.js';
import { explicitReplace } from './explicit-replace.js';
import { linkFd } from './link-fd.js';
import { netlinkXdp } from './netlink-xdp.js';
import { progArrayProposal } from './prog-array.js';
import type { Proposal } from './proposal.js';
import { tcFilterProposal } from './tc-filter.js';

export const proposals: readonly Proposal[] = [
  netlinkXdp,
  tcFilterProposal,
  progArrayProposal,
  chainCallProposal,
  linkFd,
  explicitReplace,
  btfCopy,
  expectedFd,
];

export {
  btfCopy,
  chainCallProposal,
  expectedFd,
  explicitReplace,
  linkFd,
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
