/** How Linux's attach mechanisms are called and looked at on a running kernel. */
import type { Binding } from './binding.js';
import { authority } from './authority.js';
import { cgroups } from './cgroups.js';
import { devices } from './devices.js';
import { links } from './links.js';
import { load } from './load.js';
import { namespaces } from './namespaces.js';
import { packets } from './packets.js';
import { pins } from './pins.js';
import { processes } from './processes.js';
import { progArrays } from './prog-arrays.js';
import { tc } from './tc.js';
import { tcx } from './tcx.js';
import { tracingLinks } from './tracing-links.js';
import { xdp } from './xdp.js';

export type { Aspect, Binding, MakeCall, ViewLine } from './binding.js';
export { RunningLinux, expectedBy } from './running-linux.js';

/** Later ones need what earlier ones prepare, and are reset behind them. */
export const linuxBindings: readonly Binding[] = [
  processes,
  authority,
  load,
  pins,
  links,
  devices,
  xdp,
  tracingLinks,
  progArrays,
  tcx,
  tc,
  cgroups,
  namespaces,
  packets,
];
