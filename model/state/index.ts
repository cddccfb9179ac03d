export * from './schema.js';
export { RowMemory, RangeFault } from './accessors.js';
export { toPlain, type Plain } from './plain.js';
