/**
 * The code that asks properties about a state. Those that read only some fields (`reads`) are asked once for all states
 * that agree in these: what they said is remembered in a table of the last such states, so that most states are answered for
 * without asking anybody.
 */
import type { Machine } from '../model/machine/index.js';
import type { Broken, Property } from './property.js';

/** Asks all properties about the state in a view; `forget` drops what is remembered, and is to be called after a breach. */
export interface StateCheck {
  readonly check: () => void;
  readonly forget: () => void;
}

export interface Hearing<S> {
  readonly properties: readonly Property<S>[];
  /** 1 while a property is neither broken nor, for a witness, reached. */
  readonly open: Uint8Array;
  /** How often each property said something. */
  readonly spoke: Float64Array;
  breach(property: number, broken: Broken | undefined): void;
}

/** Properties that are remembered together, and the bits of a row that they read. */
interface Group {
  readonly masks: ReadonlyMap<number, number>;
  readonly members: number[];
}

/** Log2 of the states remembered for each group. */
const MEMORY_BITS = 10;

/** What the members of a group said is a bit for each, and one more bit for a place that is filled. */
const MAX_MEMBERS = 30;

export function compileStateCheck<S>(machine: Machine<S>, view: S, hearing: Hearing<S>): StateCheck {
  const { properties } = hearing;
  const groups = groupByReads(machine, properties);
  const remembered = new Set(groups.flatMap((group) => group.members));
  const alone = properties.flatMap((property, k) => (remembered.has(k) ? [] : [askSource(property, k)]));
  const asksIfSettled = properties.some(({ kind }) => kind === 'settled');
  const base = view === machine.state ? 0 : machine.words;
  const recalls = groups.map((group, g) => recallSource(properties, group, g, base));
  const make = new Function(
    'M',
    'state',
    'settled',
    'properties',
    'open',
    'spoke',
    'breach',
    `${properties.map((_, k) => `const p${k} = properties[${k}];`).join(' ')}
    ${groups.map((group, g) => `const memory${g} = new Int32Array(${(group.masks.size + 1) << MEMORY_BITS});`).join(' ')}
    ${recalls.join('\n')}
    return {
      check() {
        ${groups.map((_, g) => `recall${g}();`).join(' ')}
        ${asksIfSettled ? 'const isSettled = settled(state);' : ''}
        ${alone.join('\n')}
      },
      forget() { ${groups.map((_, g) => `memory${g}.fill(0);`).join(' ')} },
    };`,
  );
  const settled = (state: S): boolean => machine.settled(state);
  const breach = (k: number, broken: Broken | undefined): void => {
    hearing.breach(k, broken);
  };
  const { open, spoke } = hearing;
  return make(machine.memory.memory, view, settled, properties, open, spoke, breach) as StateCheck;
}

/** Those who read least join a group that reads that and more. */
function groupByReads<S>(machine: Machine<S>, properties: readonly Property<S>[]): Group[] {
  const groups: Group[] = [];
  const readers = properties
    .flatMap((property, k) => {
      if ((property.kind !== 'state' && property.kind !== 'witness') || !property.reads) return [];
      return [{ masks: machine.memory.fieldMasks(property.reads), k }];
    })
    .sort((a, b) => bitsIn(b.masks) - bitsIn(a.masks));
  for (const { masks, k } of readers) {
    const group = groups.find((g) => g.members.length < MAX_MEMBERS && covers(g.masks, masks));
    if (group) group.members.push(k);
    else groups.push({ masks, members: [k] });
  }
  return groups;
}

function bitsIn(masks: ReadonlyMap<number, number>): number {
  let bits = 0;
  for (const mask of masks.values()) for (let rest = mask; rest !== 0; rest &= rest - 1) bits++;
  return bits;
}

function covers(larger: ReadonlyMap<number, number>, smaller: ReadonlyMap<number, number>): boolean {
  return [...smaller].every(([word, mask]) => ((larger.get(word) ?? 0) & mask) === mask);
}

/** Asks one property, and runs `heard` if it says something, and `broke` if that is a breach. */
function askSource<S>(property: Property<S>, k: number, heard = '', broke = ''): string {
  const judged = `const j = p${k}.check(state); if (j !== undefined) { spoke[${k}]++; ${heard} if (j !== true) { ${broke} breach(${k}, j); } }`;
  switch (property.kind) {
    case 'state':
      return `if (open[${k}] === 1) { ${judged} }`;
    case 'settled':
      return `if (isSettled && open[${k}] === 1) { ${judged} }`;
    case 'witness':
      return `if (p${k}.reached(state)) { spoke[${k}]++; ${heard} if (open[${k}] === 1) { ${broke} breach(${k}, undefined); } }`;
    case 'step':
    case 'refusals':
      return '';
  }
}

/** Asks a group, unless a state that looks the same to it was met a while ago. A breach is not remembered. */
function recallSource<S>(
  properties: readonly Property<S>[],
  { masks, members }: Group,
  g: number,
  base: number,
): string {
  const words = [...masks];
  const filled = 1 << MAX_MEMBERS;
  const at = words.map((_, i) => `memory${g}[at + ${i}]`);
  const again = words.map((_, i) => `${at[i]} === w${i}`);
  return `function recall${g}() {
    let h = 0;
    ${words.map(([word, mask], i) => `const w${i} = M[${base + word}] & ${mask}; h = Math.imul(h ^ w${i}, 0x9e3779b1); h ^= h >>> 15;`).join(' ')}
    const at = (h & ${(1 << MEMORY_BITS) - 1}) * ${words.length + 1};
    let said = memory${g}[at + ${words.length}];
    if (said !== 0 && ${again.join(' && ') || 'true'}) {
      ${members.map((k, bit) => `spoke[${k}] += (said >>> ${bit}) & 1;`).join(' ')}
      return;
    }
    let kept = true;
    said = ${filled};
    ${members.map((k, bit) => askSource(properties[k]!, k, `said |= ${2 ** bit};`, 'kept = false;')).join('\n')}
    if (kept) { ${words.map((_, i) => `${at[i]} = w${i};`).join(' ')} memory${g}[at + ${words.length}] = said; }
  }`;
}
