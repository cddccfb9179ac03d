/** What each call of a proposal is in C: the calls that Linux has, and why it has not the others. */
import type { PieceName } from './pieces.js';

/** Turns the words of a call into expressions of C. */
export interface Words {
  /** A descriptor or handle: where its number is kept, or the number itself; -1 for `none`. */
  number(word: string): string;
  /** A string literal. */
  text(word: string): string;
  /** The device at which a handle stands. */
  deviceOf(handle: string): string;
  /** The name and number under which the program of this call is loaded, as two arguments. */
  program(): string;
}

export interface CallRule {
  /** What the call returns if it is done. */
  readonly gives: 'NOTHING' | 'FD' | 'HANDLE' | 'SIGHT';
  readonly pieces: readonly PieceName[];
  /** The expression: a number from 0 on, or a negative errno. `args` are the words behind the actor. */
  readonly expression: (args: readonly string[], words: Words, actor: string) => string;
  /** Made by the program itself, not by one of the processes. */
  readonly byItself?: true;
}

type CallRules = Readonly<Record<string, CallRule | string>>;

function rule(
  gives: CallRule['gives'],
  pieces: readonly PieceName[],
  expression: CallRule['expression'],
): CallRule {
  return { gives, pieces, expression };
}

/** Processes, their descriptors, and pins: the same in all designs. */
const COMMON: CallRules = {
  close: rule('NOTHING', ['done'], ([fd], w) => `done(close(${w.number(fd!)}))`),
  dup: rule('FD', ['done'], ([fd], w) => `done(dup(${w.number(fd!)}))`),
  send: rule('FD', [], ([fd], w) => w.number(fd!)),
  crash: { ...rule('NOTHING', ['crash'], (_args, _w, actor) => `crash('${actor}')`), byItself: true },
  restart: { ...rule('NOTHING', ['restart'], (_args, _w, actor) => `restart('${actor}')`), byItself: true },
  pin: rule(
    'NOTHING',
    ['path'],
    ([fd, path], w) => `bpf_obj_pin(${w.number(fd!)}, on_bpffs(${w.text(path!)}))`,
  ),
  unpin: rule('NOTHING', ['done', 'path'], ([path], w) => `done(unlink(on_bpffs(${w.text(path!)})))`),
  get: rule('FD', ['path'], ([path], w) => `bpf_obj_get(on_bpffs(${w.text(path!)}))`),
  packet: {
    ...rule('SIGHT', ['packet'], ([device]) => `packet(${numberIn(device!)})`),
    byItself: true,
  },
};

const LOAD_XDP: CallRules = { load: rule('FD', ['load_xdp'], (_args, w) => `load_xdp(${w.program()})`) };

/** Set and clear by netlink. */
const SET_XDP: CallRules = {
  attach: rule(
    'NOTHING',
    ['still_closed', 'xdp'],
    ([fd, device], w) => `set_xdp(${w.text(device!)}, ${w.number(fd!)}, 0, 0)`,
  ),
  detach: rule('NOTHING', ['still_closed', 'xdp'], ([device], w) => `set_xdp(${w.text(device!)}, -1, 0, 0)`),
};

const LINK_XDP: CallRules = {
  attach: rule('FD', ['link'], ([fd, device], w) => `link_xdp(${numberIn(device!)}, ${w.number(fd!)})`),
};

const EXTENSIONS =
  'extensions came in 5.6 as freplace, with other rules than those of 2019, for programs with BTF only';

