/**
 * One row for all that differ by swaps of interchangeable things.
 *
 * Each thing gets a colour: a number made of its plain fields, and in every round mixed with the colours of what it names and of
 * what names it, so that swapped rows give the swapped things the same colours. Things of a sort then stand in the order of their
 * colours, and references follow. Where two things that something names still have one colour, the first of them is given a
 * colour of its own, and the colours are mixed again; that is right if the two can be swapped without a change, which is nearly
 * always so. If not, or if two colours are equal by chance, rows that differ by swaps may come to several forms: a search then
 * looks at a little more than it must, never at less, because each form is the row with some things swapped.
 * Source: colour refinement and individualisation, as in McKay and Piperno, "Practical graph isomorphism, II", 2014.
 *
 * A table whose places are `allocated` has rules that take its first free place. Free places are all alike, and it does not matter
 * which of them stand where, unless one still has something in it or is still named: then the row has no canonical form.
 *
 * The code is generated for one symmetry: a straight line, with the places of all fields as constants.
 */
import { maskOf, type Bag, type BitField, type Piece, type Sort, type Symmetry } from './symmetry.js';

/**
 * Writes the canonical form of the row at `from[o]` to `to[p]`; false if it has none, because a free place of a table is named or
 * has something in it.
 */
export type Canonicalise = (from: Int32Array, o: number, to: Int32Array, p: number) => boolean;

/** Rounds of mixing before ties are looked for. In two, colours travel from a process to what its links run and back. */
const ROUNDS = 2;

/** Colours of things that are not live, and of mere numbers that nothing names. All others are negative and even. */
const FREE = 1;
const IDLE = 2;

export function compileCanonicalForm(symmetry: Symmetry): Canonicalise {
  return compile(new Source(symmetry));
}

/**
 * A number that is the same for all rows that differ by swaps, and nearly always another for other rows; 0 for a row that has no
 * canonical form.
 */
export function compileOrbitMark(symmetry: Symmetry): (rows: Int32Array, offset: number) => number {
  const mark = new Int32Array(1);
  const write = compile(new MarkSource(symmetry));
  return (rows, offset) => (write(rows, offset, mark, 0) ? mark[0]! | 1 : 0);
}

function compile(source: Source): Canonicalise {
  // The text says which tables it needs.
  const text = source.text();
  const make = new Function(...source.tables.keys(), text) as (
    ...tables: readonly Int32Array[]
  ) => Canonicalise;
  return make(...source.tables.values());
}

class Source {
  /** Arrays of constants, by the names that the text has for them. */
  readonly tables = new Map<string, Int32Array>();
  private labels = 0;

  constructor(protected readonly symmetry: Symmetry) {}

  text(): string {
    const { things, sorts } = this.symmetry;
    const fixed = sorts.reduce((end, sort) => Math.max(end, sort.first + sort.size), 1);
    return `"use strict";
      const C = new Int32Array(${things}), A = new Int32Array(${things}), B = new Int32Array(${things});
      const E = new Int32Array(${things}), named = new Uint8Array(${things});
      const mix = (h) => { h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d); return h ^ (h >>> 13); };
      const colour = (h) => (mix(h) | ${0x80000001 | 0}) ^ 1;
      C[0] = colour(0);
      for (let i = ${fixed}; i < ${things}; i++) { C[i] = colour(Math.imul(i, ${this.label()})); E[i] = i; }
      return function canonicalise(from, o, to, p) {
        ${this.body().join('\n')}
      };`;
  }

