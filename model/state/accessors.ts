/**
 * Typed objects over packed rows.
 *
 * A {@link RowMemory} has room for two rows, `before` and `after`, and a tree of accessor objects for each. The
 * accessors are generated as source, one class for each shape, so that the compiler sees every word number, shift
 * and mask as a constant; both trees share their classes and differ only in where they start, which keeps every
 * access monomorphic. Every store is checked against the range of its field.
 *
 * A traced memory also notes which bits its accessors read and write. What rules do with a row depends on the bits that they read
 * alone, so that a search can remember it for all rows that agree in them.
 */
import {
  layOut,
  referenceTables,
  scalarSize,
  type CellsPlace,
  type Place,
  type RowLayout,
  type ScalarPlace,
  type StructPlace,
  type TableInfo,
} from './layout.js';
import { MAX_TABLE_LENGTH, type Scalar, type Struct, type ValueOf } from './schema.js';

/** A store outside the range of its field: a fault in the rule that made it. */
export class RangeFault extends RangeError {
  constructor(path: string, value: unknown) {
    super(`${path} cannot be ${String(value)}: out of range`);
    this.name = 'RangeFault';
  }
}

/** One reference of a row that can hold objects alive. */
interface HoldingField {
  /** Where the schema declares it, without indices: `programs.target`. */
  readonly path: string;
  readonly tables: readonly TableInfo[];
  /** Those of them whose rows it holds. */
  readonly held: readonly TableInfo[];
  readonly word: number;
  readonly bit: number;
  readonly mask: number;
}

export class RowMemory<S extends Struct = Struct> {
  readonly layout: RowLayout;
  /** Words of one row. */
  readonly words: number;
  /** The row `after` at 0, the row `before` behind it. */
  readonly memory: Int32Array;
  readonly after: ValueOf<S>;
  readonly before: ValueOf<S>;
  /** In a traced memory, the bits that were read before they were written, word by word as in {@link memory}; else empty. */
  readonly read: Int32Array;
  /** In a traced memory, the bits that were written; else empty. */
  readonly written: Int32Array;
  /** The paths of all references that hold, each once: what can be switched off. */
  readonly holdPaths: readonly string[];
  private readonly holding: readonly HoldingField[];

  constructor(
    readonly schema: S,
    readonly isTraced = false,
  ) {
    this.layout = layOut(schema);
    this.words = this.layout.words;
    this.memory = new Int32Array(2 * this.words);
    this.read = new Int32Array(isTraced ? 2 * this.words : 0);
    this.written = new Int32Array(this.read.length);
    const builder = new ViewBuilder(this, this.layout.tables);
    this.after = builder.view(this.layout.root, 0) as ValueOf<S>;
    this.before = builder.view(this.layout.root, this.words) as ValueOf<S>;
    this.holding = holdingFields(this.layout.root, this.layout.tables);
    this.holdPaths = [...new Set(this.holding.map((field) => field.path))];
  }

  /** Which bits these top-level fields take: a mask for each word of a row in which they have any. */
  fieldMasks(names: readonly string[]): ReadonlyMap<number, number> {
    const places = names.map((name) => {
      const field = this.layout.root.fields.find(([known]) => known === name);
      if (!field) throw new RangeError(`the state has no field '${name}'`);
      return field[1];
    });
    return masksOf(places);
  }

  /** A bit that is set in no row; undefined if all are in use. */
  unusedBit(): { readonly word: number; readonly mask: number } | undefined {
    const used = masksOf([this.layout.root]);
    for (let word = 0; word < this.words; word++) {
      const free = ~(used.get(word) ?? 0);
      if (free !== 0) return { word, mask: free & -free };
    }
    return undefined;
  }

