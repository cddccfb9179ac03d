/** Numbers of bpf(2). Source: include/uapi/linux/bpf.h, the enum or macro named at each. */

/** `enum bpf_cmd` */
export const COMMAND = {
  mapCreate: 0,
  mapLookup: 1,
  mapUpdate: 2,
  mapDelete: 3,
  progLoad: 5,
  objPin: 6,
  objGet: 7,
  progAttach: 8,
  progDetach: 9,
  progTestRun: 10,
  progGetNextId: 11,
  mapGetNextId: 12,
  progGetFdById: 13,
  mapGetFdById: 14,
  objGetInfo: 15,
  progQuery: 16,
  rawTracepointOpen: 17,
  btfLoad: 18,
  btfGetFdById: 19,
  btfGetNextId: 23,
  linkCreate: 28,
  linkUpdate: 29,
  linkGetFdById: 30,
  linkGetNextId: 31,
  linkDetach: 34,
} as const;

/** `enum bpf_prog_type` */
export const PROG_TYPE = {
  socketFilter: 1,
  schedCls: 3,
  xdp: 6,
  cgroupSkb: 8,
  cgroupSock: 9,
  flowDissector: 22,
  tracing: 26,
  ext: 28,
  skLookup: 30,
} as const;
export type ProgType = keyof typeof PROG_TYPE;

/** `enum bpf_attach_type` */
export const ATTACH_TYPE = {
  cgroupInetIngress: 0,
  cgroupInetEgress: 1,
  cgroupInetSockCreate: 2,
  flowDissector: 17,
  traceFentry: 24,
  traceFexit: 25,
  modifyReturn: 26,
  xdpDevmap: 33,
  xdpCpumap: 35,
  skLookup: 36,
  xdp: 37,
  tcxIngress: 46,
  tcxEgress: 47,
} as const;
export type AttachType = keyof typeof ATTACH_TYPE;

/** `enum bpf_link_type` */
export const LINK_TYPE = { tracing: 2, cgroup: 3, netns: 5, xdp: 6, tcx: 11 } as const;
export type LinkType = keyof typeof LINK_TYPE;

/** `enum bpf_map_type` */
export const MAP_TYPE = { array: 2, progArray: 3, perCpuArray: 6 } as const;

/** Flags of PROG_ATTACH and LINK_CREATE, and BPF_F_REPLACE of LINK_UPDATE. */
export const ATTACH_FLAG = {
  allowOverride: 1 << 0,
  allowMulti: 1 << 1,
  replace: 1 << 2,
  before: 1 << 3,
  after: 1 << 4,
  id: 1 << 5,
  preorder: 1 << 6,
  link: 1 << 13,
} as const;

/** `XDP_FLAGS_*` of include/uapi/linux/if_link.h: for netlink, and (modes only) for LINK_CREATE. */
export const XDP_FLAG = { updateIfNoexist: 1, skb: 2, drv: 4, hw: 8, replace: 16 } as const;

/** BPF_F_XDP_HAS_FRAGS of PROG_LOAD. */
export const XDP_HAS_FRAGS = 1 << 5;

/** BPF_F_QUERY_EFFECTIVE of PROG_QUERY. */
export const QUERY_EFFECTIVE = 1;

/** BPF_F_PATH_FD of OBJ_PIN and OBJ_GET. */
export const PATH_FD = 1 << 14;
