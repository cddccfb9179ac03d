import test from 'ava';
import { align, UnknownOperationError, type AlignedOperation } from '../../checker/alignment.js';
import { domain, issued, operation, optional, type Domain, type Machine } from '../../model/machine/index.js';
import { nat, NONE, struct } from '../../model/state/index.js';
import { machineOver } from '../models/tiny.js';

type Params = Readonly<Record<string, Domain>>;

const process = domain('process', ['A', 'B']);
const fd = issued('fd', ['fd3', 'fd4'], 'actor');
const place = domain('place', ['eth0']);

/** A machine whose operations do nothing, named `name` or `name:verb`. */
function machine(operations: Readonly<Record<string, Params>>): Machine<{ at: number }> {
  return machineOver(struct({ at: nat(2) }), {
    operations: Object.entries(operations).map(([written, params]) => {
      const [name, verb] = written.split(':') as [string, string | undefined];
      return operation({ name, verb: verb ?? name, summary: 'does nothing', params });
    }),
  });
}

function named(operations: readonly AlignedOperation[], name: string): AlignedOperation {
  return operations.find((one) => one.name === name)!;
}

/** Where the parameters stand, by name. */
function places({ parameters }: AlignedOperation): Record<string, readonly [number, number]> {
  return Object.fromEntries(parameters.map(({ name, at }) => [name, at]));
}

test('operations of one name are the same, in whatever order they stand', (t) => {
  const a = machine({ load: {}, attach: {} });
  const b = machine({ attach: {}, load: {} });
  const { operations } = align([a, b]);
  t.deepEqual(
    operations.map(({ name, operation }) => [name, ...operation]),
    [
      ['load', 0, 1],
      ['attach', 1, 0],
    ],
  );
});

test('operations of other names are the same if they have one verb and the same parameters', (t) => {
  const a = machine({ 'attach-one:attach': { program: fd, place } });
  const b = machine({
    'attach-that:attach': { program: fd },
    'attach-other:attach': { place, program: fd },
  });
  const { operations } = align([a, b]);
  t.deepEqual(named(operations, 'attach-one').operation, [0, 1]);
  t.deepEqual(places(named(operations, 'attach-one')), { program: [0, 1], place: [1, 0] });
});

test('an operation that only one side has stands behind the others, alone', (t) => {
  const a = machine({ detach: { place }, load: {} });
  const b = machine({ load: {}, force: { link: fd } });
  const { operations } = align([a, b]);
  t.deepEqual(
    operations.map(({ name, operation }) => [name, ...operation]),
    [
      ['load', 1, 0],
      ['detach', 0, NONE],
      ['force', NONE, 1],
    ],
  );
});

test('operations are the same by hand, and their parameters by name, then by domain', (t) => {
  const a = machine({ put: { actor: process, program: fd } });
  const b = machine({ replace: { actor: process, target: fd, program: fd, place } });
  const { operations } = align([a, b], [['put', 'replace']]);
  t.is(operations.length, 1);
  t.deepEqual(places(operations[0]!), {
    actor: [0, 0],
    program: [1, 2],
    target: [NONE, 1],
    place: [NONE, 3],
  });

  const renamed = align([a, machine({ put: { actor: process, prog: fd } })]).operations[0]!;
  t.deepEqual(places(renamed), { actor: [0, 0], program: [1, 1] });
});

test('an operation that is not there cannot be the same as another', (t) => {
  const error = t.throws(() => align([machine({ load: {} }), machine({ load: {} })], [['load', 'lod']]), {
    instanceOf: UnknownOperationError,
  });
  t.is(error.unknown, 'lod');
  t.deepEqual(error.known, ['load']);
});

test('values are the same by their text, those left over in order, and the rest are of one side', (t) => {
  const a = machine({ load: { program: domain('program', ['rootlet', 'fw1', 'fw2']) } });
  const b = machine({ load: { program: domain('program', ['fw1', 'prog']) } });
  const [{ parameters }] = align([a, b]).operations as [AlignedOperation];
  // rootlet goes with prog, which is left over; fw2 has nobody.
  t.deepEqual(parameters[0]!.values, [
    [0, 1],
    [1, 0],
  ]);
});

test('none is the same as none where both sides can do without', (t) => {
  const both = align([machine({ a: { x: optional(place) } }), machine({ a: { x: optional(place) } })]);
  t.deepEqual(both.operations[0]!.parameters[0]!.values, [
    [NONE, NONE],
    [0, 0],
  ]);
  const one = align([machine({ a: { x: optional(place) } }), machine({ a: { x: place } })]);
  t.deepEqual(one.operations[0]!.parameters[0]!.values, [[0, 0]]);
});

test('numbers that calls hand out do not go with fixed values', (t) => {
  const a = machine({ close: { actor: process, what: fd } });
  const b = machine({ close: { actor: process, what: place } });
  const [{ parameters }] = align([a, b]).operations as [AlignedOperation];
  t.deepEqual(
    parameters.map(({ name, at }) => [name, ...at]),
    [
      ['actor', 0, 0],
      ['what', 1, NONE],
      ['what', NONE, 1],
    ],
  );
});
