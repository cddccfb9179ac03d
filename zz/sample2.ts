import { writeFileSync } from 'node:fs';
import { formatReport } from '../report/index.js';
import { aReport, aProposal, aBroken, aCounterexample, aStep } from '../test/report/fixtures.js';
const nasty = 'end; "x" #35; <b>bold</b> %% {a} `q` : wrap: \\ $&\nnew\u0007line ∞ 😀 end';
const r = aReport([aProposal(nasty, [aBroken(nasty, {counterexample: aCounterexample({clause: nasty, playback: {machine:'m', initial:{a:1}, nameOf: String, steps:[aStep('end', [nasty], {actor: 'end', gained:[nasty], outcome:{kind:'saw', words:[]}}), aStep('wrap:', [';'], {actor: 'actor x', lost:[nasty]})]}})})])]);
writeFileSync('/tmp/nasty.mermaid', formatReport(r, 'mermaid'));
writeFileSync('/tmp/nasty.itf', formatReport(r, 'itf'));
writeFileSync('/tmp/nasty.junit', formatReport(r, 'junit'));