  private body(): string[] {
    const { words, sorts, things, bags, naming } = this.symmetry;
    const all = sorts.flatMap((sort) => thingsOf(sort));
    const names = [...namesIn('', bags, naming), ...sorts.flatMap((sort) => namesOf(sort))];
    return [
      ...range(words).map((w) => `const r${w} = from[o + ${w}];`),
      ...this.reading(),
      'B.fill(0); let free = 0;',
      ...(sorts.some(isMereNumber) ? ['named.fill(0);', ...names.map((name) => `named[${name}] = 1;`)] : []),
      ...sorts.flatMap((sort) => this.firstColours(sort)),
      `if (((${names.map((name) => `C[${name}]`).join(' | ') || '0'}) & 1) !== 0) return false;`,
      ...this.fixedNames(),
      'A.set(B);',
      `let ${all.map((t) => `k${t} = 0`).join(', ')};`,
      `for (let rounds = ${ROUNDS}, most = ${things * things}; ; rounds = 1) {
        for (let round = 0; round < rounds; round++) {`,
      ...namersFirst(sorts).flatMap((sort) => this.mixing(sort)),
      '} let ties = 0, tied = 0;',
      ...this.settled(),
      ...sorts.flatMap((sort) => this.ranking(sort)),
      `if (ties === 0) break;
        // As long as that tells more things apart, colours are only mixed.
        if (ties < most) { most = ties; continue; }
        if (tied === 0) break;
        for (let i = 1; ; i++) if (C[i] === tied) { C[i] = colour(tied ^ ${this.label()}); break; }
      }`,
      ...sorts.flatMap((sort) => thingsOf(sort).map((t) => `E[${t}] = ${sort.first} + k${t};`)),
      ...this.writing(),
    ];
  }

  /** What comes behind the first rounds, while no thing has a colour that others like it do not have. */
  protected settled(): string[] {
    return [];
  }

  /** Reads all fields that matter into constants. */
  private reading(): string[] {
    const { sorts, naming, bags } = this.symmetry;
    const ofSorts = sorts.flatMap((sort) =>
      thingsOf(sort).flatMap((t, i) =>
        sort.pieces.flatMap((piece, k) => {
          const id = `${t}_${k}`;
          const { word, bit } = piece.at[i]!;
          const values = piece.masks.map(
            (mask, m) => `const v${id}_${m} = (r${word + m} >>> ${bit}) & ${mask};`,
          );
          const lines = piece.lines.flatMap(({ cells }, l) =>
            cells.map((cell, c) => `const l${id}_${l}_${c} = ${bitsOf(`v${id}_${cell.word}`, cell)};`),
          );
          const isLive = sort.kind === 'allocated' ? `v${t}_0_0 & 1` : undefined;
          const names = this.readNames(id, piece, (w) => `v${id}_${w}`, isLive);
          return [...values, ...names, ...lines];
        }),
      ),
    );
    return [...ofSorts, ...this.readNames('', { naming, bags }, (w) => `r${w}`)];
  }

  /** A free place names nothing, though its empty fields may read as the first thing of a sort. */
  private readNames(
    id: string,
    { naming, bags }: Pick<Piece, 'naming' | 'bags'>,
    word: (w: number) => string,
    isLive?: string,
  ): string[] {
    const named = (things: readonly number[], code: string): string => {
      const thing = this.lookUp(things, code);
      return isLive === undefined || things[0] === 0 ? thing : `(${isLive}) === 0 ? 0 : ${thing}`;
    };
    return [
      ...naming.map((f, i) => `const n${id}_${i} = ${named(f.things, bitsOf(word(f.word), f))};`),
      ...bags.flatMap(({ cells, things }, g) =>
        cells.map((cell, c) => {
          const code = bitsOf(word(cell.word), cell);
          return `const b${id}_${g}_${c} = ${things ? named(things, code) : code};`;
        }),
      ),
    ];
  }

  /** The colour of what a thing says of itself. */
  private firstColours(sort: Sort): string[] {
    const seed = this.label();
    return thingsOf(sort).flatMap((t, i) => {
      if (isMereNumber(sort)) return [`C[${t}] = named[${t}] === 0 ? ${IDLE} : colour(${seed});`];
      const words = sort.pieces.flatMap((piece, k) => piece.masks.map((_, m) => ({ piece, k, m })));
      const plain = words.map(({ piece, k, m }) => `(v${t}_${k}_${m} & ${piece.plain[m]!})`);
      const mixed = plain.reduce((h, value) => `mix(${h}) ^ ${value}`, String(seed));
      const set = `C[${t}] = colour(${mixed});`;
      if (sort.kind === 'named' || i >= sort.size) return [set];
      const value = words.map(({ k, m }) => `v${t}_${k}_${m}`).join(' | ');
      return [`if ((v${t}_0_0 & 1) !== 0) { ${set} } else { C[${t}] = ${FREE}; free |= ${value}; }`];
    });
  }

