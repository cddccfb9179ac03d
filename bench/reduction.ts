/**
 * How much a partial-order reduction could save at most: `npm run bench:reduction`.
 *
 * Such a reduction makes, in each state, only some of the calls that do something: a persistent set (ample and stubborn sets are such, as
 * far as calls that can be made are concerned). Of whatever can happen without it, nothing may depend on a call in it; so each call
 * that can be made and is not in it must commute with all that are. That alone says: take the calls of a state, join any two that do not
 * commute there, and a persistent set is made of whole components. Where all calls are one component, nothing can be left out.
 *
 * It is not all that is needed: more may come to depend on a call later on, nothing that a claim looks at may be put off, and no call
 * for ever. What is counted here heeds none of that, and takes the smallest component each time: no sound reduction has more to leave
 * out of a state. Where taking a larger one would lead to fewer states in all, that is not found.
 *
 * Beside it stands what is saved without leaving a state out: successors that are known to have been reached, since the call commutes
 * with the one that led to the state, changes nothing, or changes the same as another one (`model/machine/recall.ts`).
 */
import Table from 'cli-table3';
import { argumentLists } from '../checker/calls.js';
import { createStateStore } from '../checker/state-store.js';
import { Machine } from '../model/machine/index.js';
import { machineOf, proposals } from '../model/proposals/index.js';
import { attachMini } from '../test/models/attach-mini.js';

const BOUNDS = { processes: 2, fds: 2, programs: 2, attachments: 2, pins: 1 };

const machines: readonly (() => Machine<never>)[] = [
  () =>
    new Machine(attachMini({ processes: 2, hooks: 2, programs: 2, links: 2 })) as unknown as Machine<never>,
  () =>
    new Machine(attachMini({ processes: 3, hooks: 2, programs: 1, links: 2 })) as unknown as Machine<never>,
  ...['link-fd', 'btf-copy', 'tc-filter'].map((name) => () => {
    const proposal = proposals.find((one) => one.name === name)!;
    return machineOf(proposal, { ...proposal.bounds, ...BOUNDS }) as unknown as Machine<never>;
  }),
];

interface Call {
  readonly operation: number;
  readonly args: readonly number[];
}

/** All calls of a machine that can do something. */
function callsOf<S>(machine: Machine<S>): Call[] {
  return machine.operations.flatMap(({ observe }, operation) =>
    observe ? [] : Array.from(argumentLists(machine, operation), (args) => ({ operation, args: [...args] })),
  );
}

/** The calls that do something in a state, and where each leads. */
interface Steps {
  readonly calls: readonly Call[];
  readonly rows: readonly Int32Array[];
}

function stepsFrom<S>(machine: Machine<S>, row: Int32Array, calls: readonly Call[]): Steps {
  const made: Call[] = [];
  const rows: Int32Array[] = [];
  for (const call of calls) {
    const next = after(machine, row, call);
    if (!next || isSame(next, row)) continue;
    made.push(call);
    rows.push(next);
  }
  return { calls: made, rows };
}

function after<S>(machine: Machine<S>, row: Int32Array, { operation, args }: Call): Int32Array | undefined {
  machine.load(row, 0);
  machine.remember();
  if (machine.call(operation, args) < 0) return undefined;
  const next = new Int32Array(machine.words);
  machine.save(next, 0);
  return next;
}

function isSame(one: Int32Array | undefined, other: Int32Array | undefined): boolean {
  return one !== undefined && other !== undefined && one.every((word, i) => word === other[i]);
}

/** The calls of a state in components: two in different ones commute there. */
function components<S>(machine: Machine<S>, { calls, rows }: Steps): number[][] {
  const both = rows.map((row) => calls.map((call) => after(machine, row, call)));
  const left = new Set(calls.keys());
  const found: number[][] = [];
  for (const first of calls.keys()) {
    if (!left.delete(first)) continue;
    const component = [first];
    for (const i of component)
      for (const j of left)
        if (!isSame(both[i]![j], both[j]![i])) {
          left.delete(j);
          component.push(j);
        }
    found.push(component);
  }
  return found;
}

interface Measured {
  readonly states: number;
  readonly transitions: number;
  /** States whose calls are all one component. */
  readonly whole: number;
}

/** Looks at all states that can be reached, by all calls or by those of the smallest components. */
function explored<S>(machine: Machine<S>, which: 'all' | 'smallest'): Measured {
  const { words } = machine;
  const calls = callsOf(machine);
  const store = createStateStore(words, calls.length + 1);
  store.offer(machine.initialRow, 1, -1);
  store.resolve();
  let [transitions, whole] = [0, 0];
  for (let state = 0; state < store.count(); state++) {
    const steps = stepsFrom(machine, store.rows().slice(state * words, (state + 1) * words), calls);
    const parts = components(machine, steps).sort((one, other) => one.length - other.length);
    if (parts.length <= 1) whole++;
    const taken = which === 'all' ? [...steps.calls.keys()] : (parts[0] ?? []);
    for (const i of taken) store.offer(steps.rows[i]!, 1, state);
    store.resolve();
    transitions += taken.length;
  }
  return { states: store.count(), transitions, whole };
}

/** The share of all successors that are not looked up in a search, as they are known. */
function shareKnown<S>(machine: Machine<S>): number {
  const { words } = machine;
  const { calls, expandReachedBy, leftOut, maxSuccessors } = machine.rememberingExpansion([]);
  const store = createStateStore(words, maxSuccessors + 1);
  const successors = new Int32Array((maxSuccessors + 1) * words);
  store.offer(machine.initialRow, 1, -1);
  store.resolve();
  let [all, known] = [0, 0];
  for (let state = 0; state < store.count(); state++) {
    const n = expandReachedBy(store.calls()[state]!, store.rows(), state * words, successors);
    known += leftOut();
    all += n + leftOut();
    store.offer(successors, n, state, n + leftOut(), calls);
    store.resolve();
  }
  return known / all;
}

const table = new Table({
  head: ['model', 'states', 'calls', 'nothing to leave out', 'states left at least', 'calls left', 'known'],
  style: { head: [], border: [] },
});
for (const make of machines) {
  const all = explored(make(), 'all');
  const smallest = explored(make(), 'smallest');
  const text = (n: number): string => n.toLocaleString('en');
  const percent = (part: number, of: number): string => `${((100 * part) / of).toFixed(0)} %`;
  table.push([
    make().name,
    text(all.states),
    text(all.transitions),
    percent(all.whole, all.states),
    `${text(smallest.states)} (${percent(smallest.states, all.states)})`,
    `${text(smallest.transitions)} (${percent(smallest.transitions, all.transitions)})`,
    percent(shareKnown(make()), 1),
  ]);
}
console.log(table.toString());
