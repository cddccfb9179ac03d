/**
 * All guards and references of a built-in proposal are needed by a claim, or the proposal says why it has them. Within the
 * proposal's own bounds; where a claim has fallen, little more is looked at, because one is enough.
 *
 * One proposal a file: several in one thread would make every search slower.
 */
import test from 'ava';
import { speaksAbout } from '../../checker/index.js';
import { guardsOf } from '../../cli/guards-proposal.js';
import { machineOf, proposals } from '../../model/proposals/index.js';
import { properties } from '../../properties/index.js';
import { standingOf } from '../../report/index.js';

const STATES_WHERE_A_CLAIM_HAS_FALLEN = 1000;

export function guardsAreAccountedFor(name: string): void {
  test(`${name}: each guard and reference is needed by a claim, or explained`, (t) => {
    t.timeout(300_000);
    const proposal = proposals.find((candidate) => candidate.name === name)!;
    const tags = machineOf(proposal).definition.tags ?? [];

    const { tested, isWhole, stoppedBy } = guardsOf(
      proposal,
      properties.filter((property) => speaksAbout(property, tags)),
      {
        bounds: {},
        depth: undefined,
        maxStates: STATES_WHERE_A_CLAIM_HAS_FALLEN,
        maxBytes: 1e9,
        only: [],
        proposalFiles: [],
      },
      { now: () => 0, interrupted: () => false, progress: () => undefined },
    );

    t.true(isWhole);
    t.is(stoppedBy, undefined);
    const ofStanding = (standing: string): string[] =>
      tested.filter((one) => standingOf(one) === standing).map((one) => one.name);
    t.deepEqual(ofStanding('undecided'), []);
    t.deepEqual(ofStanding('unexplained'), [], 'a claim is missing, or an explanation in `unneeded`');
    t.deepEqual(ofStanding('stale'), [], 'explained in `unneeded`, and a claim needs it');
    t.true(ofStanding('needed').length > 10);
  });
}
