/** A report seen by claim: what each proposal makes of one property. */
import type { CheckedProposal, Finding, Report } from './report.js';

export interface ClaimRow {
  readonly property: string;
  readonly kind: Finding['kind'];
  /** In the order of the report's proposals; undefined where the property does not speak about one. */
  readonly findings: readonly (Finding | undefined)[];
}

/**
 * One row for each property that any proposal was checked for. Each proposal lists the properties that speak about it in
 * one common order; the rows keep that order, as far as the lists give it away.
 */
export function claimRows({ proposals }: Pick<Report, 'proposals'>): ClaimRow[] {
  return mergedNames(proposals).map((property) => {
    const findings = proposals.map((proposal) =>
      proposal.findings.find((finding) => finding.property === property),
    );
    const { kind } = findings.find((finding) => finding !== undefined)!;
    return { property, kind, findings };
  });
}

function mergedNames(proposals: readonly CheckedProposal[]): string[] {
  const merged: string[] = [];
  for (const { findings } of proposals) {
    let place = 0;
    for (const { property } of findings) {
      const known = merged.indexOf(property);
      if (known < 0) merged.splice(place++, 0, property);
      else place = known + 1;
    }
  }
  return merged;
}
