/** Files for a user to start from: the templates of the package under a name of the user's own. */
import { readFileSync } from 'node:fs';
import { packaged } from '../package-place.js';

export const TEMPLATES = ['proposal', 'property', 'mechanism'] as const;

export type TemplateKind = (typeof TEMPLATES)[number];

/** Lower-case words with hyphens between them. */
export const KEBAB_CASE = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** The text of a new file; the name in kebab case stands in it also as `its_verb` and `itsFunction`. */
export function fromTemplate(kind: TemplateKind, name: string): string {
  return templateText(kind)
    .replaceAll(`my-${kind}`, name)
    .replaceAll(`my_${kind}`, name.replaceAll('-', '_'))
    .replaceAll(`my${kind.charAt(0).toUpperCase()}${kind.slice(1)}`, camelCase(name));
}

/** The text of a template as it is: of a config, which has no name. */
export function templateText(template: TemplateKind | 'config'): string {
  return readFileSync(packaged(`templates/${template}.ts`), 'utf8');
}

/** `force-detach` is `forceDetach`. */
export function camelCase(name: string): string {
  return name.replaceAll(/-(.)/g, (_hyphen, letter: string) => letter.toUpperCase());
}
