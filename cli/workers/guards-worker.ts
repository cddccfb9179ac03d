/** Switches the guards and references of one proposal off in turn, in a thread of its own: see `check-worker.ts`. */
import { machineOf } from '../../model/proposals/index.js';
import type { TestedProposal } from '../../report/index.js';
import { loadCatalogue, named, propertiesFor } from '../catalogue.js';
import { guardsOf, type GuardsOptions, type GuardsProgress } from '../guards-proposal.js';
import { controlOf } from './control.js';
import { faultInWords } from './faults.js';
import type { StopFlag } from './interrupt.js';
import { answer } from './worker.js';

export interface GuardsJob extends StopFlag {
  readonly proposal: string;
  readonly options: GuardsOptions;
}

async function run(job: GuardsJob, tell: (progress: GuardsProgress) => void): Promise<TestedProposal> {
  const catalogue = await loadCatalogue(job.options.proposalFiles);
  const proposal = named('proposal', catalogue.proposals, job.proposal);
  const properties = propertiesFor(proposal, catalogue.properties);
  try {
    return guardsOf(proposal, properties, job.options, controlOf(job.stop, tell));
  } catch (error) {
    throw faultInWords(error, () => machineOf(proposal, job.options.bounds));
  }
}

answer(run);
