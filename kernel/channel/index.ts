export * from './errors.js';
export * from './files.js';
export type { Argument, Call, Returned } from './frames.js';
export { startLocalServer } from './local.js';
export { Memory, ResultOf } from './memory.js';
export { NR } from './numbers.js';
export { KernelServer, type KernelProcess } from './process.js';
export * from './result.js';
