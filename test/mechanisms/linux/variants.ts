/** Linux with other parts of its state. */
import type { LinuxState } from '../../../model/kernel/model.js';
import type { Proposal } from '../../../model/proposals/proposal.js';

export function withLinuxState(proposal: Proposal, changed: Partial<LinuxState>): Proposal {
  const { kernel } = proposal;
  return { ...proposal, kernel: { ...kernel, linux: { ...kernel.linux, ...changed } } };
}
