/** A state as plain data, for printing, comparing in tests and writing to JSON. */
import type { RowMemory } from './accessors.js';
import type { Place } from './layout.js';
import type { Cells, Struct, ValueOf } from './schema.js';

export type Plain = number | boolean | readonly Plain[] | { readonly [name: string]: Plain };

/** Reads a whole view. References stay numbers, as the accessors give them. */
export function toPlain<S extends Struct>(memory: RowMemory<S>, view: ValueOf<S>): Plain {
  return read(memory.layout.root, view);
}

function read(place: Place, view: unknown): Plain {
  switch (place.kind) {
    case 'cells': {
      const cells = view as Cells<number | boolean>;
      return Array.from({ length: cells.length }, (_, i) => cells.get(i));
    }
    case 'list':
      return place.elements.map((element, i) => read(element, (view as unknown[])[i]));
    case 'struct':
      return Object.fromEntries(
        place.fields.map(([name, field]) => {
          const value = (view as Record<string, unknown>)[name];
          return [name, field.kind === 'scalar' ? (value as number | boolean) : read(field, value)];
        }),
      );
    case 'scalar':
      throw new Error('a scalar is read through the object it stands in');
  }
}
