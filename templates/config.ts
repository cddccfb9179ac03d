/** Where this project keeps what is its own. Paths are relative to this file; a directory means all its files. */
import { defineConfig } from 'holdfast';

export default defineConfig({
  proposals: './proposals',
  properties: './properties',
  cases: './cases',
});
