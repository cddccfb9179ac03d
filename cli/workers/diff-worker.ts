/** Tells two proposals apart in a thread of its own: see `check-worker.ts`. */
import { ModelFault, UnknownOperationError, type Progress, type Sides } from '../../checker/index.js';
import { remedyFor } from '../../corpus/index.js';
import type { DiffReport } from '../../report/index.js';
import { oneProposal } from '../asked.js';
import { loadCatalogue } from '../catalogue.js';
import { diffProposals, machinesOf, type DiffOptions } from '../diff-proposals.js';
import { UsageError } from '../errors.js';
import { controlOf } from './control.js';
import { faultInWords } from './faults.js';
import type { StopFlag } from './interrupt.js';
import { answer } from './worker.js';

export interface DiffJob extends StopFlag {
  /** The names or files that were given. */
  readonly proposals: Sides<string>;
  readonly options: DiffOptions;
}

async function run(
  { proposals: [first, second], options, stop }: DiffJob,
  tell: (progress: Progress) => void,
): Promise<Omit<DiffReport, 'version'>> {
  // Two versions of one proposal have the same name, so each file is looked at for itself.
  const catalogue = await loadCatalogue([]);
  const proposals = [await oneProposal(catalogue, first), await oneProposal(catalogue, second)] as const;
  const machines = machinesOf(proposals, options);
  try {
    return diffProposals(machines, options, controlOf(stop, tell));
  } catch (error) {
    if (error instanceof UnknownOperationError) {
      throw new UsageError(`--same: ${error.message}: ${remedyFor(error.unknown, error.known)}`);
    }
    const side = error instanceof ModelFault && error.machine === machines[1].name ? 1 : 0;
    throw faultInWords(error, () => machinesOf(proposals, options)[side]);
  }
}

answer(run);
