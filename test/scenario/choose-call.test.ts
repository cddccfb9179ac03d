import test from 'ava';
import { domain, Machine, operation } from '../../model/machine/index.js';
import { struct } from '../../model/state/index.js';
import { chooseCall, type Known } from '../../scenario/choose-call.js';

const place = domain('place', ['here', 'there']);
const colour = domain('colour', ['red', 'green']);

const machine = new Machine({
  name: 'painter',
  schema: struct({}),
  operations: [
    operation({ name: 'plain', verb: 'paint', summary: 'paints', params: { place } }),
    operation({
      name: 'coloured',
      verb: 'paint',
      summary: 'paints in a colour',
      params: { where: place, colour },
    }),
  ],
  initial: () => undefined,
});

function known(words: Readonly<Record<string, string>>, mustTake: readonly string[] = []): Known {
  return { actor: undefined, words: new Map(Object.entries(words)), mustTake, descriptor: () => undefined };
}

test('the call is the one that takes most of what is known, by the name of the parameter or of its domain', (t) => {
  t.deepEqual(chooseCall(machine, 'paint', known({ place: 'there', colour: 'green' })), {
    operation: 1,
    args: [1, 1],
    used: ['place', 'colour'],
  });
  t.deepEqual(chooseCall(machine, 'paint', known({ place: 'there' })), {
    operation: 0,
    args: [1],
    used: ['place'],
  });
});

test('there is none for a word that is no value, for too few words, or without what it must take', (t) => {
  t.is(chooseCall(machine, 'paint', known({ place: 'nowhere' })), undefined);
  t.is(chooseCall(machine, 'paint', known({ colour: 'red' })), undefined);
  t.is(chooseCall(machine, 'paint', known({ place: 'here' }, ['colour'])), undefined);
});
