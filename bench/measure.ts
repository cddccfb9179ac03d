/** Measures one variant, given by its number, and writes what came out as one line of JSON. `run.ts` starts it. */
import { variants } from './variants.js';

const variant = variants[Number(process.argv[2])];
if (!variant) throw new Error(`there is no variant ${process.argv[2] ?? ''}`);
console.log(JSON.stringify(variant.measure()));
