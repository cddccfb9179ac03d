/**
 * Typed objects over packed rows.
 *
 * A {@link RowMemory} has room for two rows, `before` and `after`, and a tree of accessor objects for each. The
 * accessors are generated as source, one class for each shape, so that the compiler sees every word number, shift
 * and mask as a constant; both trees share their classes and differ only in where they start, which keeps every
 * access monomorphic. Every store is checked against the range of its field.
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
  /** The paths of all references that hold, each once: what can be switched off. */
  readonly holdPaths: readonly string[];
  private readonly holding: readonly HoldingField[];

  constructor(readonly schema: S) {
    this.layout = layOut(schema);
    this.words = this.layout.words;
    this.memory = new Int32Array(2 * this.words);
    const builder = new ViewBuilder(this.memory, this.layout.tables);
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
      const tests = fields
        .filter((field) => field.tables.includes(table))
        .map(
          (field) =>
            `((M[w + ${field.word}] >>> ${field.bit}) & ${field.mask}) === i + ${codeBase(field.tables, table)}`,
        );
      return `case ${table.number}: return ${tests.length === 0 ? 'false' : tests.join(' || ')};`;
    });
    return new Function(
      'M',
      `return function isHeld(state, object) {
        const w = state.$w, i = object & ${MAX_TABLE_LENGTH - 1};
        switch (object >> 8) { ${cases.join('\n')} default: return false; }
      }`,
    )(this.memory) as (state: ValueOf<S>, object: number) => boolean;
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
    if (type.kind !== 'reference' || !type.holds || bits === 0) return;
    found.push({ path, tables: referenceTables(type, tables), word, bit, mask: 2 ** bits - 1 });
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
  /** References to several tables need a function to pack a value; equal paths share one. */
  private readonly encoders: ((object: number) => number)[] = [];
  private readonly encoderOfPath = new Map<string, number>();

  constructor(
    private readonly memory: Int32Array,
    private readonly tables: readonly TableInfo[],
  ) {}

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
    const accessors = scalars.map((field, k) => {
      const at = `M[this.$w + ${field.word - place.word}]`;
      const shift = `(this.$b + ${field.bit - place.bit})`;
      return scalarAccessor(names[k]!, at, shift, field.bits, this.codec(field.type, field.path));
    });
    const clears = clearingSource(place);
    const source = `return class {
      constructor(w, b) { this.$w = w; this.$b = b; ${nested.map(([name]) => `this.${name} = null;`).join(' ')} }
      ${accessors.join('\n')}
      clear() { ${clears} }
    }`;
    const view = this.instance(source, base + place.word, place.bit);
    for (const [name, field] of nested) view[name] = this.view(field, base);
    return view;
  }

  private cells(place: CellsPlace, base: number): unknown {
    const { get, set } = this.codec(place.of, place.path);
    const { bits, length, perWord } = place;
    const mask = 2 ** bits - 1;
    const oneWord = bits * length <= 32;
    const at = oneWord ? 'M[this.$w]' : `M[this.$w + (i / ${perWord} | 0)]`;
    const shift = oneWord ? `this.$b + i * ${bits}` : `(i % ${perWord}) * ${bits}`;
    const inRange = `if (i >>> 0 !== i || i >= ${length}) range(${JSON.stringify(`index of ${place.path}`)}, i);`;
    const body =
      bits === 0
        ? `get(i) { ${inRange} return ${get('0')}; } set(i, v) { ${inRange} ${set('v')}; }`
        : `get(i) { ${inRange} return ${get(`(${at} >>> (${shift})) & ${mask}`)}; }
           set(i, v) { ${inRange} const code = ${set('v')}, s = ${shift}; ${at} = (${at} & ~(${mask} << s)) | (code << s); }`;
    const source = `return class { constructor(w, b) { this.$w = w; this.$b = b; this.length = ${length}; } ${body} }`;
    return this.instance(source, base + place.word, place.bit);
  }

  /** One class for each source, so that equal shapes share it. */
  private instance(source: string, word: number, bit: number): Record<string, unknown> {
    let accessor = this.classes.get(source);
    if (!accessor) {
      accessor = new Function('M', 'range', 'encode', source)(
        this.memory,
        fault,
        this.encoders,
      ) as AccessorClass;
      this.classes.set(source, accessor);
    }
    return new accessor(word, bit);
  }

  /** How a packed code becomes a value, and a value a packed code, as source text. */
  private codec(type: Scalar, path: string): Codec {
    const quoted = JSON.stringify(path);
    if (type.kind === 'bool') {
      return { get: (code) => `(${code}) !== 0`, set: (value) => `(${value} ? 1 : 0)` };
    }
    if (type.kind === 'nat') {
      return {
        get: (code) => `(${code})`,
        set: (value) =>
          `(${value} >>> 0 === ${value} && ${value} < ${type.size} ? ${value} : range(${quoted}, ${value}))`,
      };
    }
    const tables = referenceTables(type, this.tables);
    const size = scalarSize(type, this.tables);
    if (tables.length === 1) {
      return {
        get: (code) => `(${code}) - 1`,
        set: (value) =>
          `((${value} + 1) >>> 0 === ${value} + 1 && ${value} + 1 < ${size} ? ${value} + 1 : range(${quoted}, ${value}))`,
      };
    }
    let encoder = this.encoderOfPath.get(path);
    if (encoder === undefined) {
      encoder = this.encoders.push(this.encoder(path, tables)) - 1;
      this.encoderOfPath.set(path, encoder);
    }
    return { get: (code) => decodeSource(code, tables), set: (value) => `encode[${encoder}](${value})` };
  }

  private encoder(path: string, tables: readonly TableInfo[]): (object: number) => number {
    const cases = tables.map(
      (table) =>
        `case ${table.number}: if (i < ${table.length}) return i + ${codeBase(tables, table)}; break;`,
    );
    return new Function(
      'range',
      `return function encode(object) {
        if (object === -1) return 0;
        if ((object | 0) !== object) return range(${JSON.stringify(path)}, object);
        const i = object & ${MAX_TABLE_LENGTH - 1};
        switch (object >> 8) { ${cases.join(' ')} }
        return range(${JSON.stringify(path)}, object);
      }`,
    )(fault) as (object: number) => number;
  }
}

interface Codec {
  readonly get: (code: string) => string;
  readonly set: (value: string) => string;
}

function scalarAccessor(name: string, at: string, shift: string, bits: number, codec: Codec): string {
  if (bits === 0) return `get ${name}() { return ${codec.get('0')}; } set ${name}(v) { ${codec.set('v')}; }`;
  const mask = 2 ** bits - 1;
  return `get ${name}() { return ${codec.get(`(${at} >>> ${shift}) & ${mask}`)}; }
    set ${name}(v) { const code = ${codec.set('v')}, s = ${shift}; ${at} = (${at} & ~(${mask} << s)) | (code << s); }`;
}

/** Sets all bits of a struct to zero at once. */
function clearingSource(place: StructPlace): string {
  return [...masksOf([place])]
    .map(([word, mask]) => `M[this.$w + ${word - place.word}] &= ~(${mask >>> place.bit} << this.$b);`)
    .join(' ');
}

function decodeSource(code: string, tables: readonly TableInfo[]): string {
  const branches = tables.map((table) => {
    const base = codeBase(tables, table);
    return `c < ${base + table.length} ? c - ${base} + ${table.number * MAX_TABLE_LENGTH} : `;
  });
  return `((c) => c === 0 ? -1 : ${branches.join('')}-1)(${code})`;
}

function fault(path: string, value: unknown): never {
  throw new RangeFault(path, value);
}
