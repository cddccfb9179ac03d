// Lets Node import the TypeScript sources directly: `node --import=./test/register-typescript.js some-file.ts`.
// Only transpiles, so that a test starts quickly; types are checked by `npm run typecheck`.
import { register } from 'node:module';
import process from 'node:process';

register('./transpile-hooks.js', import.meta.url);
process.setSourceMapsEnabled(true); // stack traces then name the lines of the TypeScript