  /** A test whether any of these top-level fields differs between `before` and `after`. */
  changeTest(names: readonly string[]): () => boolean {
    const tests = [...this.fieldMasks(names)].map(
      ([word, mask]) => `((M[${word}] ^ M[${word + this.words}]) & ${mask}) !== 0`,
    );
    const source = `return function changed() { return ${tests.length === 0 ? 'false' : tests.join(' || ')}; }`;
    return new Function('M', source)(this.memory) as () => boolean;
  }

  /**
   * A test whether any holding reference to an object is left in a view. Only the references whose path `counts`
   * are looked at; what an empty table or a cleared row contains never counts, because it reads as NONE.
   */
  holderTest(counts: (path: string) => boolean): (state: ValueOf<S>, object: number) => boolean {
    const fields = this.holding.filter((field) => counts(field.path));
    const cases = this.layout.tables.map((table) => {
      const tests = sameShapeGroups(fields.filter((field) => field.held.includes(table))).map(
        ({ lanes, base }) =>
          `{ ${this.isTraced ? noteRead(`w + ${lanes.word}`, `${bitsOfLanes(lanes)}`) : ''}
          ${lanesEqual(`M[w + ${lanes.word}]`, `i + ${base(table)}`, lanes)} if (found !== 0) return true; }`,
      );
      return `case ${table.number}: ${tests.join(' ')} return false;`;
    });
    return new Function(
      'M',
      'R',
      'W',
      `return function isHeld(state, object) {
        const w = state.$w, i = object & ${MAX_TABLE_LENGTH - 1};
        switch (object >> 8) { ${cases.join('\n')} default: return false; }
      }`,
    )(this.memory, this.read, this.written) as (state: ValueOf<S>, object: number) => boolean;
  }
}

/** The bits that places take, by word. */
function masksOf(places: readonly Place[]): ReadonlyMap<number, number> {
  const masks = new Map<number, number>();
  const add = (word: number, bit: number, bits: number): void => {
    if (bits > 0) masks.set(word, (masks.get(word) ?? 0) | ((2 ** bits - 1) << bit));
  };
  const visit = (place: Place): void => {
    switch (place.kind) {
      case 'scalar':
        add(place.word, place.bit, place.bits);
        break;
      case 'cells':
        for (let i = 0; i < place.length; i++) {
          add(
            place.word + Math.floor(i / place.perWord),
            place.bit + (i % place.perWord) * place.bits,
            place.bits,
          );
        }
        break;
      case 'list':
        place.elements.forEach(visit);
        break;
      case 'struct':
        for (const [, field] of place.fields) visit(field);
    }
  };
  places.forEach(visit);
  return masks;
}

/** Fields of one width in one word. */
interface Lanes {
  readonly word: number;
  readonly bits: readonly number[];
  readonly width: number;
}

/** In a traced memory: what was read is noted unless it was written before, and so says nothing of the row that was loaded. */
function noteRead(word: string, bits: string): string {
  return `R[${word}] |= ${bits} & ~W[${word}];`;
}

function bitsOfLanes({ bits, width }: Lanes): number {
  return bits.reduce((all, bit) => all | ((2 ** width - 1) << bit), 0);
}

/** The fields of a word that are equally wide and number the same tables: they can be compared at once. */
function sameShapeGroups(
  fields: readonly HoldingField[],
): readonly { readonly lanes: Lanes; readonly base: (table: TableInfo) => number }[] {
  const groups = new Map<string, HoldingField[]>();
  for (const field of fields) {
    const key = `${field.word} ${field.mask} ${field.tables.map((table) => table.number).join()}`;
    groups.set(key, [...(groups.get(key) ?? []), field]);
  }
  return [...groups.values()].map((group) => {
    const { word, mask, tables } = group[0]!;
    const lanes = { word, width: Math.log2(mask + 1), bits: group.map((field) => field.bit) };
    return { lanes, base: (table) => codeBase(tables, table) };
  });
}

