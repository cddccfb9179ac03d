/** Stored cases replayed, each put into a sentence if it is not as expected. */
import { ImpureModelFault, ModelFault, PropertyFault } from '../checker/index.js';
import { CaseSyntaxError, explainVerdict, replayFrom, type CorpusEntry } from '../corpus/index.js';
import type { CaseOutcome } from '../report/index.js';
import { caseCatalogue, type Catalogue } from './catalogue.js';

export function replayEntry(entry: CorpusEntry, catalogue: Catalogue): CaseOutcome {
  const { file } = entry;
  if (entry.error) return { file, title: '', status: 'faulty', message: entry.error.message };
  const title = entry.case.title;
  try {
    const verdict = replayFrom(entry.case, caseCatalogue(catalogue));
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
