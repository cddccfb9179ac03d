/**
 * What ran on a running kernel, in order. Every program that is loaded notes a mark of its own in one map when it begins, and so do the
 * placeholders of programs that have some.
 */
import { openByIdAs } from '../bpf/ids.js';
import { mapId } from '../bpf/info.js';
import { code } from '../bpf/instructions.js';
import { createCounters, readCounter, setCounter } from '../bpf/maps.js';
import { renumber } from '../channel/files.js';
import type { KernelProcess } from '../channel/process.js';
import { needed } from '../channel/result.js';

/** Where each process has the map open: loading a program takes none of its descriptors. */
const LOG_FD = 1005;

/** More than any path that a packet takes. */
const MOST_MARKS = 255;

/** Marks above this are those of placeholders, in their order. */
const PLACEHOLDER = 0x10000;

/** What a program that was loaded is: the kernel's name for it (`prog 31`), and the model's for its object file. */
export interface Marked {
  readonly name: string;
  readonly source: string;
}

/** How a program notes that it runs. */
export function noteMark(mark: number): Buffer {
  return code.note(LOG_FD, mark);
}

/** How a placeholder notes that it runs, by its number from 0. */
export function notePlaceholder(placeholder: number): Buffer {
  return code.note(LOG_FD, PLACEHOLDER + placeholder);
}

export class RunLog {
  private readonly marked = new Map<number, Marked>();
  private lastMark = 0;

  private constructor(
    private readonly administrator: KernelProcess,
    /** The kernel's id of the map. */
    private readonly id: number,
  ) {}

  static async open(administrator: KernelProcess): Promise<RunLog> {
    const map = needed('Making a map to log in', await createCounters(administrator, 1 + MOST_MARKS));
    const id = needed('Reading the id of a map', await mapId(administrator, map));
    needed('Keeping a map', await renumber(administrator, map, LOG_FD));
    return new RunLog(administrator, id);
  }

  /** Lets a process load programs that log. It must not have dropped its rights yet. */
  async share(process: KernelProcess): Promise<void> {
    needed('Opening the map to log in', await openByIdAs(process, 'map', this.id, LOG_FD));
  }

  /** A mark for a program that is about to be loaded. */
  newMark(): number {
    return ++this.lastMark;
  }

  /** The program with this mark was loaded. */
  loaded(mark: number, program: Marked): void {
    this.marked.set(mark, program);
  }

  /** Forgets the programs of the sequence before. */
  forget(): void {
    this.marked.clear();
    this.lastMark = 0;
  }

  /** What ran while something was done, in order: programs, and the numbers of placeholders. */
  async during(something: () => Promise<unknown>): Promise<(Marked | number)[]> {
    const { administrator, marked } = this;
    needed('Emptying the log', await setCounter(administrator, LOG_FD, 0, 0));
    await something();
    const count = needed('Reading the log', await readCounter(administrator, LOG_FD, 0));
    const indices = Array.from({ length: Math.min(count, MOST_MARKS) }, (_, i) => i + 1);
    const marks = await Promise.all(indices.map((i) => readCounter(administrator, LOG_FD, i)));
    return marks.map((read) => {
      const mark = needed('Reading the log', read);
      if (mark >= PLACEHOLDER) return mark - PLACEHOLDER;
      const program = marked.get(mark);
      if (!program) throw new Error(`a program that was not loaded here noted ${mark}`);
      return program;
    });
  }
}