/**
 * Finds which of several equally wide fields of a word are equal to a code, all at once. In the number that comes out, the
 * highest bit of the first such field is set; the same bit of a field above it may be set wrongly. Source: "Bit Twiddling
 * Hacks", determine if a word has a zero byte. What lies between the fields is set, so that nothing is borrowed across it.
 * The source text declares `found`.
 */
function lanesEqual(word: string, code: string, { bits, width }: Lanes): string {
  const union = (of: (bit: number) => number): number => bits.reduce((all, bit) => all | of(bit), 0);
  const ones = union((bit) => 1 << bit);
  const highest = union((bit) => 1 << (bit + width - 1));
  const between = ~bitsOfLanes({ word: 0, bits, width });
  return `const x = (${word} ^ Math.imul(${code}, ${ones})) | ${between}; const found = (x - ${ones}) & ~x & ${highest};`;
}

/** The packed code of row 0 of a table in a reference to several tables; 0 itself is NONE. */
function codeBase(tables: readonly TableInfo[], table: TableInfo): number {
  let base = 1;
  for (const other of tables) {
    if (other === table) return base;
    base += other.length;
  }
  throw new RangeError(`no reference to ${table.name} here`);
}

function holdingFields(root: Place, tables: readonly TableInfo[]): HoldingField[] {
  const found: HoldingField[] = [];
  const add = (path: string, type: Scalar, word: number, bit: number, bits: number): void => {
    if (type.kind !== 'reference' || type.holds.length === 0 || bits === 0) return;
    const referred = referenceTables(type, tables);
    const held = referred.filter(({ name }) => type.holds.includes(name));
    found.push({ path, tables: referred, held, word, bit, mask: 2 ** bits - 1 });
  };
  const visit = (place: Place): void => {
    switch (place.kind) {
      case 'scalar':
        add(place.path, place.type, place.word, place.bit, place.bits);
        break;
      case 'cells':
        for (let i = 0; i < place.length; i++) {
          const word = place.word + Math.floor(i / place.perWord);
          add(place.path, place.of, word, place.bit + (i % place.perWord) * place.bits, place.bits);
        }
        break;
      case 'list':
        place.elements.forEach(visit);
        break;
      case 'struct':
        for (const [, field] of place.fields) visit(field);
    }
  };
  visit(root);
  return found;
}

type AccessorClass = new (word: number, bit: number) => Record<string, unknown>;

class ViewBuilder {
  private readonly classes = new Map<string, AccessorClass>();

  constructor(
    private readonly row: Pick<RowMemory, 'memory' | 'isTraced' | 'read' | 'written'>,
    private readonly tables: readonly TableInfo[],
  ) {}

  /** The statement that notes bits of a word as read; none where nothing is traced. */
  private reads(word: string, mask: number, shift: string): string {
    return this.row.isTraced ? noteRead(word, `(${mask} << ${shift})`) : '';
  }

  private writes(word: string, mask: number, shift: string): string {
    return this.row.isTraced ? `W[${word}] |= ${mask} << ${shift};` : '';
  }

  view(place: Place, base: number): unknown {
    switch (place.kind) {
      case 'struct':
        return this.struct(place, base);
      case 'cells':
        return this.cells(place, base);
      case 'list':
        return place.elements.map((element) => this.view(element, base));
      case 'scalar':
        throw new Error('a scalar is read through the object it stands in');
    }
  }

