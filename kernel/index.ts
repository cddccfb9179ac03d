/** The running Linux, driven by system calls from processes of one's own. */
export * from './bpf/index.js';
export * from './channel/index.js';
export * from './guest/index.js';
export * from './netlink/index.js';
export * from './probe/index.js';
export * from './sandbox/index.js';