/** By proposal and operation; a text says why Linux has no such call. */
const RULES: Readonly<Record<string, CallRules>> = {
  'netlink-xdp': {
    ...COMMON,
    ...LOAD_XDP,
    ...SET_XDP,
    attach_if_empty: rule(
      'NOTHING',
      ['still_closed', 'xdp'],
      ([fd, device], w) => `set_xdp(${w.text(device!)}, ${w.number(fd!)}, XDP_FLAGS_UPDATE_IF_NOEXIST, 0)`,
    ),
  },
  'expected-fd': {
    ...COMMON,
    ...LOAD_XDP,
    ...SET_XDP,
    replace: rule(
      'NOTHING',
      ['still_closed', 'xdp'],
      ([expected, fd, device], w) =>
        `set_xdp(${w.text(device!)}, ${w.number(fd!)}, 0, ${w.number(expected!)})`,
    ),
  },
  'tc-filter': {
    ...COMMON,
    load: rule('FD', ['load_filter'], (_args, w) => `load_filter(${w.program()})`),
    create_qdisc: rule('NOTHING', ['create_qdisc'], ([device], w) => `create_qdisc(${w.text(device!)})`),
    delete_qdisc: rule('NOTHING', ['delete_qdisc'], ([device], w) => `delete_qdisc(${w.text(device!)})`),
    attach: rule(
      'HANDLE',
      ['still_closed', 'program_error', 'no_qdisc', 'add_filter'],
      ([fd, device], w) => `add_filter(${w.text(device!)}, ${w.number(fd!)})`,
    ),
    replace: rule(
      'NOTHING',
      ['still_closed', 'program_error', 'no_qdisc', 'replace_filter'],
      ([handle, fd], w) => `replace_filter(${w.deviceOf(handle!)}, ${w.number(handle!)}, ${w.number(fd!)})`,
    ),
    detach: rule(
      'NOTHING',
      ['delete_filter'],
      ([handle], w) => `delete_filter(${w.deviceOf(handle!)}, ${w.number(handle!)})`,
    ),
  },
  'prog-array': {
    ...COMMON,
    ...LOAD_XDP,
    ...SET_XDP,
    'load-with-map': rule(
      'FD',
      ['load_dispatcher'],
      ([map], w) => `load_dispatcher(${w.program()}, ${w.number(map!)})`,
    ),
    create_map: rule('FD', ['create_slots'], () => 'create_slots()'),
    'attach-slot': rule(
      'NOTHING',
      ['fill_slot'],
      ([map, slot, fd], w) => `fill_slot(${w.number(map!)}, ${numberIn(slot!)}, ${w.number(fd!)})`,
    ),
    'detach-slot': rule(
      'NOTHING',
      ['empty_slot'],
      ([map, slot], w) => `empty_slot(${w.number(map!)}, ${numberIn(slot!)})`,
    ),
  },
  'chain-call': {
    ...COMMON,
    ...LOAD_XDP,
    ...SET_XDP,
    'attach-chain': 'chain calls were proposed and not merged',
    'detach-chain': 'chain calls were proposed and not merged',
  },
  'link-fd': {
    ...COMMON,
    ...LOAD_XDP,
    ...LINK_XDP,
    'load-extension': EXTENSIONS,
    'attach-extension': EXTENSIONS,
  },
  'explicit-replace': {
    ...COMMON,
    ...LOAD_XDP,
    ...SET_XDP,
    'load-extension': EXTENSIONS,
    'replace-subprogram': 'a command that replaces a subprogram was proposed and not merged',
    'detach-subprogram': 'a command that replaces a subprogram was proposed and not merged',
  },
  'btf-copy': {
    ...COMMON,
    ...LOAD_XDP,
    ...LINK_XDP,
    'load-extension': EXTENSIONS,
    'attach-extension': EXTENSIONS,
  },
};

/** What a call is in C; a text if Linux has no such call: why. */
export function callRule(proposal: string, operation: string): CallRule | string {
  const rules = RULES[proposal];
  if (!rules) return `of '${proposal}', nothing is known about how Linux would do it`;
  return rules[operation] ?? `'${proposal}' has been given this operation by its author`;
}

/** The number at the end of a name: 0 of `eth0` and of `slot0`. */
function numberIn(word: string): number {
  return Number(/\d+$/.exec(word)?.[0] ?? 0);
}
