import { writeFileSync } from 'node:fs';
import { play } from '../checker/playback.js';
import { searchExhaustively } from '../checker/exhaustive.js';
import { speaksAbout } from '../checker/property.js';
import * as P from '../properties/index.js';
import { proposals } from '../model/proposals/index.js';
import { machineOf } from '../model/proposals/proposal.js';
import { formatReport, createPaint, FORMATS, type Finding, type Report } from '../report/index.js';
const properties = (P as any).properties;
const report: Report = { version: '0.1.0', cases: [], proposals: proposals.map((p) => {
  const m: any = machineOf(p);
  const mine = properties.filter((x: any) => speaksAbout(x, m.definition.tags));
  const start = performance.now();
  const r = searchExhaustively(m, mine, { maxStates: 150_000 });
  const milliseconds = Math.round(performance.now() - start);
  return { name: p.name, title: p.title, bounds: p.bounds as any, without: [], searches: [{ statistics: r.statistics, closed: r.closed, ...(r.stoppedBy ? { stoppedBy: r.stoppedBy } : {}), milliseconds }],
    findings: r.results.map((res: any): Finding => {
      const prop = mine.find((x: any) => x.name === res.property);
      const v = res.verdict;
      const f: any = { property: prop.name, claim: prop.claim, source: prop.source, kind: prop.kind, verdict: v, spoke: res.spoke };
      const reason = (p.expected as any)[prop.name] ?? (process.argv[2] === 'expect' && v.kind === 'violated' && p.name !== 'chain-call' ? 'nobody owns the hook' : undefined);
      if (reason) f.expectedReason = reason;
      if (v.kind === 'violated') { const pb = play(m, v.counterexample.trace); f.counterexample = { playback: pb, clause: v.counterexample.clause, objects: Object.fromEntries(Object.entries(v.counterexample.objects).map(([k, o]: any) => [k, pb.nameOf(o)])), reproduce: `npx holdfast show ${p.name} ${prop.name}` }; }
      if (v.kind === 'witnessed') f.example = play(m, v.example);
      return f;
    }) };
}) };
for (const format of FORMATS) writeFileSync(`/tmp/full.${format}`, formatReport(report, format, { width: 100 }));
writeFileSync('/tmp/full.colour', formatReport(report, 'text', { width: 120, paint: createPaint(true) }));
