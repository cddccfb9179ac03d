/** Programs that say by their return value which of them ran. */
import { code, type ProgramToLoad } from '../../kernel/index.js';

export function xdpReturning(value: number): ProgramToLoad {
  return { type: 'xdp', expectedAttachType: 'xdp', instructions: code.return(value) };
}

/** Counts itself in an element of an array, and lets the packet pass. */
export function xdpCounting(map: number, index: number): ProgramToLoad {
  const XDP_PASS = 2;
  const instructions = Buffer.concat([code.count(map, index), code.return(XDP_PASS)]);
  return { type: 'xdp', expectedAttachType: 'xdp', instructions };
}

/** TCX_NEXT or TC_ACT_UNSPEC: the next one decides. */
export const tcPassing: ProgramToLoad = { type: 'schedCls', instructions: code.return(-1) };

export const cgroupAllowing: ProgramToLoad = {
  type: 'cgroupSkb',
  expectedAttachType: 'cgroupInetEgress',
  instructions: code.return(1),
};
