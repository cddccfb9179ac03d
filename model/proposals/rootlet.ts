/** The programs of the mails of November 2019: a rootlet with two placeholders, and a firewall for each. */
import type { Hook, ProgramSource } from '../kernel/model.js';

const FIREWALL = 'int (struct xdp_md *)';
const OTHER_FIREWALL = 'int (struct xdp_md *, int)';

export const ROOTLET: ProgramSource = {
  name: 'rootlet',
  kind: 'ordinary',
  placeholders: { placeholder1: FIREWALL, placeholder2: OTHER_FIREWALL },
};

/** The rootlet of a later release, whose first placeholder has another signature. */
export const CHANGED_ROOTLET: ProgramSource = {
  name: 'rootlet_v2',
  kind: 'ordinary',
  placeholders: { placeholder1: OTHER_FIREWALL, placeholder2: OTHER_FIREWALL },
};

/** Fits placeholder1 only. */
export const FW1: ProgramSource = { name: 'fw1', kind: 'extension', signature: FIREWALL };

/** Fits placeholder2 only. */
export const FW2: ProgramSource = { name: 'fw2', kind: 'extension', signature: OTHER_FIREWALL };

export function placeholderHooks(keptBy: Hook['keptBy']): Hook[] {
  return ['placeholder1', 'placeholder2'].map((name) => ({
    name,
    kind: 'subprogram',
    exclusive: true,
    keptBy,
  }));
}
