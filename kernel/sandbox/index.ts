export * from './authority.js';
export { BPFFS, type Bpffs } from './bpffs.js';
export type { Devices, DriverKind } from './devices.js';
export type { Groups } from './groups.js';
export * from './messages.js';
export { NETWORK_FD, networkId, type OtherNetwork } from './network.js';
export { programsAt } from './network-hooks.js';
export * from './packets.js';
export { Sandbox, becomes, type SandboxOptions } from './sandbox.js';
