import test from 'ava';
import type { KernelState } from '../../model/kernel/index.js';
import { designs, machineOf } from '../../model/proposals/index.js';
import { properties } from '../../properties/index.js';
import { searchExhaustively } from '../../checker/exhaustive.js';
import { minimiseAll, type FoundTrace } from '../../checker/minimise.js';
import { speaksAbout } from '../../checker/property.js';
import { RandomSearch } from '../../checker/random.js';
import { traceBehind } from '../../checker/verdict.js';
import { textOf } from './traces.js';

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
    const found: FoundTrace<KernelState>[] = [];
    const shortest: FoundTrace<KernelState>[] = [];
    watched.forEach((property, k) => {
      const [one, other] = [exhaustive.results[k]!.verdict, results[k]!.verdict];
      t.is(other.kind === 'violated', one.kind === 'violated');
      const traces = [traceBehind(one), traceBehind(other)];
      if (!traces[0] || !traces[1]) return;
      shortest.push({ property, trace: traces[0] });
      found.push({ property, trace: traces[1] });
    });

    t.true(found.length > 2);
    t.deepEqual(
      minimiseAll(machine, found).map((trace) => textOf(machine, trace)),
      minimiseAll(machine, shortest, { searchStates: 0 }).map((trace) => textOf(machine, trace)),
    );
  });
}
