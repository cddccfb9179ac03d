/** What a property says to spare the search work (`reads`, `changes`, `speaksOf`) must not change what it says. */
import test from 'ava';
import { argumentLists } from '../../checker/calls.js';
import { hasActor, judges, StepView } from '../../checker/judge.js';
import type { Judgement, Property } from '../../checker/property.js';
import type { KernelState } from '../../model/kernel/model.js';
import type { Machine, Operation } from '../../model/machine/index.js';
import { designs, machineOf } from '../../model/proposals/index.js';
import { properties } from '../../properties/index.js';
import { walkedStates } from '../mechanisms/walks.js';

function ask(property: Property<KernelState>, state: KernelState): boolean | undefined {
  switch (property.kind) {
    case 'state': {
      const judgement: Judgement = property.check(state);
      return judgement === undefined ? undefined : judgement === true;
    }
    case 'witness':
      return property.reached(state);
    default:
      return undefined;
  }
}

/** The bits of a row that fields take, as text. */
function partOf(machine: Machine<KernelState>, row: Int32Array, fields: readonly string[]): string {
  return [...machine.memory.fieldMasks(fields)].map(([word, mask]) => row[word]! & mask).join();
}

/** Shows each call that was done in a walked state to those who are to be asked about its operation. */
function showSteps<T>(
  machine: Machine<KernelState>,
  step: StepView<KernelState>,
  whom: (operation: Operation<KernelState>, index: number) => readonly T[],
  see: (one: T) => void,
): void {
  for (const row of walkedStates(machine)) {
    machine.operations.forEach((operation, index) => {
      const asked = whom(operation, index);
      if (asked.length === 0) return;
      for (const args of argumentLists(machine, index)) {
        machine.load(row, 0);
        machine.remember();
        const code = machine.call(index, args);
        if (code < 0) continue;
        step.show(operation, hasActor(operation), code, args);
        asked.forEach(see);
      }
    });
  }
}

for (const proposal of designs) {
  test(`${proposal.name}: properties say the same of states that agree in what they read`, (t) => {
    const machine = machineOf(proposal);
    const states = walkedStates(machine);
    for (const property of properties) {
      if ((property.kind !== 'state' && property.kind !== 'witness') || !property.reads) continue;
      const said = new Map<string, boolean | undefined>();
      for (const row of states) {
        machine.load(row, 0);
        const says = ask(property, machine.state);
        const part = partOf(machine, row, property.reads);
        if (said.has(part) && said.get(part) !== says) {
          t.fail(`${property.name} reads more than ${property.reads.join(', ')}`);
          break;
        }
        said.set(part, says);
      }
    }
    t.pass();
  });

  test(`${proposal.name}: properties of changes are broken by no call that leaves these fields as they are`, (t) => {
    const machine = machineOf(proposal);
    const step = new StepView(machine);
    const tests = properties.flatMap((property) =>
      property.kind === 'step' && property.changes
        ? [{ property, hasChanged: machine.memory.changeTest(property.changes) }]
        : [],
    );
    showSteps(
      machine,
      step,
      (operation) => tests.filter(({ property }) => judges(property, operation, 0)),
      ({ property, hasChanged }) => {
        const judgement = property.check(step);
        if (!hasChanged() && typeof judgement === 'object') t.fail(property.name);
      },
    );
    t.pass();
  });

  test(`${proposal.name}: properties have nothing to say of operations that they do not speak of`, (t) => {
    const machine = machineOf(proposal);
    const step = new StepView(machine);
    const silent = properties.flatMap((property) => {
      if (property.kind !== 'step' || !property.speaksOf) return [];
      const { speaksOf, ...asked } = property;
      const isLeftOut = machine.operations.map(
        (operation) => judges(asked, operation, 0) && !speaksOf(operation),
      );
      return [{ property, isLeftOut }];
    });
    showSteps(
      machine,
      step,
      (_, index) => silent.filter(({ isLeftOut }) => isLeftOut[index]),
      ({ property }) => {
        t.is(property.check(step), undefined, property.name);
      },
    );
    t.pass();
  });
}
