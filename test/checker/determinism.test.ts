import test from 'ava';
import { machineOf, proposals, type Proposal } from '../../model/proposals/index.js';
import { properties } from '../../properties/index.js';
import { searchExhaustively } from '../../checker/exhaustive.js';
import { minimise } from '../../checker/minimise.js';
import { speaksAbout } from '../../checker/property.js';
import { RandomSearch } from '../../checker/random.js';
import { traceBehind, type SearchResult } from '../../checker/verdict.js';

const chosen = proposals.filter(({ name }) => ['link-fd', 'chain-call', 'tc-filter'].includes(name));

function exhaustively(proposal: Proposal): SearchResult {
  const machine = machineOf(proposal);
  const watched = properties.filter((property) => speaksAbout(property, machine.definition.tags ?? []));
  return searchExhaustively(machine, watched, { maxStates: 5_000 });
}

function randomly(proposal: Proposal): SearchResult {
  const machine = machineOf(proposal);
  const watched = properties.filter((property) => speaksAbout(property, machine.definition.tags ?? []));
  const search = new RandomSearch(machine, watched, { runs: 500, seed: 42 });
  while (search.advance(200));
  return search.result();
}

for (const proposal of chosen) {
  test(`exhaustive search of ${proposal.name} gives the same result each time`, (t) => {
    t.deepEqual(exhaustively(proposal), exhaustively(proposal));
  });

  test(`random search of ${proposal.name} gives the same result each time`, (t) => {
    t.deepEqual(randomly(proposal), randomly(proposal));
  });

  test(`a machine of ${proposal.name} can be searched again, by whatever was done with it before`, (t) => {
    const machine = machineOf(proposal);
    const watched = properties.filter((property) => speaksAbout(property, machine.definition.tags ?? []));
    const first = searchExhaustively(machine, watched, { depth: 4 });
    const random = new RandomSearch(machine, watched, { runs: 200, seed: 1 });
    while (random.advance(200));
    const broken = first.results.findIndex(({ verdict }) => verdict.kind === 'violated');
    minimise(machine, watched[broken]!, traceBehind(first.results[broken]!.verdict)!);

    t.deepEqual(searchExhaustively(machine, watched, { depth: 4 }), first);
  });
}
