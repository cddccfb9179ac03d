/** What a replay came to, in sentences: what changed, and how to accept it. */
import type { CaseVerdict, OutcomeChange } from './replay.js';
import { shellWord } from './shell-word.js';

/** One sentence a line, each beginning with the place it is about. */
export function explainVerdict(verdict: CaseVerdict, file: string): string {
  switch (verdict.kind) {
    case 'as-expected':
      return `${file}: all is as the case says.`;
    case 'outcome-changed':
      return [
        ...verdict.outcomes.map((change) => outcomeSentence(change, file)),
        `${file}: ${verdict.expected === undefined ? '' : 'the verdict is the one expected. '}${acceptance(file)}`,
      ].join('\n');
    case 'verdict-changed':
      return [
        ...verdict.outcomes.map((change) => outcomeSentence(change, file)),
        `${file}: ${verdictSentence(verdict, file)}`,
      ].join('\n');
    case 'vacuous':
      return [
        ...verdict.outcomes.map((change) => outcomeSentence(change, file)),
        `${file}: expected '${verdict.expected}', but the property no longer says anything: the situation it speaks about ` +
          'does not arise. This cannot be accepted; change the calls until it does, or delete the case.',
      ].join('\n');
  }
}

type VerdictChange = CaseVerdict & { readonly kind: 'verdict-changed' };

function verdictSentence({ expected, got, clause, line }: VerdictChange, file: string): string {
  const before = `expected '${expected}', but the property is now`;
  switch (got) {
    case 'violated':
      return `${before} broken by the last call: ${clause!}. ${acceptance(file)}`;
    case 'violated-earlier': {
      const where = line === 0 ? 'in the first state' : `by the call in line ${line!}`;
      return `${before} broken ${where}: ${clause!}. The calls behind are dropped if this is accepted. ${acceptance(file)}`;
    }
    case 'kept':
    case 'reached':
      return `${before} ${got}. ${acceptance(file)}`;
    case 'not-reached':
      return `${before} not reached at the end. This cannot be accepted; search for it again, or delete the case.`;
  }
}

function outcomeSentence({ line, call, expected, got, guard }: OutcomeChange, file: string): string {
  const because = guard === undefined ? '' : ` (${guard})`;
  return `${file}:${line}: '${call}' came to '${expected}', and now comes to '${got}'${because}.`;
}

function acceptance(file: string): string {
  return `If that is right, accept it: holdfast replay --accept ${shellWord(file)}`;
}
