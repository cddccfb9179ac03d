/**
 * A scenario: what some actors do, in verbs that every design has calls of its own for. It says nothing of what comes of it:
 * that differs from design to design, and is what a scenario is there to show.
 */
import type { CallText } from '../corpus/case.js';
import type { ProgramKind } from '../model/proposals/lowering.js';

/** How the steps are written: the verb, and what stands between the brackets. */
export const FORMS = {
  load: ['load(program)', 'load(rootlet)', 'load(fw1, root)'],
  attach: ['attach(program, eth0)', 'attach(fw, root)'],
  replace: ['replace(attached, program)'],
  detach: ['detach(attached)', 'detach(eth0)'],
  close: ['close(name)'],
  send: ['send(name, B)'],
  pin: ['pin(name, /pin1)'],
  unpin: ['unpin(/pin1)'],
  get: ['get(/pin1)'],
  crash: ['crash()'],
  restart: ['restart()'],
  packet: ['packet(eth0)'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type Verb = keyof typeof FORMS;

/** What a step does; names are those that the scenario gave to what it loaded and attached. */
export type Deed =
  | { readonly verb: 'load'; readonly loads: ProgramKind; readonly target?: string }
  /** On a device, or in another program. */
  | { readonly verb: 'attach'; readonly program: string; readonly device: string }
  | { readonly verb: 'attach'; readonly program: string; readonly target: string }
  | { readonly verb: 'replace'; readonly attached: string; readonly program: string }
  /** What has a name, or whatever is at a device. */
  | { readonly verb: 'detach'; readonly attached: string }
  | { readonly verb: 'detach'; readonly device: string }
  | { readonly verb: 'close'; readonly name: string }
  | { readonly verb: 'send'; readonly name: string; readonly to: string }
  | { readonly verb: 'pin'; readonly name: string; readonly path: string }
  | { readonly verb: 'unpin'; readonly path: string }
  | { readonly verb: 'get'; readonly path: string }
  | { readonly verb: 'crash' }
  | { readonly verb: 'restart' }
  | { readonly verb: 'packet'; readonly device: string };

export interface Step {
  /** As it is written, word by word. */
  readonly call: CallText;
  readonly line: number;
  /** A letter; undefined for a packet, which nobody calls. */
  readonly actor: string | undefined;
  /** What the scenario calls what the step makes. */
  readonly result: string | undefined;
  readonly deed: Deed;
}

export interface Scenario {
  /** The header `scenario`: what it shows, in a few words. */
  readonly title: string;
  /** Where it comes from, one line of free text each. */
  readonly origins: readonly string[];
  readonly steps: readonly Step[];
}
