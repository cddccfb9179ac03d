/** What the cases of the corpus have to say about what a check found, and did not find. */
import { judgeTrace, type Property } from '../checker/index.js';
import { bindCase, CaseSyntaxError, fingerprint, type Case, type CorpusEntry } from '../corpus/index.js';
import type { Bounds, KernelState } from '../model/kernel/model.js';
import { machineOf, type Proposal } from '../model/proposals/index.js';
import { findingOf } from '../project/finding.js';
import type { CheckedProposal, Finding } from '../report/index.js';
import { named, type Catalogue } from './catalogue.js';
import { widerBounds } from './wider-bounds.js';

/** A stored case, and by what it is known. */
export interface StoredCase {
  readonly fingerprint: string;
  readonly file: string;
  readonly case: Case;
}

export function storedCases(entries: readonly CorpusEntry[]): StoredCase[] {
  return entries.flatMap(({ case: read, file }) =>
    read ? [{ fingerprint: fingerprint(read), file, case: read }] : [],
  );
}

/** Counterexamples that are stored are shown again by their case. */
export function withCaseFiles(checked: CheckedProposal, stored: readonly StoredCase[]): CheckedProposal {
  const findings = checked.findings.map((finding): Finding => {
    const { counterexample } = finding;
    const file = stored.find((known) => known.fingerprint === counterexample?.known?.fingerprint)?.file;
    return counterexample && file !== undefined ? shownBy(finding, file) : finding;
  });
  return { ...checked, findings };
}

/** The sequences that a random search could have drawn. */
export interface Drawable {
  readonly bounds: Partial<Bounds>;
  /** Calls of the longest. */
  readonly length: number;
}

/**
 * A claim that nothing was found about as far as was looked is broken all the same if a stored case breaks it, and is one of the
 * sequences that the random search could have drawn: whether it does is luck.
 */
export function withStoredBreaches(
  checked: CheckedProposal,
  stored: readonly StoredCase[],
  catalogue: Catalogue,
  drawable: Drawable,
): CheckedProposal {
  const proposal = named('proposal', catalogue.proposals, checked.name);
  const breaking = stored
    .filter(({ case: read }) => read.proposal === checked.name && isDrawable(read, drawable))
    .sort((one, other) => one.case.calls.length - other.case.calls.length);
  const findings = checked.findings.map((finding): Finding => {
    const { kind } = finding.verdict;
    if (kind !== 'holds-up-to' && kind !== 'undecided') return finding;
    const property = named('property', catalogue.properties, finding.property);
    for (const { case: read, file } of breaking) {
      if (read.property !== property.name) continue;
      const breach = breachBy(read, proposal, property, drawable.bounds);
      if (breach) return shownBy({ ...breach, spoke: finding.spoke + breach.spoke }, file);
    }
    return finding;
  });
  return { ...checked, findings };
}

function isDrawable({ expect, without, calls }: Case, { length }: Drawable): boolean {
  return expect === 'violated' && without.length === 0 && calls.length <= length;
}

/** What a case breaks within the bounds of a random search; undefined if it does not fit into them, or breaks nothing there. */
function breachBy(
  read: Case,
  proposal: Proposal,
  property: Property<KernelState>,
  asked: Partial<Bounds>,
): Finding | undefined {
  const bounds = widerBounds({ ...proposal.bounds, ...asked }, asked);
  const machine = machineOf(proposal, bounds);
  try {
    const { trace } = bindCase(read, machine);
    const { broken, brokenAt, spoke } = judgeTrace(machine, property, trace);
    if (!broken) return undefined;
    const counterexample = { ...broken, trace: trace.slice(0, brokenAt! + 1) };
    const result = { property: property.name, verdict: { kind: 'violated', counterexample }, spoke } as const;
    return findingOf(proposal, { property, machine, result, isShortest: true });
  } catch (error) {
    if (error instanceof CaseSyntaxError) return undefined;
    throw error;
  }
}

function shownBy(finding: Finding, caseFile: string): Finding {
  const reproduce = `npx holdfast replay ${caseFile}`;
  return { ...finding, counterexample: { ...finding.counterexample!, reproduce, caseFile } };
}
