export * from './attachments.js';
export * from './dispatcher.js';
export * from './ids.js';
export {
  btfId,
  linkInfo,
  mapId,
  programInfo,
  type LinkInfo,
  type ObjectReference,
  type ProgramInfo,
} from './info.js';
export { code, lengthOf } from './instructions.js';
export * from './links.js';
export * from './maps.js';
export * from './numbers.js';
export * from './pinned.js';
export * from './pins.js';
export * from './programs.js';
export * from './query.js';
