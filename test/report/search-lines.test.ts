import test from 'ava';
import { createLook } from '../../report/look.js';
import { showSearches } from '../../report/search-lines.js';
import { aFinding, aProposal, aSearch, HOLDS, HOLDS_UP_TO } from './fixtures.js';

const bounds = { processes: 2, maps: 0 };

test('each search has a line, and what all have in common is said once', (t) => {
  const lines = showSearches(
    [
      aProposal('netlink-xdp', [], { bounds, searches: [aSearch()] }),
      aProposal('link-fd', [aFinding('a', HOLDS_UP_TO), aFinding('b', HOLDS), aFinding('c', HOLDS_UP_TO)], {
        bounds,
        without: ['device-is-free'],
        searches: [
          aSearch(
            { states: 2_000_000, boundsMet: [] },
            { closed: false, stoppedBy: 'states', milliseconds: 61_240 },
          ),
          aSearch(
            { method: 'random', states: 0, runs: 1000, depth: 40 },
            { closed: false, stoppedBy: 'runs', seed: 42 },
          ),
        ],
      }),
    ],
    createLook(),
  );
  t.deepEqual(lines, [
    'Searches        states  transitions  depth  ended                         time  bounds met',
    'netlink-xdp      1,234       56,789      9  closed                       0.4 s  programs',
    'link-fd      2,000,000       56,789      9  stopped: states             61.2 s',
    '                             56,789     40  1,000 random runs, seed 42   0.4 s  programs',
    'all within processes=2',
    'link-fd without device-is-free',
    'link-fd  2  claims hold for all sequences of up to 7 calls (stopped by: states)',
  ]);
});

test('bounds that differ are said for each proposal', (t) => {
  const lines = showSearches(
    [
      aProposal('a', [], { bounds: { fds: 2 }, searches: [aSearch()] }),
      aProposal('b', [], { bounds: { fds: 3 }, searches: [aSearch()] }),
      aProposal('c', [], { bounds: { fds: 2 }, searches: [aSearch()] }),
    ],
    createLook(),
  );
  t.deepEqual(lines.slice(4), ['a, c within fds=2', 'b within fds=3']);
});

test('proposals that were not searched are not listed', (t) => {
  t.deepEqual(showSearches([aProposal('a', [], { bounds })], createLook()), []);
});
