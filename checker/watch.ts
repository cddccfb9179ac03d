/**
 * Many properties watched at once. The code that asks them is generated for each operation, so that a call only meets the
 * properties that speak of it, and a property that is broken is not asked again.
 */
import {
  refusalCodes,
  type CallCounts,
  type Errno,
  type Machine,
  type Operation,
  type StepObserver,
} from '../model/machine/index.js';
import { concerns, hasActor, judges, StepView } from './judge.js';
import type { Broken, Property, StepProperty } from './property.js';
import { refusalsJudged } from './refusals.js';
import { compileStateCheck, type StateCheck } from './state-check.js';

/** Told once for each property: it is broken, or, for a witness, reached (then there is no clause). */
export type BreachListener = (
  property: number,
  broken: Broken | undefined,
  call: { readonly operation: number; readonly args: readonly number[] } | undefined,
) => void;

export class PropertyWatch<S> {
  /** How often each property said something. */
  readonly spoke: Float64Array;
  /** For each operation, who sees its steps. */
  readonly observers: readonly (StepObserver | undefined)[];
  /** 1 while a property is neither broken nor, for a witness, reached. */
  readonly open: Uint8Array;
  private readonly stateChecks: StateCheck[] = [];

  constructor(
    private readonly machine: Machine<S>,
    private readonly properties: readonly Property<S>[],
    private readonly listener: BreachListener,
  ) {
    this.spoke = new Float64Array(properties.length);
    this.open = new Uint8Array(properties.length).fill(1);
    this.observers = this.stepObservers();
  }

  /** Makes this the watch of a search that goes on: how often each property spoke, and whether it is still open. */
  goOn(spoke: ArrayLike<number>, open: readonly boolean[]): void {
    this.spoke.set(spoke);
    this.reopen(open);
  }

  /** Says which properties are still open. */
  reopen(open: readonly boolean[]): void {
    open.forEach((isOpen, k) => {
      this.open[k] = isOpen ? 1 : 0;
    });
    for (const stateCheck of this.stateChecks) stateCheck.forget();
  }

  /** A function that asks all properties of states about the state in a view of the machine. */
  stateCheck(view: S): () => void {
    const { properties, open, spoke } = this;
    const stateCheck = compileStateCheck(this.machine, view, {
      properties,
      open,
      spoke,
      breach: (k, broken) => {
        this.breach(k, broken, undefined);
        stateCheck.forget();
      },
    });
    this.stateChecks.push(stateCheck);
    return stateCheck.check;
  }

  /**
   * How often a property spoke. For one that need not look at each refusal, those that were counted count.
   */
  spokeOf(k: number, counts: CallCounts): number {
    const property = this.properties[k]!;
    if (property.kind === 'refusals') return refusalsJudged(this.machine, property, counts);
    const { refused } = counts;
    let spoke = this.spoke[k]!;
    // A refusal by a guard has changed nothing, so that a property of changes does not speak of it.
    if (property.kind !== 'step' || property.refusals !== 'begun' || property.changes) return spoke;
    this.machine.operations.forEach((operation, i) => {
      if (!concerns(property, operation)) return;
      for (let guard = 0; guard < operation.guards.length; guard++) {
        if (judges(property, operation, -1 - guard)) spoke += refused[i]![guard]!;
      }
    });
    return spoke;
  }

  private stepObservers(): (StepObserver | undefined)[] {
    return this.machine.operations.map((_, index) => this.stepObserver(index));
  }

