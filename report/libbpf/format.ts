import { accountSummary, type Account } from '../account.js';
import { libbpfProgram } from './program.js';

/** The C program for an account; a comment alone if there is none. Throws a NotOnLinuxError. */
export function formatLibbpf(account: Account | undefined): string {
  if (!account) return '/* No counterexample. */\n';
  const { title, origins = [], property, proposal, playback, reproduce } = account;
  return libbpfProgram(playback, [
    ...(title === undefined ? [] : [title]),
    `This sequence ${accountSummary(account)}, on ${proposal.name} (${proposal.title}).`,
    `The claim: ${property.claim}`,
    ...origins.map((origin) => `Seen: ${origin}`),
    `Without a kernel: ${reproduce}`,
  ]);
}
