/** What the config file of a user's own project says (`holdfast.config.ts`). Paths in it are relative to the file itself. */

export interface HoldfastConfig {
  /** Files that export proposals, or directories of such files. */
  readonly proposals?: string | readonly string[];
  /** Files that export properties, or directories of such files. */
  readonly properties?: string | readonly string[];
  /** The directory of the stored cases. It need not be there yet: `holdfast check --add` makes it. */
  readonly cases?: string;
  /** The directory of the scenarios. */
  readonly scenarios?: string;
}

/** Says a config; the same object comes back. It is there so that editors and compilers know what is meant. */
export function defineConfig(config: HoldfastConfig): HoldfastConfig {
  return config;
}

export type ConfigKey = keyof HoldfastConfig;

/** Every key, and whether its value may be a list. */
export const CONFIG_KEYS: Readonly<Record<ConfigKey, 'one' | 'list'>> = {
  proposals: 'list',
  properties: 'list',
  cases: 'one',
  scenarios: 'one',
};
