/** Items in a box, and numbers for them that belong to everybody; in variants that differ in one thing each. */
import { guard, issued, operation, roomFor } from '../../model/machine/index.js';
import { array, NONE, refers, struct, table, type ValueOf } from '../../model/state/index.js';
import { machineOver } from './tiny.js';

export interface BoxVariant {
  /** Numbers are handed out from the highest on. */
  readonly fromAbove?: true;
  /** An item stays when its last number is closed. */
  readonly leaks?: true;
  /** A second number is always for the first item. */
  readonly confuses?: true;
  /** Making an item hands out no number. */
  readonly keepsNumbers?: true;
  /** Items there is room for: 2 if it is not given. */
  readonly room?: number;
  /** Nobody can see how many items there are. */
  readonly isClosed?: true;
}

const schema = struct({ items: table(2, {}), numbers: array(3, refers('items')) });
type BoxState = ValueOf<typeof schema>;

const number = issued('number', ['n0', 'n1', 'n2'], 'everyone');

/** `make`, `again` (a second number) and `close`; `count` sees how many items there are. */
export function box({ room = 2, ...variant }: BoxVariant = {}) {
  const places = variant.fromAbove ? [2, 1, 0] : [0, 1, 2];
  const freeNumber = (s: BoxState): number => places.find((n) => s.numbers.get(n) === NONE) ?? NONE;
  const live = (s: BoxState): number => s.items.filter((item) => item.live).length;
  const freeItem = (s: BoxState): number => (live(s) < room ? s.items.findIndex((item) => !item.live) : NONE);
  const numberIsFree = guard<BoxState>('number-is-free', 'EMFILE', (s) => freeNumber(s) !== NONE);
  const isOpen = guard<BoxState>('number-is-open', 'EBADF', (s, n: number) => s.numbers.get(n) !== NONE);
  function handOut(s: BoxState, item: number): number {
    const n = freeNumber(s);
    s.numbers.set(n, item);
    return n;
  }
  return machineOver(schema, {
    name: 'box',
    kindOf: () => 'item',
    isLive: (s, item) => s.items[item]!.live,
    objectBehind: (s, _domain, _owner, n) => s.numbers.get(n),
    operations: [
      operation({
        verb: 'make',
        summary: 'makes an item',
        params: {},
        possible: [roomFor('items', (s) => freeItem(s) !== NONE)],
        guards: [numberIsFree],
        effect(s) {
          const item = freeItem(s);
          s.items[item]!.live = true;
          return variant.keepsNumbers ? undefined : handOut(s, item);
        },
        ...(variant.keepsNumbers ? {} : { returns: { domain: number } }),
      }),
      operation({
        verb: 'again',
        summary: 'a second number for an item',
        params: { number },
        guards: [isOpen, numberIsFree],
        effect: (s, n) => handOut(s, variant.confuses ? 0 : s.numbers.get(n)),
        returns: { domain: number },
      }),
      operation({
        verb: 'close',
        summary: 'closes a number; an item goes with its last one',
        params: { number },
        guards: [isOpen],
        effect(s, n) {
          const item = s.numbers.get(n);
          s.numbers.set(n, NONE);
          if (!variant.leaks && !s.numbers.includes(item)) s.items[item]!.clear();
        },
      }),
      ...(variant.isClosed
        ? []
        : [
            operation<BoxState>({
              verb: 'count',
              summary: 'sees how many items there are',
              params: {},
              observe: (s) => [live(s)],
            }),
          ]),
    ],
  });
}
