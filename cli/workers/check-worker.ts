/**
 * Checks one proposal in a thread of its own. A thread compiles the rules afresh: several proposals in one would make the
 * compiler generalise the code they share, and every search slower.
 */
import { machineOf } from '../../model/proposals/index.js';
import type { CheckedProposal } from '../../report/index.js';
import { loadCatalogue, named, propertiesFor, selectProperties } from '../catalogue.js';
import type { CheckOptions, CheckProgress } from '../check-options.js';
import { checkProposal } from '../check-proposal.js';
import { widerBounds } from '../wider-bounds.js';
import { controlOf } from './control.js';
import { faultInWords } from './faults.js';
import type { StopFlag } from './interrupt.js';
import { answer } from './worker.js';

export interface CheckJob extends StopFlag {
  readonly proposal: string;
  /** Names; all that speak about the proposal if there are none. */
  readonly properties: readonly string[];
  readonly options: CheckOptions;
}

async function run(job: CheckJob, tell: (progress: CheckProgress) => void): Promise<CheckedProposal> {
  const catalogue = await loadCatalogue([...job.options.proposalFiles, ...job.options.propertyFiles]);
  const proposal = named('proposal', catalogue.proposals, job.proposal);
  const properties = propertiesFor(proposal, selectProperties(catalogue, job.properties));
  try {
    return checkProposal(proposal, properties, job.options, controlOf(job.stop, tell));
  } catch (error) {
    const { bounds, without } = job.options;
    // The random search has the wider bounds, and the calls of the others fit into these, too.
    const wider = widerBounds({ ...proposal.bounds, ...bounds }, bounds);
    throw faultInWords(error, () => machineOf(proposal, wider, { without }));
  }
}

answer(run);
