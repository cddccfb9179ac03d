/** Claims: what they say, which are watched, and keeping what was found as a case. */
import type { Property } from '../../checker/index.js';
import {
  acceptCase,
  caseOf,
  remedyFor,
  withoutNeedlessBounds,
  writeCase,
  type Case,
} from '../../corpus/index.js';
import type { KernelState } from '../../model/kernel/model.js';
import { counted, showClaims, wrapWords, type Look } from '../../report/index.js';
import { caseCatalogue } from '../catalogue.js';
import { UsageError } from '../errors.js';
import { version } from '../version.js';
import { judge, type Exploration, type ExploreCommand } from './exploration.js';

const namesOf = ({ properties }: Exploration): string[] => properties.map(({ name }) => name);

export const claimCommands: readonly ExploreCommand[] = [
  {
    usage: 'claims [claim…]',
    summary: 'what the watched claims say of the calls made; or what these say, in full',
    run(exploration, words) {
      const look = exploration.look();
      if (words.length === 0) {
        exploration.say(
          ...showClaims(
            exploration.watched.map((claim) => judge(exploration, claim)),
            look,
          ),
        );
      }
      for (const property of claimsNamed(exploration, words)) {
        exploration.say(...showClaims([judge(exploration, property)], look), ...inFull(property, look));
      }
    },
    complete: namesOf,
  },
  {
    usage: 'watch [claim…|all|none]',
    summary: 'asks only these claims after each call; alone, says which are asked',
    run(exploration, words) {
      if (words.length > 0) exploration.watched = watchedBy(exploration, words);
      const { watched, properties } = exploration;
      const names = watched.map(({ name }) => name).join(', ');
      const isAll = watched.length === properties.length;
      exploration.say(
        isAll ? `All ${counted(watched.length, 'claim')} watched.` : `Watched: ${names || 'nothing'}`,
      );
    },
    complete: (exploration) => ['all', 'none', ...namesOf(exploration)],
  },
  {
    usage: 'save <file> [claim]',
    summary: 'writes the calls made into a new file, as a case about the claim they break, or this one',
    run(exploration, [file, claim]) {
      if (file === undefined) throw new UsageError("'save' needs the name of a file, like my.case.");
      const property = claim === undefined ? brokenLast(exploration) : claimsNamed(exploration, [claim])[0]!;
      const made = caseAbout(exploration, property);
      writeCase(file, made);
      const calls = exploration.session.trace.length - made.calls.length;
      const dropped = calls > 0 ? ` Left out: ${counted(calls, 'call')} behind the one that breaks it.` : '';
      exploration.say(
        `${file}: ${property.name} ${made.expect}, ${counted(made.calls.length, 'call')}.${dropped}`,
      );
    },
    complete: namesOf,
  },
];

function inFull({ claim, situation, source }: Property<KernelState>, { paint, width }: Look): string[] {
  const indented = (text: string): string[] => wrapWords(text, width - 2).map((line) => `  ${line}`);
  return [...indented(claim), ...[`speaks when ${situation}`, source].flatMap(indented).map(paint.dim)];
}

/**
 * The claims of these names, or that begin like this and no other does. Throws a UsageError with the nearest name for one that
 * there is not.
 */
export function claimsNamed(
  exploration: Exploration,
  names: readonly string[],
): readonly Property<KernelState>[] {
  return names.map((name) => {
    const begun = exploration.properties.filter((property) => property.name.startsWith(name));
    const found = begun.find((property) => property.name === name);
    if (found ?? begun.length === 1) return found ?? begun[0]!;
    const exists = exploration.catalogue.properties.some((property) => property.name === name);
    const problem = exists
      ? `The claim '${name}' does not speak about ${exploration.proposal.name}`
      : `There is no claim '${name}'`;
    throw new UsageError(
      `${problem}: ${remedyFor(name, begun.length > 0 ? begun.map((one) => one.name) : namesOf(exploration))}`,
    );
  });
}

function watchedBy(exploration: Exploration, words: readonly string[]): readonly Property<KernelState>[] {
  if (words.length === 1 && words[0] === 'all') return exploration.properties;
  if (words.length === 1 && words[0] === 'none') return [];
  return claimsNamed(exploration, words);
}

/** The claim that was broken last. Throws a UsageError if there is none, or several were broken at once. */
function brokenLast(exploration: Exploration): Property<KernelState> {
  const broken = exploration.watched.flatMap((property) => {
    const { verdict } = judge(exploration, property);
    return verdict.kind === 'broken' ? [{ property, calls: verdict.calls }] : [];
  });
  const last = Math.max(...broken.map(({ calls }) => calls));
  const [first, ...others] = broken.filter(({ calls }) => calls === last);
  if (!first)
    throw new UsageError("No watched claim is broken: write 'save FILE CLAIM', for a case that keeps it.");
  if (others.length === 0) return first.property;
  const names = [first, ...others].map(({ property }) => property.name).join(', ');
  throw new UsageError(`Several claims were broken at once: add one of ${names}.`);
}

function caseAbout(
  { session, proposal, bounds, catalogue }: Exploration,
  property: Property<KernelState>,
): Case {
  const { machine } = session;
  const broken = session.judge(property).broken;
  const about = {
    title: broken?.clause ?? property.claim,
    proposal: proposal.name,
    expect: 'kept',
    origins: [`by hand, with holdfast ${version()} explore`],
    bounds,
  } as const;
  const draft = orNotSaved(() => caseOf(machine, property, session, about));
  const acceptance = acceptCase(draft, machine, property);
  if (acceptance.kind === 'refused') throw new UsageError(`Not saved: ${acceptance.why}.`);
  const known = caseCatalogue(catalogue);
  return withoutNeedlessBounds(acceptance.case, (read) => known.machineFor(read), property);
}

/** A machine can use words that a case cannot hold. */
function orNotSaved<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`Not saved: ${error.message}.`);
    throw error;
  }
}
