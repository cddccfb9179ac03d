/** Extensions and slots exclude each other by a mark that is a bool: the shortest calls that tell it from a count. */
import test from 'ava';
import { distinguish, outcomeText, play } from '../../../checker/index.js';
import { kernelAspects } from '../../../model/kernel/aspects.js';
import { machineOf } from '../../../model/proposals/index.js';
import { exclusionAsMeant, exclusionAsWritten } from '../../properties/extensions-on-linux.js';

test('seven calls tell the exclusion as it is written from the exclusion as it was meant', (t) => {
  const machines = [machineOf(exclusionAsWritten), machineOf(exclusionAsMeant)] as const;

  const { distinctions } = distinguish(machines, { depth: 7, aspects: kernelAspects });

  const { traces } = distinctions[0]!;
  const [written, meant] = traces.map((trace, side) => play(machines[side]!, trace).steps);
  t.is(written!.length, 7);
  t.is(written!.at(-1)!.verb, 'prog_array_update');
  t.is(written!.at(-2)!.verb, 'close');
  t.is(outcomeText(written!.at(-1)!.outcome), 'ok');
  t.is(outcomeText(meant!.at(-1)!.outcome), 'EBUSY');
});
