/**
 * Aims a random search at what it has seldom met, in the manner of fuzzers that keep a corpus. States that were new when a
 * sequence came by are kept, with the calls that led there; most sequences then go on from one of them instead of from the
 * first state, rather from one that was seldom met, seldom gone on from, and is few calls away.
 */
import type { Machine } from '../model/machine/index.js';
import type { CallLog } from './call-log.js';
import { createPrng } from './prng.js';

/** Where a sequence begins. */
export interface Start {
  readonly row: Int32Array;
  /** The calls that lead there, as a {@link CallLog} packs them, and how many they are. */
  readonly calls: Int32Array;
  readonly length: number;
}

interface KeptStart extends Start {
  readonly fingerprint: number;
  goneOnFrom: number;
}

/** Of 16 sequences, so many go on from a kept state. With more of them the beginnings are missing: measured, see the docs. */
const GOING_ON = 12;

/** States kept; a new one takes the place of any other. */
const MOST_KEPT = 1000;

/** Once that many are kept, one in so many new states is: copying each would cost more than it finds. */
const SAMPLE = 4;

/** So many are drawn, and the most promising one is taken. */
const DRAWN = 4;

/** What having gone on from a state counts, where meeting it, or a call on the way to it, counts 1. */
const COST_OF_GOING_ON = 4;

/** Log2 of the fingerprints of states that are told apart. */
const FINGERPRINT_BITS = 20;

/** A refusal that was met less often than this is kept in a sequence whenever it is drawn. */
const RARE = 2;

export class Targeting<S> {
  private readonly random = createPrng();
  private readonly kept: KeptStart[] = [];
  /** How often a state with this fingerprint was met; it does not count beyond 255. */
  private readonly met = new Uint8Array(1 << FINGERPRINT_BITS);

  constructor(private readonly machine: Machine<S>) {}

  /** Where the sequence for a seed is to begin; undefined for the first state. */
  begin(seed: number): Start | undefined {
    const { random, kept } = this;
    random.seed(~seed);
    if (kept.length === 0 || random.next(16) >= GOING_ON) return undefined;
    let chosen = kept[random.next(kept.length)]!;
    for (let i = 1; i < DRAWN; i++) {
      const other = kept[random.next(kept.length)]!;
      if (this.cost(other) < this.cost(chosen)) chosen = other;
    }
    chosen.goneOnFrom++;
    return chosen;
  }

  /** Told of the present state after a call that did something, with all calls that led to it. */
  see(made: CallLog): void {
    const { machine, met, random, kept } = this;
    const fingerprint = this.fingerprint();
    const before = met[fingerprint]!;
    if (before < 255) met[fingerprint] = before + 1;
    if (before > 0 || (kept.length === MOST_KEPT && random.next(SAMPLE) > 0)) return;
    const row = new Int32Array(machine.words);
    machine.save(row, 0);
    const start = { row, calls: made.packed(), length: made.length, fingerprint, goneOnFrom: 0 };
    if (kept.length < MOST_KEPT) kept.push(start);
    else kept[random.next(MOST_KEPT)] = start;
  }

  /** Whether a refusal that was met so often is still wanted. */
  isRare(times: number): boolean {
    return times < RARE;
  }

  private cost({ fingerprint, goneOnFrom, length }: KeptStart): number {
    return this.met[fingerprint]! + COST_OF_GOING_ON * goneOnFrom + length;
  }

  private fingerprint(): number {
    const { words, memory } = this.machine;
    let h = 0;
    for (let i = 0; i < words; i++) {
      h = Math.imul(h ^ memory.memory[i]!, 0x5bd1e995);
      h ^= h >>> 15;
    }
    return Math.imul(h, 0x2c1b3c6d) >>> (32 - FINGERPRINT_BITS);
  }
}
