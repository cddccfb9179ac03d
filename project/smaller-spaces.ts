/** Which options would make a state space small enough to be drawn. */
import { countStates } from '../checker/index.js';
import { BOUND_LEAST, type BoundName, type Bounds } from '../model/kernel/model.js';
import { machineOf, type Proposal } from '../model/proposals/index.js';

/** The part of a proposal that a space is of. */
export interface Space {
  readonly bounds: Partial<Bounds>;
  readonly without: readonly string[];
  readonly depth: number | undefined;
}

/** An option, and how many states there are with it. */
export interface SmallerSpace {
  readonly option: string;
  readonly states: number;
}

/** How many states are counted to see which of two spaces is the smaller one. */
const MOST_COUNTED = 50_000;

/** Calls that make a space large and are seldom what it is about, the least interesting first. */
const DISPENSABLE = ['dup', 'send', 'get', 'unpin', 'pin', 'restart', 'crash'];

export function statesOf(
  proposal: Proposal,
  { bounds, without, depth }: Space,
  most: number,
): { readonly states: number; readonly more: boolean } {
  const machine = machineOf(proposal, bounds, { without });
  return countStates(machine, most, depth === undefined ? {} : { depth });
}

/** Ways to have at most `limit` states, each by one option beside those that are given. */
export function smallerSpaces(proposal: Proposal, space: Space, limit: number): SmallerSpace[] {
  const ways = [
    smallerDepth(proposal, space, limit),
    smallerBounds(proposal, space, limit),
    fewerOperations(proposal, space, limit),
  ];
  return ways.filter((way) => way !== undefined);
}

function smallerDepth(proposal: Proposal, space: Space, limit: number): SmallerSpace | undefined {
  const machine = machineOf(proposal, space.bounds, { without: space.without });
  let found: SmallerSpace | undefined;
  for (let depth = 1; depth < (space.depth ?? Infinity); depth++) {
    const { states, more } = countStates(machine, limit, { depth });
    if (more) break;
    found = { option: `--depth ${depth}`, states };
  }
  return found;
}

/** Takes one away from the bound where that helps most, until the space is small enough. */
function smallerBounds(proposal: Proposal, space: Space, limit: number): SmallerSpace | undefined {
  let bounds: Bounds = { ...proposal.bounds, ...space.bounds };
  for (;;) {
    const names = (Object.keys(BOUND_LEAST) as BoundName[]).filter(
      (name) => bounds[name] > BOUND_LEAST[name],
    );
    const tried = names.map((name) => {
      const fewer: Bounds = { ...bounds, [name]: bounds[name] - 1 };
      return { fewer, states: statesOf(proposal, { ...space, bounds: fewer }, MOST_COUNTED).states };
    });
    tried.sort((a, b) => a.states - b.states);
    // Of those that are small enough, the one with the most in it.
    const best = tried.filter(({ states }) => states <= limit && states > 1).at(-1) ?? tried[0];
    if (!best) return undefined;
    bounds = best.fewer;
    if (best.states <= limit)
      return { option: `--bounds ${changedBounds(proposal, bounds)}`, states: best.states };
  }
}

function changedBounds(proposal: Proposal, bounds: Bounds): string {
  const names = Object.keys(bounds) as BoundName[];
  const changed = names.filter((name) => bounds[name] !== proposal.bounds[name]);
  return changed.map((name) => `${name}=${bounds[name]}`).join(',');
}

function fewerOperations(proposal: Proposal, space: Space, limit: number): SmallerSpace | undefined {
  const present = machineOf(proposal, space.bounds, { without: space.without }).operations.map(
    ({ name }) => name,
  );
  const off: string[] = [];
  for (const name of DISPENSABLE.filter((candidate) => present.includes(candidate))) {
    off.push(name);
    const { states, more } = statesOf(proposal, { ...space, without: [...space.without, ...off] }, limit);
    if (!more) return { option: `--without ${off.join(',')}`, states };
  }
  return undefined;
}
