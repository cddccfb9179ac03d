/** The checks of several proposals as jobs for workers, one each. */
import { codeFile } from '../package-place.js';
import type { Proposal } from '../model/proposals/index.js';
import { named } from './catalogue.js';
import type { CheckProgress } from './check-options.js';
import type { ProgressDisplay } from './progress.js';
import type { CheckJob } from './workers/check-worker.js';
import type { JobKind } from './workers/pool.js';

export function checkJobs(
  proposals: readonly Proposal[],
  display: ProgressDisplay,
): JobKind<CheckJob, CheckProgress> {
  return {
    script: codeFile('cli/workers/check-worker'),
    describe: ({ proposal }) => `the check of ${proposal}`,
    isLong: ({ proposal }) => named('proposal', proposals, proposal).reach !== undefined,
    onProgress({ proposal }, { method, progress }) {
      display.show(proposal, method, progress);
    },
  };
}
