/** Choosing counterexamples from a report. */
import type { CheckedProposal, Report } from './report.js';
import { hasCounterexample, type BrokenFinding } from './show-finding.js';
import { statusOf } from './status.js';

/** Counterexamples of this proposal and this property; of all where one is not given. */
export interface Selection {
  readonly proposal?: string;
  readonly property?: string;
}

export interface SelectedCounterexample {
  readonly proposal: CheckedProposal;
  readonly finding: BrokenFinding;
}

/** The selected counterexamples in the order of the report, unexpected ones before expected ones. */
export function selectCounterexamples(report: Report, selection: Selection = {}): SelectedCounterexample[] {
  const all = report.proposals.flatMap((proposal) =>
    proposal.findings.filter(hasCounterexample).map((finding) => ({ proposal, finding })),
  );
  const selected = all.filter(
    ({ proposal, finding }) =>
      (selection.proposal ?? proposal.name) === proposal.name &&
      (selection.property ?? finding.property) === finding.property,
  );
  const isFailure = ({ finding }: SelectedCounterexample): boolean => statusOf(finding) === 'failed';
  return [...selected.filter(isFailure), ...selected.filter((item) => !isFailure(item))];
}