  /** What the fixed part of the row names stays as it is through all rounds. */
  private fixedNames(): string[] {
    const { naming, bags } = this.symmetry;
    return [
      'if (free !== 0) return false;',
      ...naming.map((_, i) => `B[n_${i}] += ${this.label()};`),
      ...bags.flatMap(({ cells, things }, g) => {
        const label = this.label();
        return things ? cells.map((_, c) => `B[b_${g}_${c}] += ${label};`) : [];
      }),
    ];
  }

  /** Gives all live things of a sort their next colour at once, and adds it to what they name. */
  private mixing(sort: Sort): string[] {
    const things = thingsOf(sort);
    const said = sort.pieces.map((piece) => this.saidBy(piece));
    const next = things.map((t) => {
      const parts = said.flatMap(({ heard }, k) => heard.map((say) => say(`${t}_${k}`)));
      return `const c${t} = C[${t}] < 0 ? colour(${[`C[${t}]`, `A[${t}]`, ...parts].join(' + ')}) : C[${t}];`;
    });
    const set = things.map((t) => `C[${t}] = c${t}; A[${t}] = B[${t}];`);
    const tell = things.flatMap((t) =>
      said.flatMap(({ told }, k) => told.flatMap((say) => say(t, `${t}_${k}`))),
    );
    return ['{', ...next, ...set, ...tell, '}'];
  }

  /** For each field of a piece: what a thing hears of what it names, and what that is told. */
  private saidBy({ naming, bags, lines }: Piece): {
    readonly heard: readonly ((id: string) => string)[];
    readonly told: readonly ((t: number, id: string) => string[])[];
  } {
    const heard: ((id: string) => string)[] = [];
    const told: ((t: number, id: string) => string[])[] = [];
    naming.forEach((_, i) => {
      const [hear, tell] = [this.label(), this.label()];
      heard.push((id) => `Math.imul(C[n${id}_${i}], ${hear})`);
      told.push((t, id) => [`A[n${id}_${i}] += Math.imul(C[${t}], ${tell});`]);
    });
    bags.forEach(({ cells, things }, g) => {
      const [hear, tell] = [this.label(), this.label()];
      const of = (id: string, c: number): string =>
        things ? `C[b${id}_${g}_${c}]` : `mix(b${id}_${g}_${c} + ${hear})`;
      heard.push((id) => `Math.imul(${cells.map((_, c) => of(id, c)).join(' + ')}, ${hear})`);
      if (!things) return;
      told.push((t, id) => [
        `const d${id}_${g} = Math.imul(C[${t}], ${tell});`,
        ...cells.map((_, c) => `A[b${id}_${g}_${c}] += d${id}_${g};`),
      ]);
    });
    lines.forEach(({ sort, cells }, l) => {
      const { first } = this.symmetry.sorts[sort]!;
      const [value, hear, tell] = [this.label(), this.label(), this.label()];
      const together = (of: string, id: string, c: number, label: number): string =>
        `mix(Math.imul(C[${of}], ${label}) + Math.imul(l${id}_${l}_${c} + 1, ${value}))`;
      heard.push((id) => cells.map((_, c) => together(String(first + c), id, c, hear)).join(' + '));
      told.push((t, id) => cells.map((_, c) => `A[${first + c}] += ${together(String(t), id, c, tell)};`));
    });
    return { heard, told };
  }

  /**
   * How many things of the sort stand before each; how many pairs have one colour; and the smallest colour that two things have
   * which have to be told apart.
   */
  private ranking(sort: Sort): string[] {
    const things = thingsOf(sort);
    const isFollowed = mustBeToldApart(sort, this.symmetry);
    const pairs = things.flatMap((later, j) => things.slice(0, j).map((earlier) => ({ earlier, later })));
    const tied = (colour: string): string =>
      `ties++; ${isFollowed ? `if (${colour} < tie) tie = ${colour};` : ''}`;
    return [
      '{ let tie = 0;',
      ...things.map((t) => `k${t} = 0; const c${t} = C[${t}];`),
      ...pairs.map(({ earlier, later }) => {
        const [one, other] = [`c${earlier}`, `c${later}`];
        return `if (${one} > ${other}) k${earlier}++; else { k${later}++; if (${one} === ${other} && ${one} < 0) { ${tied(one)} } }`;
      }),
      'if (tied === 0) tied = tie; }',
    ];
  }

