/** Finds out what the claims of one proposal need, in a thread of its own: see `check-worker.ts`. */
import type { NeedsProgress } from '../../checker/index.js';
import { machineOf } from '../../model/proposals/index.js';
import type { ProposalNeeds } from '../../report/index.js';
import { loadCatalogue, named, propertiesFor, selectProperties } from '../catalogue.js';
import { needsOf, type NeedsOptions } from '../needs-proposal.js';
import { controlOf } from './control.js';
import { faultInWords } from './faults.js';
import type { StopFlag } from './interrupt.js';
import { answer } from './worker.js';

export interface NeedsJob extends StopFlag {
  readonly proposal: string;
  /** Names of claims; all that speak about the proposal if there are none. */
  readonly properties: readonly string[];
  readonly options: NeedsOptions;
}

async function run(job: NeedsJob, tell: (progress: NeedsProgress) => void): Promise<ProposalNeeds> {
  const catalogue = await loadCatalogue([...job.options.proposalFiles, ...job.options.propertyFiles]);
  const proposal = named('proposal', catalogue.proposals, job.proposal);
  const properties = propertiesFor(proposal, selectProperties(catalogue, job.properties));
  const claims = properties.filter(({ kind }) => kind !== 'witness');
  try {
    return needsOf(proposal, claims, job.options, controlOf(job.stop, tell));
  } catch (error) {
    throw faultInWords(error, () => machineOf(proposal, job.options.bounds));
  }
}

answer(run);
