/** The nouns: processes, descriptors, programs, attachments, maps, pins, and who keeps what alive. */
export * from './model.js';
export * from './attachments.js';
export * from './descriptors.js';
export * from './dispatch.js';
export * from './lifetime.js';
export { isAnythingAttached, kernelRestrictions } from './powers.js';
export { FULL_TABLE_ERRNOS, kernelAspects } from './aspects.js';
