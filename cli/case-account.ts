/** A stored case as an account of what its calls do to the claim, for the formats that are about one sequence. */
import { judgeTrace, namedObjects, play } from '../checker/index.js';
import { bindCase, claimSettingOf, shellWord, type Case } from '../corpus/index.js';
import type { Account, AccountVerdict } from '../report/index.js';
import { caseCatalogue, named, type Catalogue } from './catalogue.js';

/**
 * The calls up to the one that breaks the claim, as they come out now. Throws a CaseSyntaxError if the case is about no claim, or
 * does not fit the machine, and what the rules of the machine or the property throw.
 */
export function caseAccount(read: Case, file: string, catalogue: Catalogue): Account {
  const { machine, property } = claimSettingOf(read, caseCatalogue(catalogue));
  const { name, title, expected } = named('proposal', catalogue.proposals, read.proposal);
  const bound = bindCase(read, machine);
  const { broken, brokenAt } = judgeTrace(machine, property, bound.trace);
  const trace = brokenAt === undefined ? bound.trace : bound.trace.slice(0, brokenAt + 1);
  const playback = play(machine, trace, bound.names);
  const verdict: AccountVerdict = broken
    ? { kind: 'broken', clause: broken.clause, objects: namedObjects(playback, broken.objects) }
    : { kind: property.kind === 'witness' ? 'reached' : 'kept' };
  const expectedReason = broken && expected?.[property.name];
  return {
    title: read.title,
    origins: read.origins,
    proposal: { name, title, without: read.without },
    property,
    playback,
    verdict,
    ...(expectedReason === undefined ? {} : { expectedReason }),
    reproduce: ['npx holdfast replay', ...(file === 'standard input' ? ['-'] : [shellWord(file)])].join(' '),
  };
}
