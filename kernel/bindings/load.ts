/** Loading programs on a running kernel: plain ones, those with a map, and those for a function of another program. */
import { progLoad, type ProgramToLoad } from '../bpf/programs.js';
import type { LiveOutcome } from '../conform/system.js';
import type { Binding, MakeCall } from './binding.js';
import { EXTENSIONS, PROGRAMS, TAIL_CALLERS, TRACER, functionId, openTypes } from './program-sources.js';
import { argumentOf, realFd, valueOf } from './running-linux.js';

type Call = Parameters<MakeCall>[1];

/** A function of the program behind a descriptor, named by another parameter. */
function targetOf(call: Call, parameter: string): NonNullable<ProgramToLoad['target']> {
  return { fd: realFd(argumentOf(call, 'target')), function: functionId(valueOf(call, parameter)) };
}

function loaded(linux: Parameters<MakeCall>[0], call: Call, program: ProgramToLoad): Promise<LiveOutcome> {
  const actor = linux.process(argumentOf(call, 'actor'));
  return progLoad(actor, program).then((result) => linux.handedOut(actor, result));
}

function called<T>(programs: Readonly<Record<string, T>>, name: string): T {
  const program = programs[name];
  if (!program) throw new Error(`nothing says what '${name}' is on a running kernel`);
  return program;
}

export const load: Binding = {
  calls: {
    load(linux, call) {
      const name = valueOf(call, 'program');
      return loaded(linux, call, { ...called(PROGRAMS, name), name });
    },
    load_extension(linux, call) {
      const name = valueOf(call, 'program');
      return loaded(linux, call, { ...called(EXTENSIONS, name), name, target: targetOf(call, 'subprogram') });
    },
    load_tail_calling_extension(linux, call) {
      const program = TAIL_CALLERS.fw_tail(realFd(argumentOf(call, 'map')));
      return loaded(linux, call, { ...program, name: 'fw_tail', target: targetOf(call, 'subprogram') });
    },
    load_tracer(linux, call) {
      return loaded(linux, call, { ...TRACER, name: 'tracer', target: targetOf(call, 'function') });
    },
    load_tail_caller(linux, call) {
      const program = TAIL_CALLERS.dispatcher(realFd(argumentOf(call, 'map')));
      return loaded(linux, call, { ...program, name: 'dispatcher' });
    },
  },
  needs: {
    load_extension: ['freplace'],
    load_tail_calling_extension: ['freplace'],
    load_tracer: ['fentry on a program'],
    load_tail_caller: ['prog_array'],
  },
  started: (_linux, process) => openTypes(process),
};
