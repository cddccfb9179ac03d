/** Faults of a proposal or property as a user reads them: with the calls that lead there. */
import {
  AsymmetryFault,
  callText,
  ImpureModelFault,
  ModelFault,
  outcomeText,
  play,
  PropertyFault,
} from '../../checker/index.js';
import type { KernelState } from '../../model/kernel/model.js';
import type { Machine } from '../../model/machine/index.js';
import { FaultyInputError, placeOf } from '../errors.js';

/**
 * The error to throw instead of one that a search has thrown; anything but a fault of the model or a property comes back as it
 * is. `machine` builds the machine on which the calls are to be played.
 */
export function faultInWords(error: unknown, machine: () => Machine<KernelState>): unknown {
  if (!isFault(error)) return error;
  const { cause } = error as { cause?: unknown };
  const lines = [
    `${error.message}${placeOf(cause)}`,
    'The calls that lead there:',
    ...callsOf(error, machine()),
  ];
  return new FaultyInputError(lines.join('\n'));
}

type Fault = ModelFault | PropertyFault | ImpureModelFault | AsymmetryFault;

function isFault(error: unknown): error is Fault {
  return [ModelFault, PropertyFault, ImpureModelFault, AsymmetryFault].some((kind) => error instanceof kind);
}

function callsOf(error: Fault, machine: Machine<KernelState>): string[] {
  try {
    // The last call may be the one that fails, so it is only named.
    const upTo = error instanceof ModelFault ? error.trace.slice(0, -1) : error.trace;
    const shown = play(machine, upTo).steps.map(
      (step) => `  ${callText(step)} -> ${outcomeText(step.outcome)}`,
    );
    return error instanceof ModelFault ? [...shown, `  ${error.operation}(…)`] : shown;
  } catch {
    return ['  (they cannot be shown: showing them fails as well)'];
  }
}
