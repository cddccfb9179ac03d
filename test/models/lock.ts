/** A lock that two processes take and release, in variants that differ in one thing each. */
import { domain, guard, interchangeable, operation, type Errno } from '../../model/machine/index.js';
import { nat, struct } from '../../model/state/index.js';
import { machineOver } from './tiny.js';

export interface LockVariant {
  /** What taking a taken lock is refused with. */
  readonly busy?: Errno;
  /** Anybody may release it. */
  readonly releasedByAnybody?: true;
  /** Releasing it does nothing. */
  readonly staysTaken?: true;
  /** There is a call that frees it by force. */
  readonly canBeBroken?: true;
  /** What the call to take it is named. */
  readonly take?: string;
}

const process = interchangeable('process', ['A', 'B']);

/** 0 is free, 1 is A's, 2 is B's. `see` says whose it is: `nobody`, `A` or `B`. */
export function lock({ busy = 'EBUSY', take = 'take', ...variant }: LockVariant = {}) {
  return machineOver(struct({ holder: nat(3) }), {
    name: 'lock',
    sight: (_s, seen) => seen.map((holder) => ['nobody', 'A', 'B'][holder]!),
    operations: [
      operation({
        verb: take,
        summary: 'takes the lock',
        params: { actor: process },
        guards: [guard('lock-is-free', busy, (s) => s.holder === 0)],
        effect(s, actor) {
          s.holder = actor + 1;
        },
      }),
      operation({
        verb: 'release',
        summary: 'frees the lock',
        params: { actor: process },
        guards: [
          guard('lock-is-taken', 'ENOENT', (s) => s.holder !== 0),
          ...(variant.releasedByAnybody
            ? []
            : [guard<{ holder: number }>('actor-holds-it', 'EPERM', (s, actor) => s.holder === actor + 1)]),
        ],
        effect(s) {
          if (!variant.staysTaken) s.holder = 0;
        },
      }),
      ...(variant.canBeBroken
        ? [
            operation<{ holder: number }>({
              verb: 'break',
              summary: 'frees the lock, whoever has it',
              params: { actor: process },
              effect(s) {
                s.holder = 0;
              },
            }),
          ]
        : []),
      operation({
        verb: 'see',
        summary: 'sees whose the lock is',
        params: { door: domain('door', ['front', 'back']) },
        observe: (s) => [s.holder],
      }),
    ],
  });
}
