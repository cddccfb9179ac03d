import { writeFileSync } from 'node:fs';
import { play } from '../checker/playback.js';
import { FORMATS, formatReport, createPaint } from '../report/index.js';
import { bigReport } from './big.js';
for (const format of FORMATS) writeFileSync(`/tmp/sample.${format}`, formatReport(bigReport, format, { width: 100 }));
writeFileSync('/tmp/sample.txt', formatReport(bigReport, 'text', { width: 100 }));
writeFileSync('/tmp/sample-colour.txt', formatReport(bigReport, 'text', { width: 120, paint: createPaint(true) }));
writeFileSync('/tmp/sample-ascii.txt', formatReport(bigReport, 'text', { width: 80, unicode: false }));