  private struct(place: StructPlace, base: number): unknown {
    const scalars: ScalarPlace[] = [];
    const nested: [string, Place][] = [];
    const names: string[] = [];
    for (const [name, field] of place.fields) {
      if (field.kind === 'scalar') {
        scalars.push(field);
        names.push(name);
      } else {
        nested.push([name, field]);
      }
    }
    const codecs = scalars.map((field) => this.codec(field.type, field.path));
    const accessors = scalars.map((field, k) => {
      const word = plus('this.$w', field.word - place.word);
      const shift = plus('this.$b', field.bit - place.bit);
      const mask = 2 ** field.bits - 1;
      const notes = { reads: this.reads(word, mask, shift), writes: this.writes(word, mask, shift) };
      return scalarAccessor(names[k]!, `M[${word}]`, shift, field.bits, codecs[k]!, notes);
    });
    const clears = this.clearing(place);
    const source = `${codecs.map((codec) => codec.functions).join('')} return class {
      constructor(w, b) { this.$w = w; this.$b = b; ${nested.map(([name]) => `this.${name} = null;`).join(' ')} }
      ${accessors.join('\n')}
      clear() { ${clears} }
    }`;
    const view = this.instance(source, base + place.word, place.bit);
    for (const [name, field] of nested) view[name] = this.view(field, base);
    return view;
  }

  private cells(place: CellsPlace, base: number): unknown {
    const { get, set, find, functions } = this.codec(place.of, place.path);
    const { bits, length, perWord } = place;
    const mask = 2 ** bits - 1;
    const oneWord = bits * length <= 32;
    const word = oneWord ? 'this.$w' : `this.$w + (i / ${perWord} | 0)`;
    const at = `M[${word}]`;
    const shift = oneWord ? `this.$b + i * ${bits}` : `(i % ${perWord}) * ${bits}`;
    const inRange = `if ((i | 0) !== i || i >>> 0 >= ${length}) range(${JSON.stringify(`index of ${place.path}`)}, i);`;
    const body =
      bits === 0
        ? `get(i) { ${inRange} return ${get('0')}; } set(i, v) { ${inRange} ${set('v')}; }`
        : `get(i) { ${inRange} ${this.reads(word, mask, `(${shift})`)} const c = (${at} >>> (${shift})) & ${mask}; return ${get('c')}; }
           set(i, v) { ${inRange} const code = ${set('v')}, s = ${shift}; ${this.writes(word, mask, 's')} ${at} = (${at} & ~(${mask} << s)) | (code << s); }`;
    const search =
      oneWord && bits > 0 && length > 0
        ? searchInWord(place, find, this.reads('this.$w', 2 ** (bits * length) - 1, 'this.$b'))
        : `indexOf(v) { for (let i = 0; i < ${length}; i++) if (this.get(i) === v) return i; return -1; }
           includes(v) { return this.indexOf(v) >= 0; }`;
    const source = `${functions} return class {
      constructor(w, b) { this.$w = w; this.$b = b; this.length = ${length}; } ${body} ${search}
    }`;
    return this.instance(source, base + place.word, place.bit);
  }

  /** Sets all bits of a struct to zero at once. */
  private clearing(place: StructPlace): string {
    return [...masksOf([place])]
      .map(([word, mask]) => {
        const at = plus('this.$w', word - place.word);
        const bits = mask >>> place.bit;
        return `${this.writes(at, bits, 'this.$b')} M[${at}] &= ~(${bits} << this.$b);`;
      })
      .join(' ');
  }

  /** One class for each source, so that equal shapes share it. */
  private instance(source: string, word: number, bit: number): Record<string, unknown> {
    let accessor = this.classes.get(source);
    if (!accessor) {
      const { memory, read, written } = this.row;
      accessor = new Function('M', 'R', 'W', 'range', source)(memory, read, written, fault) as AccessorClass;
      this.classes.set(source, accessor);
    }
    return new accessor(word, bit);
  }

