/**
 * Where the time of an exhaustive search goes: the profiler's samples, grouped by what the function that was running is
 * for. A function that the compiler put into its caller counts as itself.
 */
import { Session, type Profiler } from 'node:inspector';
import { variants } from './variants.js';

/** The first rule that fits names the group. Generated functions have no file, so that their names decide. */
const RULES: readonly (readonly [string, (name: string, file: string) => boolean])[] = [
  ['garbage collection', (name) => name === '(garbage collector)'],
  ['looking states up', (name, file) => file === '' && /^(offer|resolve|rehash|grow|touch)/.test(name)],
  ['stepping through calls', (name, file) => file === '' && /^expand/.test(name)],
  ['choosing whom to ask', (name, file) => file === '' && /^(see|check|recall|changed)/.test(name)],
  ['properties', (_, file) => file.includes('/properties/')],
  ['operations: guards and effects', (_, file) => file.includes('/model/mechanisms/')],
  ['kernel objects, for both', (_, file) => file.includes('/model/kernel/')],
  ['fields of the row, for all', (_, file) => file === '' || file.includes('/model/state/')],
  ['the search loop', (_, file) => file.includes('/checker/')],
];

/** Runs a variant under the profiler and returns the share of each group. */
export function profileShares(name: string): readonly (readonly [group: string, share: number])[] {
  const variant = variants.find((candidate) => candidate.name === name);
  if (!variant) throw new Error(`there is no variant '${name}'`);
  const profile = recorded(variant.measure);
  const spent = new Map<string, number>();
  let total = 0;
  const groups = new Map(profile.nodes.map((node) => [node.id, groupOf(node)]));
  profile.samples?.forEach((id, i) => {
    const group = groups.get(id);
    if (group === undefined) return;
    const time = profile.timeDeltas![i]!;
    spent.set(group, (spent.get(group) ?? 0) + time);
    total += time;
  });
  return [...spent].map(([group, time]) => [group, time / total] as const).sort((a, b) => b[1] - a[1]);
}

/** Which group a function belongs to; none if nothing was running. */
function groupOf({ callFrame }: Profiler.ProfileNode): string | undefined {
  const { functionName, url } = callFrame;
  if (functionName === '(idle)' || functionName === '(root)') return undefined;
  return RULES.find(([, fits]) => fits(functionName, url))?.[0] ?? 'other (loading, compiling, Node)';
}

function recorded(work: () => unknown): Profiler.Profile {
  const session = new Session();
  session.connect();
  const stopped: Profiler.Profile[] = [];
  session.post('Profiler.enable');
  session.post('Profiler.start');
  work();
  // In the same thread the answer comes before `post` returns.
  session.post('Profiler.stop', (error, profile) => {
    if (error) throw error;
    stopped.push(profile.profile);
  });
  session.disconnect();
  return stopped[0]!;
}
