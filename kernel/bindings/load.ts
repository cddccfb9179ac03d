/** Loading programs on a running kernel: each kind the shortest program that its verifier takes. */
import { code } from '../bpf/instructions.js';
import { progLoad, type ProgramToLoad } from '../bpf/programs.js';
import type { Binding } from './binding.js';
import { argumentOf, valueOf } from './running-linux.js';

/** What the programs of the model are on a kernel, by their names there (`model/mechanisms/linux/kernel.ts`). */
const PROGRAMS: Readonly<Record<string, Omit<ProgramToLoad, 'name'>>> = {
  xdp: { type: 'xdp', expectedAttachType: 'xdp', instructions: code.return(2) },
  xdp_devmap: { type: 'xdp', expectedAttachType: 'xdpDevmap', instructions: code.return(2) },
  rootlet: { type: 'xdp', expectedAttachType: 'xdp', instructions: code.return(2) },
  tc: { type: 'schedCls', instructions: code.return(-1) },
  tc_final: { type: 'schedCls', instructions: code.return(0) },
  skb: { type: 'cgroupSkb', expectedAttachType: 'cgroupInetEgress', instructions: code.return(1) },
  dissector: { type: 'flowDissector', expectedAttachType: 'flowDissector', instructions: code.return(0) },
  lookup: { type: 'skLookup', expectedAttachType: 'skLookup', instructions: code.return(1) },
};

export const load: Binding = {
  calls: {
    async load(linux, call) {
      const name = valueOf(call, 'program');
      const program = PROGRAMS[name];
      if (!program) throw new Error(`nothing says what '${name}' is on a running kernel`);
      const actor = linux.process(argumentOf(call, 'actor'));
      return linux.handedOut(actor, await progLoad(actor, { ...program, name }));
    },
  },
};