  /** How a packed code becomes a value, and a value a packed code, as source text. */
  private codec(type: Scalar, path: string): Codec {
    const quoted = JSON.stringify(path);
    if (type.kind === 'bool') {
      const code = (value: string): string => `(${value} ? 1 : 0)`;
      return { get: (packed) => `(${packed}) !== 0`, set: code, find: code, functions: '' };
    }
    if (type.kind === 'nat') {
      const or = (value: string, other: string): string =>
        `((${value} | 0) === ${value} && ${value} >>> 0 < ${type.size} ? ${value} : ${other})`;
      return {
        get: (packed) => `(${packed})`,
        set: (value) => or(value, `range(${quoted}, ${value})`),
        find: (value) => or(value, '-1'),
        functions: '',
      };
    }
    const tables = referenceTables(type, this.tables);
    const size = scalarSize(type, this.tables);
    if (tables.length === 1) {
      const or = (value: string, other: string): string =>
        `((${value} | 0) === ${value} && (${value} + 1) >>> 0 < ${size} ? ${value} + 1 : ${other})`;
      return {
        get: (packed) => `(${packed}) - 1`,
        set: (value) => or(value, `range(${quoted}, ${value})`),
        find: (value) => or(value, '-1'),
        functions: '',
      };
    }
    const name = path.replace(/\W/g, '_');
    return {
      get: (packed) => decodeSource(packed, tables),
      set: (value) => `pack_${name}(${value})`,
      find: (value) => `find_${name}(${value})`,
      functions: `${findSource(`find_${name}`, tables)}
        function pack_${name}(object) { const code = find_${name}(object); return code < 0 ? range(${quoted}, object) : code; }\n`,
    };
  }
}

interface Codec {
  readonly get: (code: string) => string;
  /** The code of a value; a fault if it has none. */
  readonly set: (value: string) => string;
  /** The code of a value; -1 if it has none. */
  readonly find: (value: string) => string;
  /** Functions that the others call. */
  readonly functions: string;
}

function findSource(name: string, tables: readonly TableInfo[]): string {
  const cases = tables
    .filter((table) => table.length > 0)
    .map(
      (table) => `case ${table.number}: return i < ${table.length} ? i + ${codeBase(tables, table)} : -1;`,
    );
  return `function ${name}(object) {
    if (object === -1) return 0;
    if ((object | 0) !== object) return -1;
    const i = object & ${MAX_TABLE_LENGTH - 1};
    switch (object >> 8) { ${cases.join(' ')} default: return -1; }
  }`;
}

function scalarAccessor(
  name: string,
  at: string,
  shift: string,
  bits: number,
  codec: Codec,
  { reads, writes }: { readonly reads: string; readonly writes: string },
): string {
  if (bits === 0) return `get ${name}() { return ${codec.get('0')}; } set ${name}(v) { ${codec.set('v')}; }`;
  const mask = 2 ** bits - 1;
  return `get ${name}() { ${reads} const c = (${at} >>> ${shift}) & ${mask}; return ${codec.get('c')}; }
    set ${name}(v) { const code = ${codec.set('v')}, s = ${shift}; ${writes} ${at} = (${at} & ~(${mask} << s)) | (code << s); }`;
}

/** Looks at all cells at once. A code below 0 is that of a value that no cell can have. */
function searchInWord({ bits, length }: CellsPlace, find: (value: string) => string, reads: string): string {
  const lanes = { word: 0, width: bits, bits: Array.from({ length }, (_, i) => i * bits) };
  const look = lanesEqual('(M[this.$w] >>> this.$b)', 'code', lanes);
  return `indexOf(v) {
      const code = ${find('v')}; if (code < 0) return -1;
      ${reads} ${look}
      return found === 0 ? -1 : ((31 - Math.clz32(found & -found)) / ${bits}) | 0;
    }
    includes(v) { const code = ${find('v')}; if (code < 0) return false; ${reads} ${look} return found !== 0; }`;
}

function plus(base: string, offset: number): string {
  return offset === 0 ? base : `(${base} + ${offset})`;
}

function decodeSource(code: string, tables: readonly TableInfo[]): string {
  const branches = tables.map((table) => {
    const base = codeBase(tables, table);
    return `${code} < ${base + table.length} ? ${code} - ${base} + ${table.number * MAX_TABLE_LENGTH} : `;
  });
  return `${code} === 0 ? -1 : ${branches.join('')}-1`;
}

function fault(path: string, value: unknown): never {
  throw new RangeFault(path, value);
}
