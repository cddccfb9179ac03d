import test from 'ava';
import { designs, machineOf } from '../../model/proposals/index.js';
import { properties } from '../../properties/index.js';
import { searchExhaustively } from '../../checker/exhaustive.js';
import { minimise } from '../../checker/minimise.js';
import { speaksAbout } from '../../checker/property.js';
import { RandomSearch } from '../../checker/random.js';
import { textOf, traceBehind } from './traces.js';

/** Calls of the longest of the shortest counterexamples. */
const DEPTH = 6;

for (const proposal of designs) {
  test(`what random search finds in ${proposal.name} reads as what exhaustive search finds, once it is minimal`, (t) => {
    const machine = machineOf(proposal);
    const watched = properties.filter((property) => speaksAbout(property, machine.definition.tags ?? []));
    const exhaustive = searchExhaustively(machine, watched, { depth: DEPTH });
    const random = new RandomSearch(machine, watched, { runs: 3000, seed: 1 });
    while (random.advance(3000));
    const { results } = random.result();
    let compared = 0;

    watched.forEach((property, k) => {
      const shortest = traceBehind(exhaustive.results[k]!);
      const found = traceBehind(results[k]!);
      t.is(results[k]!.verdict.kind === 'violated', exhaustive.results[k]!.verdict.kind === 'violated');
      if (!shortest || !found) return;
      compared++;
      t.deepEqual(
        textOf(machine, minimise(machine, property, found)),
        textOf(machine, minimise(machine, property, shortest, { searchStates: 0 })),
        property.name,
      );
    });
    t.true(compared > 2);
  });
}
