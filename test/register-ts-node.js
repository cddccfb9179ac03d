// Lets Node import the TypeScript sources directly: `node --import=./test/register-ts-node.js some-file.ts`.
// Only transpiles, so that a test starts quickly; types are checked by `npm run typecheck`.
import { register } from 'node:module';

register('ts-node/esm/transpile-only', import.meta.url);
