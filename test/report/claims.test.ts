import test from 'ava';
import { claimRows } from '../../report/claims.js';
import { aFinding, aProposal, aReport, HOLDS } from './fixtures.js';

function proposalWith(name: string, ...properties: string[]) {
  return aProposal(
    name,
    properties.map((property) => aFinding(property, HOLDS)),
  );
}

test('rows keep the order that the proposals have in common', (t) => {
  const report = aReport([proposalWith('one', 'a', 'c'), proposalWith('two', 'a', 'b', 'c', 'd')]);
  t.deepEqual(
    claimRows(report).map(({ property }) => property),
    ['a', 'b', 'c', 'd'],
  );
});

test('a proposal that a claim does not speak about has no finding in its row', (t) => {
  const [row] = claimRows(aReport([proposalWith('one'), proposalWith('two', 'a')]));
  t.is(row?.findings[0], undefined);
  t.is(row?.findings[1]?.property, 'a');
});
