/** Properties applied to states, steps and whole traces. */
import {
  deedOf,
  errnoOf,
  isRefusal,
  type Errno,
  type Machine,
  type Operation,
  type OutcomeCode,
} from '../model/machine/index.js';
import { NONE } from '../model/state/index.js';
import { PropertyFault } from './faults.js';
import type { Broken, Judgement, Property, Step, StepProperty } from './property.js';
import { RefusalHearing } from './refusals.js';
import { runTrace, SKIPPED, type Trace } from './trace.js';

/** The step object that properties see; one for each machine, filled in anew for every call. */
export class StepView<S> implements Step<S> {
  readonly before: S;
  readonly after: S;
  operation: Operation<S>;
  parameters: readonly string[];
  actor: number = NONE;
  readonly args: number[] = [0, 0, 0, 0, 0];
  code: OutcomeCode = 0;

  constructor(private readonly machine: Machine<S>) {
    this.before = machine.before;
    this.after = machine.state;
    this.operation = machine.operations[0]!;
    this.parameters = Object.keys(this.operation.params);
  }

  unchanged(): boolean {
    return this.machine.unchanged();
  }

  /** The calls shown next are of this operation. */
  turnTo(operation: Operation<S>): void {
    if (operation === this.operation) return;
    this.operation = operation;
    this.parameters = Object.keys(operation.params);
  }

  show(operation: Operation<S>, hasActor: boolean, code: OutcomeCode, args: readonly number[]): void {
    this.turnTo(operation);
    this.actor = hasActor ? args[0]! : NONE;
    this.code = code;
    for (let i = 0; i < args.length; i++) this.args[i] = args[i]!;
  }
}

export function hasActor<S>(operation: Operation<S>): boolean {
  return Object.keys(operation.params)[0] === 'actor';
}

/** Whether a step property wants to see any calls of an operation. */
export function concerns<S>(property: Property<S>, operation: Operation<S>): property is StepProperty<S> {
  if (property.kind !== 'step' || operation.observe) return false;
  const { verbs, speaksOf } = property;
  if (verbs !== undefined && !verbs.includes(deedOf(operation))) return false;
  return speaksOf === undefined || speaksOf(operation);
}

/** Whether a step property wants to see calls of an operation that came to this. */
export function judges<S>(property: Property<S>, operation: Operation<S>, code: OutcomeCode): boolean {
  if (!concerns(property, operation)) return false;
  if (!isRefusal(code)) return !property.onlyRefusals;
  return property.refusals !== undefined && isTold(property, errnoOf(operation, code));
}

function isTold<S>({ errnos }: StepProperty<S>, errno: Errno): boolean {
  return errnos === undefined || errnos.includes(errno);
}

/** Asks whether one of the fields that a step property watches has changed since {@link Machine.remember}. */
function changeTestOf<S>(machine: Machine<S>, property: Property<S>): () => boolean {
  if (property.kind !== 'step' || property.changes === undefined) return () => true;
  return machine.memory.changeTest(property.changes);
}

/** What a property says of the current state: of the step that led to it, or of the state itself. */
export function judgeState<S>(machine: Machine<S>, property: Property<S>): Judgement {
  switch (property.kind) {
    case 'state':
      return property.check(machine.state);
    case 'settled':
      return machine.settled(machine.state) ? property.check(machine.state) : undefined;
    case 'witness':
      return property.reached(machine.state) ? true : undefined;
    case 'step':
    case 'refusals':
      return undefined;
  }
}

export interface TraceJudgement {
  /** After which call the property was first broken (-1 for the first state); undefined if it never was. */
  readonly brokenAt: number | undefined;
  readonly broken: Broken | undefined;
  /** How often it said something, up to there. For a witness, in how many states it was there. */
  readonly spoke: number;
  /** Index of the call after which it first said something; undefined if it never did. */
  readonly firstSpoke: number | undefined;
  /** Calls that could not be made. */
  readonly skipped: number;
}

/**
 * What a property says of a whole trace. It is judged up to the first breach. Throws a ModelFault or a PropertyFault if an
 * operation or the property throws.
 */
export function judgeTrace<S>(machine: Machine<S>, property: Property<S>, trace: Trace): TraceJudgement {
  const step = new StepView(machine);
  let brokenAt: number | undefined;
  let found: Broken | undefined;
  let spoke = 0;
  let firstSpoke: number | undefined;
  let skipped = 0;
  const hear = (judgement: Judgement, index: number): void => {
    if (judgement === undefined || brokenAt !== undefined) return;
    spoke++;
    firstSpoke ??= index;
    if (judgement === true) return;
    brokenAt = index;
    found = judgement;
  };
  const changed = changeTestOf(machine, property);
  const hearing = property.kind === 'refusals' ? new RefusalHearing(machine, property) : undefined;
  const ask = (index: number, question: () => Judgement): void => {
    try {
      hear(question(), index);
    } catch (cause) {
      throw new PropertyFault(property.name, trace.slice(0, index + 1), cause);
    }
  };
  machine.reset();
  ask(-1, () => judgeState(machine, property));
  runTrace(machine, trace, (index, code, args) => {
    if (code === SKIPPED) {
      skipped++;
      return;
    }
    if (brokenAt !== undefined) return;
    const operation = machine.operations[trace[index]!.operation]!;
    if (property.kind === 'step' && judges(property, operation, code) && changed()) {
      step.show(operation, hasActor(operation), code, args);
      ask(index, () => property.check(step));
    }
    if (hearing && isRefusal(code)) ask(index, () => hearing.hear(trace[index]!.operation, code));
    ask(index, () => judgeState(machine, property));
  });
  return { brokenAt, broken: found, spoke, firstSpoke, skipped };
}
