export * from './schema.js';
export { RowMemory, RangeFault } from './accessors.js';
export { toPlain, type Plain } from './plain.js';
export { compileCanonicalForm, compileOrbitMark, type Canonicalise } from './canonical-form.js';
export { symmetryOf, type Symmetry } from './symmetry.js';
export { swapsOf, type Swap } from './swaps.js';
