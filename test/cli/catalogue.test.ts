/** Which proposals are meant where none is named. */
import test from 'ava';
import { loadCatalogue, selectProposals } from '../../cli/catalogue.js';
import { proposals } from '../../model/proposals/index.js';

test('without names all proposals are looked at, but not the variants of one', async (t) => {
  const selected = await selectProposals(await loadCatalogue([]), []);

  t.deepEqual(
    selected.map(({ name }) => name),
    proposals.map(({ name }) => name),
  );
});

test('a variant is looked at where it is named', async (t) => {
  const [selected] = await selectProposals(await loadCatalogue([]), ['linux-counted-exclusion']);

  t.is(selected!.variantOf, 'linux');
});
