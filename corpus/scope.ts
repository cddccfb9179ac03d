/** The names that a case gives to the numbers its calls hand out. */
import type { Domain } from '../model/machine/index.js';

/** A number that a call handed out, under its name. */
export interface NamedResult {
  /** Which call. */
  readonly index: number;
  /** The name of the issued domain the number is of: `fd`, `handle`. */
  readonly domain: string;
  /** Whose number it is, as a value of the owner's domain; undefined if it is everyone's. */
  readonly owner: { readonly value: number; readonly name: string } | undefined;
}

export class Scope {
  private readonly results = new Map<string, NamedResult>();

  /** A name may be given again; from then on it means the later call's number. */
  define(name: string, result: NamedResult): void {
    this.results.set(name, result);
  }

  find(name: string): NamedResult | undefined {
    return this.results.get(name);
  }

  /** The names that a caller can use where a number of a domain is needed. */
  usable(domain: Domain, caller: number | undefined): string[] {
    const names = [...this.results.keys()];
    return names.filter((name) => canUse(this.results.get(name)!, domain, caller));
  }
}

/** Whether a caller can use a result where a number of a domain is needed. */
export function canUse(result: NamedResult, domain: Domain, caller: number | undefined): boolean {
  return result.domain === domain.name && !isForeign(result, domain, caller);
}

/** Whether a result is a number in somebody else's table. */
export function isForeign(result: NamedResult, domain: Domain, caller: number | undefined): boolean {
  return domain.issued === 'actor' && result.domain === domain.name && result.owner?.value !== caller;
}
