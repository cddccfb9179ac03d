/** What a checkpoint belongs to: another search may go on from it only if all of this is the same. */
import { createHash } from 'node:crypto';
import type { ExhaustiveLimits, Property } from '../checker/index.js';
import type { Bounds } from '../model/kernel/model.js';
import type { Machine } from '../model/machine/index.js';
import { version } from './version.js';

/** What it is, as the user would call it, and its value, as the user would write it. */
export type CheckpointSubject = Readonly<Record<string, string>>;

export function subjectOf<S>(
  proposal: string,
  bounds: Bounds,
  machine: Machine<S>,
  properties: readonly Property<S>[],
  { depth, counting, symmetry }: ExhaustiveLimits,
): CheckpointSubject {
  const { schema, operations } = machine.definition;
  return {
    'version of Holdfast': version(),
    proposal,
    '--bounds': Object.entries(bounds)
      .map(([name, value]) => `${name}=${value}`)
      .join(),
    '--without': [...machine.without].sort().join() || 'none',
    claims: properties.map(({ name }) => name).join(),
    '--depth': depth === undefined ? 'none' : String(depth),
    '--statistics': counting === 'every-refusal' ? 'yes' : 'no',
    '--symmetry': symmetry ? 'yes' : 'no',
    'text of the rules': digestOf({ schema, operations }),
    'text of the claims': digestOf(properties),
  };
}

/** What two subjects differ in. */
export function differences(one: CheckpointSubject, other: CheckpointSubject): string[] {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].filter(
    (what) => one[what] !== other[what],
  );
}

/** A digest of data with functions in it, of which the source text counts. */
function digestOf(value: unknown): string {
  const text = JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'function' ? String(part) : part,
  );
  return createHash('sha256').update(text).digest('hex');
}