  /** Who sees the steps of an operation. The step is only filled in where somebody is asked about it. */
  private stepObserver(index: number): StepObserver | undefined {
    const { machine, properties } = this;
    const operation = machine.operations[index]!;
    const judging: Judging<S>[] = [];
    properties.forEach((property, k) => {
      if (concerns(property, operation)) judging.push({ property, k });
    });
    if (judging.length === 0) return undefined;
    const isOfSuccesses = ({ property }: Judging<S>): boolean => !property.onlyRefusals;
    const changes = changeGroups(judging);
    const tests = changes.map(({ fields }) => machine.memory.changeTest(fields));
    const always = judging.filter((one) => isOfSuccesses(one) && !one.property.changes);
    const ofRefusals = judging.filter(({ property }) => property.refusals === 'all');
    const ofBegun = judging.filter(({ property }) => property.refusals === 'begun');
    const step = new StepView(machine);
    step.turnTo(operation);
    const args = Object.keys(operation.params).map((_, i) => `args[${i}] = ${'abcde'[i]};`);
    const show = `step.code = code; ${args.join(' ')} ${hasActor(operation) ? 'step.actor = a;' : ''}`;
    const shown = (asked: readonly Judging<S>[], ask: (one: Judging<S>) => string): string =>
      asked.length === 0 ? '' : `${show} ${asked.map(ask).join('\n')}`;
    const askRefused = (one: Judging<S>): string => {
      const group = changes.findIndex(({ members }) => members.includes(one));
      const conditions = [
        ...(one.property.errnos ? [isToldSource(one.property, operation)] : []),
        ...(group >= 0 ? [`changed${group}()`] : []),
      ];
      return conditions.length === 0
        ? askSource(one)
        : `if (${conditions.join(' && ')}) { ${askSource(one)} }`;
    };
    const make = new Function(
      'step',
      'properties',
      'open',
      'spoke',
      'breach',
      ...changes.map((_, i) => `changed${i}`),
      `const { args } = step; ${judging.map(({ k }) => `const p${k} = properties[${k}];`).join(' ')}
      return function see(code, a, b, c, d, e) {
        if (code < 0) {
          ${shown(ofRefusals, askRefused)}
          // Refusals by guards are counted, not looked at, by a property that asks about those after the work has begun.
          if (code < ${-operation.guards.length}) { ${shown(ofBegun, askRefused)} }
          return;
        }
        ${shown(always, askSource)}
        ${changes.map(({ members }, i) => `if (changed${i}()) { ${shown(members.filter(isOfSuccesses), askSource)} }`).join('\n')}
      }`,
    );
    const breach = (k: number, broken: Broken): void => {
      this.breach(k, broken, { operation: index, args: step.args.slice(0, args.length) });
    };
    const { open, spoke } = this;
    const see = make(step, properties, open, spoke, breach, ...tests) as StepObserver['see'];
    const errnos = errnosOf(ofRefusals);
    return { see, refusals: ofRefusals.length > 0, ...(errnos === undefined ? {} : { errnos }) };
  }

  private breach(...[property, broken, call]: Parameters<BreachListener>): void {
    this.open[property] = 0;
    this.listener(property, broken, call);
  }
}

/** Refusals, of all operations together. */
export function refusalsIn({ refused, late }: CallCounts): number {
  let total = 0;
  for (const counts of [...refused, ...late]) for (const count of counts) total += count;
  return total;
}

/** A step property, and its number among all properties. */
interface Judging<S> {
  readonly property: StepProperty<S>;
  readonly k: number;
}

/** Properties that look at the same fields for changes: one test does for all of them. */
function changeGroups<S>(
  judging: readonly Judging<S>[],
): { readonly fields: readonly string[]; readonly members: Judging<S>[] }[] {
  const groups = new Map<string, { fields: readonly string[]; members: Judging<S>[] }>();
  for (const one of judging) {
    const fields = one.property.changes;
    if (!fields) continue;
    const group = groups.get(fields.join()) ?? { fields, members: [] };
    group.members.push(one);
    groups.set(fields.join(), group);
  }
  return [...groups.values()];
}

/** Which refusals these want to see; undefined if one of them wants to see all. */
function errnosOf<S>(judging: readonly Judging<S>[]): ReadonlySet<Errno> | undefined {
  const wanted = judging.map(({ property }) => property.errnos);
  return wanted.includes(undefined) ? undefined : new Set(wanted.flatMap((errnos) => errnos ?? []));
}

/** Whether a property wants to see a refusal, given its code. */
function isToldSource<S>(property: Property<S>, operation: Operation<S>): string {
  const codes = refusalCodes(operation).filter((code) => judges(property, operation, code));
  return codes.length === 0 ? 'false' : `(${codes.map((code) => `code === ${code}`).join(' || ')})`;
}

function askSource<S>({ k }: Judging<S>): string {
  return `if (open[${k}] === 1) { const j = p${k}.check(step); if (j !== undefined) { spoke[${k}]++; if (j !== true) breach(${k}, j); } }`;
}
