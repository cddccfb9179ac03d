/** A running system that is none: a second machine, which can have rules switched off, behind the interface of a live one. */
import type { ExpectedView, LiveCall, LiveOutcome, LiveSystem, View } from '../../kernel/conform/system.js';
import { argumentLists } from '../../checker/calls.js';
import { errnoOf, type Machine } from '../../model/machine/index.js';
import { objectNumber } from '../../model/state/index.js';

/** What is true in a state, as a view: a line for each fact. */
export function factsView<S>(machine: Machine<S>): ExpectedView<S> {
  return (state, nameOf): View =>
    new Map((machine.definition.facts?.(state, nameOf) ?? []).map((fact) => [fact, 'so']));
}

export class SimulatedSystem<S> implements LiveSystem<S> {
  readonly name = 'a simulated system';
  private readonly ids = new Map<number, string>();
  private made = 0;
  private looks = 0;

  /** @param delay spontaneous work is done after so many looks */
  constructor(
    private readonly machine: Machine<S>,
    private readonly delay = 0,
    readonly unsupported: ReadonlyMap<string, string> = new Map(),
  ) {}

  reset(): Promise<void> {
    this.machine.reset();
    this.ids.clear();
    this.looks = 0;
    return Promise.resolve();
  }

  perform({ operation, args }: LiveCall<S>): Promise<LiveOutcome> {
    const { machine } = this;
    if (this.unsupported.has(operation.name)) throw new Error(`there is no '${operation.name}' here`);
    const index = machine.operationIndex(operation.name);
    this.looks = 0;
    if (operation.observe) {
      const words = machine.definition.sight!(
        machine.state,
        operation.observe(machine.state, ...args),
        this.nameOf,
      );
      return Promise.resolve({ kind: 'saw', words });
    }
    const code = machine.call(index, args);
    this.forgetDead();
    if (code < 0)
      return Promise.resolve({ kind: 'refused', errno: errnoOf(machine.operations[index]!, code) });
    if (!operation.returns) return Promise.resolve({ kind: 'done' });
    const { domain, owner } = operation.returns;
    const ownerValue = owner === undefined ? -1 : args[Object.keys(operation.params).indexOf(owner)]!;
    const object = machine.definition.objectBehind!(machine.state, domain.name, ownerValue, code);
    if (!this.ids.has(object)) this.ids.set(object, `id ${++this.made}`);
    return Promise.resolve({ kind: 'done', value: code, made: this.ids.get(object)! });
  }

  observe(): Promise<View> {
    if (this.looks++ >= this.delay) this.work();
    return Promise.resolve(factsView(this.machine)(this.machine.state, this.nameOf));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  private readonly nameOf = (object: number): string => this.ids.get(object) ?? `object ${object}`;

  private work(): void {
    const { machine } = this;
    machine.operations.forEach((op, index) => {
      if (!op.spontaneous) return;
      for (const args of argumentLists(machine, index)) machine.call(index, args);
    });
    this.forgetDead();
  }

  private forgetDead(): void {
    const { memory, definition, state } = this.machine;
    for (const { number, length } of memory.layout.tables) {
      for (let i = 0; i < length; i++) {
        const object = objectNumber(number, i);
        if (!definition.isLive!(state, object)) this.ids.delete(object);
      }
    }
  }
}