  private writing(): string[] {
    const { words, sorts, naming, bags } = this.symmetry;
    return [
      ...range(words).map((w) => `to[p + ${w}] = r${w} & ${this.fixedMask(w)};`),
      ...naming.map((f, i) => `to[p + ${f.word}] |= ${this.code(f.things, `E[n_${i}]`)} << ${f.bit};`),
      ...bags.flatMap((bag, g) => [
        '{',
        ...this.sorted(bag, `b_${g}`),
        ...bag.cells.map(({ word, bit }, c) => `to[p + ${word}] |= s${c} << ${bit};`),
        '}',
      ]),
      ...sorts.flatMap((sort) =>
        sort.pieces.flatMap((piece, k) => thingsOf(sort).flatMap((t) => this.writePiece(sort, piece, t, k))),
      ),
      'return true;',
    ];
  }

  private writePiece(sort: Sort, piece: Piece, t: number, k: number): string[] {
    const id = `${t}_${k}`;
    const word = this.placeOf(
      piece.at.map((at) => at.word),
      `k${t}`,
    );
    const bit = this.placeOf(
      piece.at.map((at) => at.bit),
      `k${t}`,
    );
    const named = (w: number): string[] =>
      piece.naming.flatMap((f, i) =>
        f.word === w ? [`${this.code(f.things, `E[n${id}_${i}]`)} << ${f.bit}`] : [],
      );
    const bags = piece.bags.flatMap((bag, g) => [
      '{',
      ...this.sorted(bag, `b${id}_${g}`),
      ...bag.cells.map((cell, c) => `w${cell.word} |= s${c} << ${cell.bit};`),
      '}',
    ]);
    const lines = piece.lines.flatMap(({ sort: across, cells }, l) => {
      const { first } = this.symmetry.sorts[across]!;
      return cells.map((_, c) => {
        const lineWord = this.placeOf(
          cells.map((cell) => cell.word),
          `k${first + c}`,
        );
        const lineBit = this.placeOf(
          cells.map((cell) => cell.bit),
          `k${first + c}`,
        );
        return `to[p + ${word} + ${lineWord}] |= l${id}_${l}_${c} << (${bit} + ${lineBit});`;
      });
    });
    const write = [
      ...piece.masks.map(
        (_, m) => `let w${m} = ${[`(v${id}_${m} & ${piece.plain[m]!})`, ...named(m)].join(' | ')};`,
      ),
      ...bags,
      ...piece.masks.map((_, m) => `to[p + ${word} + ${m}] |= w${m} << ${bit};`),
      ...lines,
    ];
    // A free place has nothing in it.
    return [sort.kind === 'allocated' ? `if (C[${t}] < 0) {` : '{', ...write, '}'];
  }

  /** The codes of a bag in falling order, so that those that name nothing come last. */
  private sorted({ cells, things }: Bag, name: string): string[] {
    const codes = cells.map((_, c) => (things ? this.code(things, `E[${name}_${c}]`) : `${name}_${c}`));
    const swaps = cells.flatMap((_, i) =>
      range(cells.length - 1 - i).map(
        (j) => `if (s${j} < s${j + 1}) { const s = s${j}; s${j} = s${j + 1}; s${j + 1} = s; }`,
      ),
    );
    return [`let ${codes.map((code, c) => `s${c} = ${code}`).join(', ')};`, ...swaps];
  }

  /** The bits of a word that stay where they are. */
  protected fixedMask(word: number): number {
    const { sorts, naming, bags } = this.symmetry;
    let moved = 0;
    const move = (field: BitField): void => {
      if (field.word === word) moved |= maskOf(field.bit, field.bits);
    };
    naming.forEach(move);
    for (const { cells } of bags) cells.forEach(move);
    for (const { masks, at } of sorts.flatMap((sort) => sort.pieces)) {
      for (const place of at) {
        const mask = masks[word - place.word];
        if (mask !== undefined) moved |= mask << place.bit;
      }
    }
    return ~moved;
  }

