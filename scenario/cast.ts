/** The actors of a scenario and what each of them has, followed step by step, as far as no design is needed for it. */
import type { Step } from './scenario.js';

/** `something`: what comes from a path at which nothing was pinned. */
export type Sort = 'program' | 'attachment' | 'something';

/** What a name stands for. */
export interface Named {
  readonly sort: Sort;
  /** Whose descriptors it stands for. */
  readonly owner: string;
  /** Why the owner has it no more: `it was closed in line 7`. */
  readonly gone: string | undefined;
}

export class Cast {
  private readonly names = new Map<string, Named>();
  private readonly pinned = new Map<string, Sort>();
  private readonly dead = new Map<string, number>();

  find(name: string): Named | undefined {
    return this.names.get(name);
  }

  /** The names of the given sorts; those only that an actor has, if one is given. */
  usable(sorts: readonly Sort[], actor?: string): string[] {
    const fits = ({ sort, owner, gone }: Named): boolean =>
      isOfSort(sort, sorts) && (actor === undefined || (owner === actor && gone === undefined));
    return [...this.names].filter(([, named]) => fits(named)).map(([name]) => name);
  }

  /** In which line an actor crashed; undefined if it is alive. */
  crashedIn(actor: string): number | undefined {
    return this.dead.get(actor);
  }

  /** Takes note of what a step does. */
  follow({ deed, actor = '', result, line }: Step): void {
    switch (deed.verb) {
      case 'load':
        this.define(result, 'program', actor);
        return;
      case 'attach':
        this.define(result, 'attachment', actor);
        return;
      case 'send':
        this.define(result, this.names.get(deed.name)!.sort, deed.to);
        return;
      case 'get':
        this.define(result, this.pinned.get(deed.path) ?? 'something', actor);
        return;
      case 'pin':
        this.pinned.set(deed.path, this.names.get(deed.name)!.sort);
        return;
      case 'close':
        this.lose(deed.name, `it was closed in line ${line}`);
        return;
      case 'crash':
        this.dead.set(actor, line);
        for (const [name, { owner }] of this.names) {
          if (owner === actor) this.lose(name, `it went with ${actor} in line ${line}`);
        }
        return;
      case 'restart':
        this.dead.delete(actor);
        return;
      case 'replace':
      case 'detach':
      case 'unpin':
      case 'packet':
        return;
    }
  }

  private define(name: string | undefined, sort: Sort, owner: string): void {
    if (name !== undefined) this.names.set(name, { sort, owner, gone: undefined });
  }

  private lose(name: string, gone: string): void {
    const named = this.names.get(name)!;
    this.names.set(name, { ...named, gone: named.gone ?? gone });
  }
}

/** Whether something can be used where one of these sorts is needed. */
export function isOfSort(sort: Sort, sorts: readonly Sort[]): boolean {
  return sort === 'something' || sorts.includes(sort);
}
