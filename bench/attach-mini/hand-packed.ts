/**
 * attach-mini packed by hand in TypeScript, searched by the same store as models in the authoring layer: what that layer costs.
 * A state is a word for each link slot and one for processes and hooks, as in `reference.c`.
 */
import { createStateStore } from '../../checker/state-store.js';
import type { AttachMiniSize } from '../../test/models/attach-mini.js';

const ALLOCATED = 1;
const ATTACHED = 2;
const PINNED = 4;

/** Expansions looked up together, as in the exhaustive search. */
const BATCH = 32;

export interface HandPackedRun {
  readonly states: number;
  readonly transitions: number;
  readonly tableBytes: number;
}

/** Searches the whole space; throws if an invariant is broken. */
export function searchHandPacked(size: AttachMiniSize): HandPackedRun {
  const model = handPacked(size);
  const { words, mostSuccessors } = model;
  const store = createStateStore(words, (mostSuccessors + 1) * BATCH, {
    unusedBit: { word: words - 1, mask: 1 << 31 },
  });
  const successors = new Int32Array((mostSuccessors + 1) * words);
  successors[words - 1] = (1 << size.processes) - 1;
  store.offer(successors, 1, -1);
  store.resolve();
  let transitions = 0;
  for (let next = 0; next < store.count();) {
    const rows = store.rows();
    for (const end = Math.min(next + BATCH, store.count()); next < end; next++) {
      const made = model.expand(rows, next * words, successors);
      if (!model.isSound(rows, next * words)) throw new Error('an invariant is broken');
      transitions += made;
      store.offer(successors, made, next);
    }
    store.resolve();
  }
  return { states: store.count(), transitions, tableBytes: store.bytes() };
}

function handPacked({ processes, hooks, programs, links }: AttachMiniSize) {
  const words = links + 1;
  const references = (((1 << (2 * processes)) - 1) << 9) | PINNED;
  const holderAt = (hook: number): number => 8 + 3 * hook;
  const mostSuccessors =
    processes * (hooks * programs + 1) + processes * links * (5 + programs + processes) + links;

  /** Writes what is left of a link when it has become `link`: itself, or nothing, and then its hook is free. */
  function put(out: Int32Array, n: number, l: number, link: number): void {
    if ((link & references) !== 0) {
      out[n + l] = link;
      return;
    }
    out[n + l] = 0;
    if ((link & ATTACHED) !== 0) out[n + links]! &= ~(7 << holderAt((link >>> 3) & 7));
  }

  function copy(rows: Int32Array, offset: number, out: Int32Array, n: number): void {
    for (let i = 0; i < words; i++) out[n + i] = rows[offset + i]!;
  }

  function expand(rows: Int32Array, offset: number, out: Int32Array): number {
    let n = 0;
    const last = rows[offset + links]!;
    let slot = 0;
    while (slot < links && (rows[offset + slot]! & ALLOCATED) !== 0) slot++;
    for (let p = 0; p < processes; p++) {
      const at = 9 + 2 * p;
      const one = 1 << at;
      if ((last & (1 << p)) === 0) {
        copy(rows, offset, out, n);
        out[n + links] = last | (1 << p);
        n += words;
        continue;
      }
      for (let h = 0; slot < links && h < hooks; h++) {
        if (((last >>> holderAt(h)) & 7) !== 0) continue;
        for (let g = 0; g < programs; g++) {
          copy(rows, offset, out, n);
          out[n + slot] = ALLOCATED | ATTACHED | (h << 3) | (g << 6) | one;
          out[n + links] = last | ((slot + 1) << holderAt(h));
          n += words;
        }
      }
      copy(rows, offset, out, n);
      out[n + links] = last & ~(1 << p);
      for (let l = 0; l < links; l++) {
        const link = rows[offset + l]!;
        if ((link & ALLOCATED) !== 0) put(out, n, l, link & ~(3 << at));
      }
      n += words;
      for (let l = 0; l < links; l++) {
        const link = rows[offset + l]!;
        if ((link & ALLOCATED) === 0) continue;
        const fds = (link >>> at) & 3;
        if ((link & PINNED) !== 0 && fds < 2) {
          copy(rows, offset, out, n);
          out[n + l] = link + one;
          n += words;
        }
        if (fds === 0) continue;
        copy(rows, offset, out, n);
        put(out, n, l, link - one);
        n += words;
        if (fds < 2) {
          copy(rows, offset, out, n);
          out[n + l] = link + one;
          n += words;
        }
        if ((link & PINNED) === 0) {
          copy(rows, offset, out, n);
          out[n + l] = link | PINNED;
          n += words;
        }
        if ((link & ATTACHED) !== 0) {
          for (let g = 0; g < programs; g++) {
            if (g === ((link >>> 6) & 7)) continue;
            copy(rows, offset, out, n);
            out[n + l] = (link & ~(7 << 6)) | (g << 6);
            n += words;
          }
          copy(rows, offset, out, n);
          out[n + l] = link & ~ATTACHED;
          out[n + links] = last & ~(7 << holderAt((link >>> 3) & 7));
          n += words;
        }
        for (let q = 0; q < processes; q++) {
          if (q === p || (last & (1 << q)) === 0 || ((link >>> (9 + 2 * q)) & 3) >= 2) continue;
          copy(rows, offset, out, n);
          out[n + l] = link + (1 << (9 + 2 * q));
          n += words;
        }
      }
    }
    for (let l = 0; l < links; l++) {
      const link = rows[offset + l]!;
      if ((link & PINNED) === 0) continue;
      copy(rows, offset, out, n);
      put(out, n, l, link & ~PINNED);
      n += words;
    }
    return n / words;
  }

  /** The three invariants of the model. */
  function isSound(rows: Int32Array, offset: number): boolean {
    const last = rows[offset + links]!;
    for (let h = 0; h < hooks; h++) {
      const holder = (last >>> holderAt(h)) & 7;
      if (holder === 0) continue;
      const link = rows[offset + holder - 1]!;
      if ((link & (ALLOCATED | ATTACHED)) !== (ALLOCATED | ATTACHED) || ((link >>> 3) & 7) !== h)
        return false;
    }
    let taken = 0;
    for (let l = 0; l < links; l++) {
      const link = rows[offset + l]!;
      if ((link & ALLOCATED) === 0) continue;
      const hook = 1 << ((link >>> 3) & 7);
      if ((link & references) === 0 || ((link & ATTACHED) !== 0 && (taken & hook) !== 0)) return false;
      if ((link & ATTACHED) !== 0) taken |= hook;
    }
    return true;
  }

  return { words, mostSuccessors, expand, isSound };
}
