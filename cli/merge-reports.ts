/** Reports of parts of one search brought to one report, once it is clear that they are all parts of it and that none is missing. */
import { combine, type PropertyResult, type Verdict } from '../checker/index.js';
import type { CaseOutcome, CheckedProposal, Finding, Report, ReportPart } from '../report/index.js';
import { UsageError } from './errors.js';

export interface PartFile {
  readonly file: string;
  readonly report: Report;
}

/** A part that is known to be one. */
interface Part extends PartFile {
  readonly part: ReportPart;
}

/** What all parts together came to. Throws a UsageError if they do not belong together, or not all are there. */
export function mergeReports(files: readonly PartFile[]): Report {
  const parts = files.map(asPart);
  const [first, ...others] = parts;
  if (!first) throw new UsageError('There is nothing to merge: name the files of all parts.');
  for (const other of others) checkSame(first, other);
  checkComplete(parts);
  const reports = [...parts]
    .sort((a, b) => a.part.shard.index - b.part.shard.index)
    .map(({ report }) => report);
  return {
    version: first.report.version,
    cases: first.report.cases.map((_, i) => mergedCase(reports.map(({ cases }) => cases[i]!))),
    proposals: first.report.proposals.map((_, i) =>
      mergedProposal(reports.map(({ proposals }) => proposals[i]!)),
    ),
  };
}

function asPart({ file, report }: PartFile): Part {
  const { part } = report;
  if (part) return { file, report, part };
  throw new UsageError(`${file} is no part of anything: it was made without --shard.`);
}

/** Whether two parts come from the same question. */
function checkSame(one: Part, other: Part): void {
  const compare = (what: string, of: (part: Part) => unknown): void => {
    const [a, b] = [JSON.stringify(of(one)), JSON.stringify(of(other))];
    if (a === b) return;
    throw new UsageError(
      `${one.file} and ${other.file} do not belong together: they differ in ${what}, ${textOf(a)} and ${textOf(b)}.`,
    );
  };
  compare('the version of Holdfast', ({ report }) => report.version);
  compare('the number of parts', ({ part }) => part.shard.of);
  const names = new Set([...Object.keys(one.part.asked), ...Object.keys(other.part.asked)]);
  for (const name of names) compare(`--${name}`, ({ part }) => part.asked[name]);
  compare('the proposals', ({ report }) => report.proposals.map(({ name }) => name));
  compare('the stored cases', ({ report }) => report.cases.map(({ file }) => file));
  one.report.proposals.forEach(({ name }, i) => {
    const ofProposal = (what: string, of: (proposal: CheckedProposal) => unknown): void => {
      compare(`${what} of ${name}`, ({ report }) => of(report.proposals[i]!));
    };
    ofProposal('the bounds', ({ bounds }) => bounds);
    ofProposal('what is switched off', ({ without }) => without);
    ofProposal('the searches', ({ searches }) => searches.map(({ statistics }) => statistics.method));
    ofProposal('the claims', ({ findings }) => findings.map(({ property }) => property));
  });
}

/** What is compared, in a sentence; a long list is not read by anybody. */
function textOf(json: string | undefined): string {
  if (json === undefined) return 'nothing';
  return json.length > 60 ? `${json.slice(0, 57)}…` : json;
}

function checkComplete(parts: readonly Part[]): void {
  const { of } = parts[0]!.part.shard;
  for (let index = 1; index <= of; index++) {
    const files = parts.filter(({ part }) => part.shard.index === index).map(({ file }) => file);
    if (files.length > 1) throw new UsageError(`${files.join(' and ')} are the same part, ${index}/${of}.`);
    if (files.length === 0) {
      throw new UsageError(
        `Part ${index}/${of} is missing: give the files of all parts, or find out what became of it.`,
      );
    }
  }
}

/** What is not as expected in one part is not as expected. */
function mergedCase(cases: readonly CaseOutcome[]): CaseOutcome {
  return cases.find(({ status }) => status !== 'as-expected') ?? cases[0]!;
}

function mergedProposal(parts: readonly CheckedProposal[]): CheckedProposal {
  const [first] = parts;
  return {
    ...first!,
    // Side by side, not added up: which states two parts both met is not known.
    searches: parts.flatMap(({ searches }) => searches),
    findings: first!.findings.map((_, i) => mergedFinding(parts.map(({ findings }) => findings[i]!))),
  };
}

function mergedFinding(findings: readonly Finding[]): Finding {
  const strongest = findings.map((finding): PropertyResult => finding).reduce(combine);
  const from = findings.find(({ verdict }) => verdict === strongest.verdict) ?? findings[0]!;
  return { ...from, verdict: inOneText(strongest.verdict, findings), spoke: strongest.spoke };
}

/** How far all parts have looked, said once if they have looked equally far. */
function inOneText(verdict: Verdict, findings: readonly Finding[]): Verdict {
  switch (verdict.kind) {
    case 'holds-up-to':
      return {
        ...verdict,
        bound: together(findings.map((one) => (one.verdict.kind === verdict.kind ? one.verdict.bound : ''))),
      };
    case 'undecided':
      return {
        ...verdict,
        why: together(findings.map((one) => (one.verdict.kind === verdict.kind ? one.verdict.why : ''))),
      };
    default:
      return verdict;
  }
}

function together(texts: readonly string[]): string {
  const said = texts.filter((text) => text !== '');
  const distinct = [...new Set(said)];
  if (distinct.length === 1)
    return said.length === 1 ? distinct[0]! : `${distinct[0]!}, in each of ${said.length} parts`;
  return distinct.join('; ');
}