  /** The thing behind a code. */
  private lookUp(things: readonly number[], code: string): string {
    return things.every((thing, i) => thing === i) ? code : `${this.table(things)}[${code}]`;
  }

  /** The code of a thing. */
  private code(things: readonly number[], thing: string): string {
    if (things.every((known, i) => known === i)) return thing;
    const codes = range(this.symmetry.things).map((known) => Math.max(0, things.indexOf(known)));
    return `${this.table(codes)}[${thing}]`;
  }

  private placeOf(places: readonly number[], rank: string): string {
    return places.every((place) => place === places[0])
      ? String(places[0])
      : `${this.table(places)}[${rank}]`;
  }

  /** The name of an array of constants; equal arrays share it. */
  private table(values: readonly number[]): string {
    const name = `T${values.join('_')}`;
    if (!this.tables.has(name)) this.tables.set(name, Int32Array.from(values));
    return name;
  }

  /** A number for each use of colours, so that the same colour tells something else in each. */
  private label(): number {
    return Math.imul(++this.labels, 0x9e3779b1) | 1;
  }
}

/** The colours of the first rounds and the part of a row that stays, in one number. */
class MarkSource extends Source {
  protected override settled(): string[] {
    const { words, sorts } = this.symmetry;
    const colours = sorts.flatMap((sort) => thingsOf(sort).map((t) => `mix(C[${t}])`));
    const fixed = range(words).map((w) => `Math.imul(mix(r${w} & ${this.fixedMask(w)}), ${2 * w + 3})`);
    return [`to[p] = ${[...colours, ...fixed].join(' + ')}; return true;`];
  }
}

function range(length: number): number[] {
  return Array.from({ length }, (_, i) => i);
}

function thingsOf({ first, size }: Sort): number[] {
  return range(size).map((i) => first + i);
}

function bitsOf(word: string, { bit, bits }: BitField): string {
  return `(${word} >>> ${bit}) & ${maskOf(0, bits)}`;
}

/** Whether nothing is said of a sort's things but where others name them. */
function isMereNumber(sort: Sort): boolean {
  return sort.pieces.length === 0;
}

/** All constants that hold a thing named by some fields. */
function namesIn(id: string, bags: readonly Bag[], naming: Symmetry['naming']): string[] {
  return [
    ...naming.map((_, i) => `n${id}_${i}`),
    ...bags.flatMap(({ cells, things }, g) => (things ? cells.map((_, c) => `b${id}_${g}_${c}`) : [])),
  ];
}

function namesOf(sort: Sort): string[] {
  return sort.pieces.flatMap((piece, k) =>
    piece.at.flatMap((_, i) => namesIn(`${sort.first + i}_${k}`, piece.bags, piece.naming)),
  );
}

function names(by: Pick<Piece, 'naming' | 'bags'>, sort: Sort): boolean {
  const isOf = (thing: number): boolean => thing >= sort.first && thing < sort.first + sort.size;
  return (
    by.naming.some(({ things }) => things.some(isOf)) ||
    by.bags.some(({ things }) => things?.some(isOf) ?? false)
  );
}

/**
 * Whether two things of a sort with one colour have to be told apart. Not if nothing names them: they say the same, once all
 * others are told apart, so that it does not matter which stands first. Of things and what they have a number for each of, it is
 * enough to tell the first apart.
 */
function mustBeToldApart(sort: Sort, { sorts, naming, bags }: Symmetry): boolean {
  return (
    names({ naming, bags }, sort) ||
    sorts.some(({ pieces }) => pieces.some((piece) => names(piece, sort))) ||
    sort.pieces.some(({ lines }) => lines.length > 0)
  );
}

/** The sorts in such an order that those that name others come before them, as far as there is one. */
function namersFirst(sorts: readonly Sort[]): readonly Sort[] {
  const left = [...sorts];
  const ordered: Sort[] = [];
  while (left.length > 0) {
    const isNamed = (sort: Sort): boolean =>
      left.some((other) => other !== sort && other.pieces.some((piece) => names(piece, sort)));
    const at = Math.max(
      0,
      left.findIndex((sort) => !isNamed(sort)),
    );
    ordered.push(...left.splice(at, 1));
  }
  return ordered;
}
