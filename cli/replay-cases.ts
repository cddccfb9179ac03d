/** Stored cases replayed, each put into a sentence if it is not as expected. */
import { ImpureModelFault, ModelFault, PropertyFault } from '../checker/index.js';
import {
  CaseSyntaxError,
  explainVerdict,
  replayFrom,
  type Catalogue as CaseCatalogue,
  type CorpusEntry,
} from '../corpus/index.js';
import type { KernelState } from '../model/kernel/model.js';
import { replayCatalogue } from '../project/case-catalogue.js';
import type { CaseOutcome } from '../report/index.js';
import type { Catalogue } from './catalogue.js';

export function replayEntries(entries: readonly CorpusEntry[], catalogue: Catalogue): CaseOutcome[] {
  const known = replayCatalogue(catalogue);
  return entries.map((entry) => replayEntry(entry, known));
}

function replayEntry(entry: CorpusEntry, catalogue: CaseCatalogue<KernelState>): CaseOutcome {
  const { file } = entry;
  if (entry.error) return { file, title: '', status: 'faulty', message: entry.error.message };
  const title = entry.case.title;
  try {
    const verdict = replayFrom(entry.case, catalogue);
    if (verdict.kind === 'as-expected') return { file, title, status: 'as-expected', message: '' };
    return { file, title, status: 'changed', message: explainVerdict(verdict, file) };
  } catch (error) {
    if (!isFaultOfInput(error)) throw error;
    return { file, title, status: 'faulty', message: error.message };
  }
}

function isFaultOfInput(error: unknown): error is Error {
  return [CaseSyntaxError, ModelFault, PropertyFault, ImpureModelFault].some((kind) => error instanceof kind);
}
