/** XDP by netlink: RTM_SETLINK with IFLA_XDP. Source: `do_setlink` and `dev_change_xdp_fd` in net/core. */
import type { KernelProcess } from '../channel/process.js';
import type { Result } from '../channel/result.js';
import { change } from './conversation.js';
import { RTM_SETLINK, interfaceHeader } from './devices.js';
import { attribute, nested, u32 } from './message.js';

const IFLA_XDP_NEST = 43;
const IFLA_XDP = { fd: 1, flags: 3, expectedFd: 8 } as const;

/** In the place of a descriptor: no program. */
export const NO_PROGRAM = -1;

export interface XdpSetting {
  readonly device: number;
  /** A descriptor, or NO_PROGRAM to clear. */
  readonly program: number;
  /** XDP_FLAG, for the mode and the condition. */
  readonly flags?: number;
  /** A descriptor or NO_PROGRAM; looked at only with the flag `replace`. */
  readonly expected?: number;
}

export function setXdp(process: KernelProcess, setting: XdpSetting): Promise<Result> {
  const { device, program, flags = 0, expected } = setting;
  const attributes = [attribute(IFLA_XDP.fd, u32(program))];
  if (flags !== 0) attributes.push(attribute(IFLA_XDP.flags, u32(flags)));
  if (expected !== undefined) attributes.push(attribute(IFLA_XDP.expectedFd, u32(expected)));
  const body = Buffer.concat([interfaceHeader(device), nested(IFLA_XDP_NEST, ...attributes)]);
  return change(process, { type: RTM_SETLINK, flags: 0, body });
}
