#!/usr/bin/env node
/** The command `holdfast`. */
import { codeFile } from '../package-place.js';
import { startAhead } from './workers/start.js';

// A check is made by a worker, which takes as long to load as the commands do.
if (process.argv[2] === 'check') startAhead(codeFile('cli/workers/check-worker'));

await import('./main.js');
