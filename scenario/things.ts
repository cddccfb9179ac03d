/** What the names of a scenario stand for in one design: programs and attachments, and who has which descriptors of them. */
import type { ProgramSource } from '../model/kernel/index.js';

/** What a descriptor is of: a program itself, the map that it calls through, the link that attaches it. */
export type Role = 'program' | 'map' | 'link';

/** A descriptor of a thing, whoever needs it: each actor has a number of its own for it, or none. */
export interface Part {
  readonly thing: Thing;
  readonly role: Role;
}

/** A parameter of a call: a number that was handed out to everyone, the name of a value, or something with a descriptor. */
export type Word = string | number | Part;

export interface ProgramThing {
  readonly sort: 'program';
  /** What the scenario called it first. */
  readonly name: string;
  readonly source: ProgramSource;
  /** The program it can be attached in, where the design wants to know that at load. */
  readonly loadedFor: ProgramThing | undefined;
}

export interface AttachedThing {
  readonly sort: 'attachment';
  readonly name: string;
  /** The program that was attached, or put in its place since. */
  program: ProgramThing;
  /** The program that each actor put there last: what it expects to be there still. */
  readonly putBy: Map<number, ProgramThing>;
  /** What was said of the place. */
  readonly where: Readonly<Record<string, Word>>;
}

export type Thing = ProgramThing | AttachedThing;

/** The descriptors that an actor has of a thing under one name: none where the design gives none. */
export interface Hold {
  readonly thing: Thing;
  readonly owner: number;
  readonly descriptors: ReadonlyMap<Role, number>;
}

export class Holds {
  private readonly open = new Set<Hold>();

  add(thing: Thing, owner: number, descriptors: ReadonlyMap<Role, number>): Hold {
    const hold = { thing, owner, descriptors };
    this.open.add(hold);
    return hold;
  }

  isOpen(hold: Hold): boolean {
    return this.open.has(hold);
  }

  close(hold: Hold): void {
    this.open.delete(hold);
  }

  closeAll(owner: number): void {
    for (const hold of this.open) if (hold.owner === owner) this.open.delete(hold);
  }

  /** The newest of an actor's holds on something with a descriptor for this; undefined if there is none. */
  newest(owner: number, { thing, role }: Part): Hold | undefined {
    const fits = (hold: Hold): boolean =>
      hold.owner === owner && hold.thing === thing && hold.descriptors.has(role);
    return [...this.open].filter(fits).at(-1);
  }

  /** The number of an actor's descriptor; undefined if it has none. */
  descriptor(owner: number, part: Part): number | undefined {
    return this.newest(owner, part)?.descriptors.get(part.role);
  }
}
