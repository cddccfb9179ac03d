/** How Linux says what scenarios are written in: XDP on devices, and extensions in rootlets. */
import type { LinuxFeature } from '../mechanisms/linux/kernel.js';
import type { Lowering, ScenarioStep } from './lowering.js';

/** Devices here have a driver that runs XDP. */
const MODE = { mode: 'drv' } as const;

/** With links, a program is attached to a device by one: it is what cannot be overridden. */
export function linuxScenario(features: ReadonlySet<LinuxFeature>): Lowering {
  const set = features.has('links') ? 'xdp_link' : 'xdp_set';
  return {
    load(step) {
      // Both placeholders have one signature: the second firewall is the same program, loaded for the second.
      if (step.loads === 'fw2') step.call('load', { program: 'fw', subprogram: 'placeholder2' });
      else step.call('load');
    },
    attach(step) {
      if (isInProgram(step)) step.call(step.canCall('tracing_link') ? 'tracing_link' : 'tracing_link_to');
      else step.call(set, MODE);
    },
    replace(step) {
      if (!step.has('link')) step.call(set, MODE);
      else step.call(step.has('expected') ? 'link_replace' : 'link_update');
    },
    detach(step) {
      if (!step.has('link')) step.call('xdp_clear', MODE);
      else if (isInProgram(step)) step.closeLink();
      else step.call('link_detach');
    },
  };
}

function isInProgram(step: ScenarioStep): boolean {
  return step.has('target');
}
