/** Ways of attaching, each a function from a kernel model to operations. */
export {
  attachmentsBound,
  isExtension,
  isNoExtension,
  isProgram,
  replaceIn,
  roomAt,
  setAt,
} from './attaching.js';
export { chainCall } from './chain-call.js';
export { boundExtensionLink, comparedExtensionLink, deviceLink } from './link.js';
export { load, loadExtensionFor, loadUnboundExtension, loadWithMap, placeholderSignature } from './load.js';
export { packet } from './packet.js';
export { pins } from './pins.js';
export { actorIsAlive, fdIsFree, fdIsOpen, processes } from './processes.js';
export { progArray } from './prog-array.js';
export { subProgReplace } from './sub-prog-replace.js';
export { tcFilter } from './tc-filter.js';
export { xdpNetlink, xdpNetlinkExpected, xdpNetlinkIfEmpty } from './xdp-netlink.js';
