/** Helps the exhaustive search of one proposal, in a thread of its own. */
import type { Bounds } from '../../model/kernel/model.js';
import { machineOf } from '../../model/proposals/index.js';
import { loadCatalogue, named } from '../catalogue.js';
import { helpWith } from './helpers.js';

/** What is searched. */
export interface SearchJob {
  readonly proposal: string;
  /** Names, in their order. */
  readonly properties: readonly string[];
  readonly bounds: Bounds;
  readonly without: readonly string[];
  /** The user's files. */
  readonly files: readonly string[];
}

await helpWith(async ({ proposal, properties, bounds, without, files }: SearchJob) => {
  const catalogue = await loadCatalogue(files);
  return {
    machine: machineOf(named('proposal', catalogue.proposals, proposal), bounds, { without }),
    properties: properties.map((name) => named('property', catalogue.properties, name)),
  };
});
