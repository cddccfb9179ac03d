import { play } from '../checker/playback.js';
import { proposals } from '../model/proposals/index.js';
import { machineOf } from '../model/proposals/proposal.js';
import { showPlayback, createLook, sequenceDiagram, itfTrace } from '../report/index.js';
const p = proposals.find((x) => x.name === 'expected-fd')!;
const m = machineOf(p);
const op = (n: string) => m.operationIndex(n);
console.log(m.operations.map((o) => o.name + '(' + Object.keys(o.params).join(',') + ')').join('\n'));
const trace = [
  { operation: op('load'), args: [0, 0] },
  { operation: op('load-extension'), args: [0, { result: 0 }, 0, 0] },
  { operation: op('attach-extension'), args: [0, { result: 1 }] },
  { operation: op('attach'), args: [0, { result: 0 }, 0] },
  { operation: op('attach'), args: [0, { result: 0 }, 0] },
];
const pb = play(m, trace.filter(c=>c.operation>=0));
for (const w of [100, 70]) console.log(showPlayback(pb, createLook({ width: w })).join('\n'));
console.log(JSON.stringify(itfTrace(pb).states[2]));
