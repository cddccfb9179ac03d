/** Loading programs on a running kernel: plain ones, those with a map, and those for a function of another program. */
import { progLoad, type ProgramToLoad } from '../bpf/programs.js';
import type { LiveOutcome } from '../conform/system.js';
import type { Binding, MakeCall } from './binding.js';
import {
  EXTENSIONS,
  PROGRAMS,
  TAIL_CALLERS,
  TRACER,
  functionId,
  openTypes,
  type MarkedSource,
} from './program-sources.js';
import { argumentOf, realFd, valueOf, type RunningLinux } from './running-linux.js';

type Call = Parameters<MakeCall>[1];

/** A function of the program behind a descriptor, named by another parameter. */
function targetOf(call: Call, parameter: string): NonNullable<ProgramToLoad['target']> {
  return { fd: realFd(argumentOf(call, 'target')), function: functionId(valueOf(call, parameter)) };
}

/** Loads a program that notes when it runs. */
async function loaded(
  linux: RunningLinux,
  call: Call,
  source: string,
  program: MarkedSource,
  target?: ProgramToLoad['target'],
): Promise<LiveOutcome> {
  const actor = linux.process(argumentOf(call, 'actor'));
  const mark = linux.runLog.newMark();
  const result = await progLoad(actor, { ...program(mark), name: source, ...(target && { target }) });
  const outcome = await linux.handedOut(actor, result);
  if (outcome.kind === 'done') linux.runLog.loaded(mark, { name: outcome.made!, source });
  return outcome;
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
      return loaded(linux, call, name, called(PROGRAMS, name));
    },
    load_extension(linux, call) {
      const name = valueOf(call, 'program');
      return loaded(linux, call, name, called(EXTENSIONS, name), targetOf(call, 'subprogram'));
    },
    load_tail_calling_extension(linux, call) {
      const program = TAIL_CALLERS.fw_tail(realFd(argumentOf(call, 'map')));
      return loaded(linux, call, 'fw_tail', program, targetOf(call, 'subprogram'));
    },
    load_tracer: (linux, call) => loaded(linux, call, 'tracer', TRACER, targetOf(call, 'function')),
    load_tail_caller(linux, call) {
      const program = TAIL_CALLERS.dispatcher(realFd(argumentOf(call, 'map')));
      return loaded(linux, call, 'dispatcher', program);
    },
  },
  needs: {
    load_extension: ['freplace'],
    load_tail_calling_extension: ['freplace'],
    load_tracer: ['fentry on a program'],
    load_tail_caller: ['prog_array'],
  },
  async started(linux, process) {
    await Promise.all([openTypes(process), linux.runLog.share(process)]);
  },
};
