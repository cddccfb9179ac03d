import test from 'ava';
import { formatReport, itfTrace, type ItfTrace, type Report } from '../../report/index.js';
import {
  aBroken,
  aCounterexample,
  aFinding,
  aProposal,
  aReport,
  aStep,
  HOLDS,
  HOOK_TAKEN,
} from './fixtures.js';

function parsed(report: Report, options = {}): ItfTrace {
  return JSON.parse(formatReport(report, 'itf', options)) as ItfTrace;
}

test('every state has an index and a value for each variable', (t) => {
  const { vars, states } = itfTrace(HOOK_TAKEN);
  t.deepEqual(vars, ['action', 'outcome', 'hooks', 'alive']);
  t.is(states.length, 7);
  states.forEach((state, index) => {
    t.deepEqual(Object.keys(state).sort(), ['#meta', ...vars].sort());
    t.deepEqual(state['#meta'], { index });
  });
});

test('a state says which call led to it and what the call came to', (t) => {
  const { states } = itfTrace(HOOK_TAKEN);
  t.deepEqual(states[0], { '#meta': { index: 0 }, action: 'init', outcome: '', hooks: [-1], alive: true });
  t.like(states[1], { action: 'prog1 = A.load(prog)', outcome: 'fd3', hooks: [-1] });
  t.like(states[4], { action: 'B.attach_if_empty(prog2, eth0)', outcome: 'EBUSY', hooks: [0] });
});

test('a state that is no record is one variable', (t) => {
  const { vars, states } = itfTrace({ ...HOOK_TAKEN, initial: 7, steps: [] });
  t.deepEqual(vars, ['action', 'outcome', 'state']);
  t.is(states[0]?.['state'], 7);
});

test('a field of the state keeps its name', (t) => {
  const step = aStep('load', [], { state: { action: 2 } });
  const { vars, states } = itfTrace({ ...HOOK_TAKEN, initial: { action: 1 }, steps: [step] });
  t.deepEqual(vars, ['action_', 'outcome', 'action']);
  t.like(states[1], { action_: 'A.load()', action: 2 });
});

const report = aReport([
  aProposal('netlink-xdp', [aBroken('known', { expectedReason: 'nobody owns it' }), aBroken('unexpected')]),
  aProposal('tc-filter', [
    aBroken('further', { counterexample: aCounterexample({ clause: 'the filter is gone' }) }),
  ]),
]);

test('of several counterexamples the first unexpected one is written', (t) => {
  t.like(parsed(report)['#meta'], {
    format: 'ITF',
    source: 'netlink-xdp',
    description: 'breaks unexpected: B replaced what A attached',
  });
});

test('a counterexample can be selected by proposal and property', (t) => {
  const known = parsed(report, { selection: { property: 'known' } });
  t.is(known['#meta']['description'], 'breaks known: B replaced what A attached');
  const further = parsed(report, { selection: { proposal: 'tc-filter' } });
  t.is(further['#meta']['description'], 'breaks further: the filter is gone');
});

test('without a counterexample the trace has no states', (t) => {
  const trace = parsed(aReport([aProposal('tcx', [aFinding('a', HOLDS)])]));
  t.deepEqual(trace.vars, []);
  t.deepEqual(trace.states, []);
});
