/**
 * Many properties watched at once. The code that asks them is generated for each operation, so that a call only meets the
 * properties that speak of it, and a property that is broken is not asked again.
 */
import type { CallCounts, Machine, StepObserver } from '../model/machine/index.js';
import { hasActor, judges, StepView } from './judge.js';
import type { Broken, Property } from './property.js';

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
  private readonly open: Uint8Array;

  constructor(
    private readonly machine: Machine<S>,
    private readonly properties: readonly Property<S>[],
    private readonly listener: BreachListener,
  ) {
    this.spoke = new Float64Array(properties.length);
    this.open = new Uint8Array(properties.length).fill(1);
    this.observers = this.stepObservers();
  }

  /** A function that asks all properties of states about the state in a view of the machine. */
  stateCheck(view: S): () => void {
    const { machine, properties } = this;
    const lines = properties.map((property, k) => {
      switch (property.kind) {
        case 'state':
          return `if (open[${k}] === 1) { ${hearSource(k, `p${k}.check(state)`)} }`;
        case 'settled':
          return `if (open[${k}] === 1 && settled(state)) { ${hearSource(k, `p${k}.check(state)`)} }`;
        case 'witness':
          return `if (p${k}.reached(state)) { spoke[${k}]++; if (open[${k}] === 1) breach(${k}, undefined); }`;
        case 'step':
          return '';
      }
    });
    const make = new Function(
      'state',
      'settled',
      'properties',
      'open',
      'spoke',
      'breach',
      `${properties.map((_, k) => `const p${k} = properties[${k}];`).join(' ')}
      return function checkState() { ${lines.join('\n')} }`,
    );
    const settled = (state: S): boolean => machine.settled(state);
    const breach = (k: number, broken: Broken | undefined): void => {
      this.breach(k, broken, undefined);
    };
    return make(view, settled, properties, this.open, this.spoke, breach) as () => void;
  }

  /**
   * How often a property spoke. `refused` is how many calls each guard refused, by operation: for a property that need not
   * look at each of them, they count.
   */
  spokeOf(k: number, refused: CallCounts['refused']): number {
    const property = this.properties[k]!;
    let spoke = this.spoke[k]!;
    // A refusal by a guard has changed nothing, so that a property of changes does not speak of it.
    if (property.kind !== 'step' || property.refusals !== 'begun' || property.changes) return spoke;
    this.machine.operations.forEach((operation, i) => {
      if (!judges(property, operation, 0)) return;
      for (let guard = 0; guard < operation.guards.length; guard++) spoke += refused[i]![guard]!;
    });
    return spoke;
  }

  private stepObservers(): (StepObserver | undefined)[] {
    const { machine, properties } = this;
    const step = new StepView(machine);
    return machine.operations.map((operation, index) => {
      const judging = properties.flatMap((property, k) =>
        judges(property, operation, 0) ? [{ property, k }] : [],
      );
      if (judging.length === 0) return undefined;
      const ofRefusals = judging.filter(
        ({ property }) => property.kind === 'step' && property.refusals !== undefined,
      );
      const tests = new Map<string, () => boolean>();
      const changed = (property: Property<S>): string => {
        if (property.kind !== 'step' || !property.changes) return '';
        const key = `changed_${property.changes.join('_')}`;
        if (!tests.has(key)) tests.set(key, machine.memory.changeTest(property.changes));
        return ` && ${key}()`;
      };
      const ask = (k: number): string =>
        `if (open[${k}] === 1${changed(properties[k]!)}) { ${hearSource(k, `p${k}.check(step)`)} }`;
      // Refusals by guards are counted, not looked at, for a property that asks only about refusals after the work has begun.
      const askRefused = ({ property, k }: (typeof judging)[number]): string =>
        property.kind === 'step' && property.refusals === 'begun'
          ? `if (code < ${-operation.guards.length}) { ${ask(k)} }`
          : ask(k);
      const refused = ofRefusals.map(askRefused).join('\n');
      const done = judging.map(({ k }) => ask(k)).join('\n');
      const make = new Function(
        'step',
        'operation',
        'properties',
        'open',
        'spoke',
        'breach',
        ...tests.keys(),
        `const { args } = step; ${judging.map(({ k }) => `const p${k} = properties[${k}];`).join(' ')}
        return function see(code, a, b, c, d, e) {
          step.operation = operation; step.code = code; step.actor = ${hasActor(operation) ? 'a' : '-1'};
          args[0] = a; args[1] = b; args[2] = c; args[3] = d; args[4] = e;
          if (code < 0) { ${refused} return; }
          ${done}
        }`,
      );
      const breach = (k: number, broken: Broken): void => {
        const args = step.args.slice(0, Object.keys(operation.params).length);
        this.breach(k, broken, { operation: index, args });
      };
      const see = make(
        step,
        operation,
        properties,
        this.open,
        this.spoke,
        breach,
        ...tests.values(),
      ) as StepObserver['see'];
      return {
        see,
        refusals: judging.some(({ property }) => property.kind === 'step' && property.refusals === 'all'),
      };
    });
  }

  private breach(...[property, broken, call]: Parameters<BreachListener>): void {
    this.open[property] = 0;
    this.listener(property, broken, call);
  }
}

/** Refusals by guards, of all operations together. */
export function refusalsIn(counts: CallCounts): number {
  let total = 0;
  for (const refused of counts.refused) for (const count of refused) total += count;
  return total;
}

function hearSource(k: number, check: string): string {
  return `const j = ${check}; if (j !== undefined) { spoke[${k}]++; if (j !== true) breach(${k}, j); }`;
}
