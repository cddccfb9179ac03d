/** Sockets that a process keeps for as long as it runs. */
import { renumberCalls } from './files.js';
import type { Call } from './frames.js';
import { ResultOf } from './memory.js';
import { NR } from './numbers.js';

export const SOL_SOCKET = 1;

const SOCK_CLOEXEC = 0o2000000;

/** The calls that open a socket, close-on-exec, as a descriptor of one's choice; they come first in a request. */
export function socketCalls(family: number, kind: number, protocol: number, fd: number): Call[] {
  return [
    { number: NR.socket, arguments: [family, kind | SOCK_CLOEXEC, protocol] },
    ...renumberCalls(new ResultOf(0), fd),
  ];
}
