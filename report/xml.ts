/** Writing XML 1.0. */

export interface Element {
  readonly name: string;
  /** Those that are undefined are left out. */
  readonly attributes?: Readonly<Record<string, string | number | undefined>>;
  readonly text?: string;
  readonly children?: readonly Element[];
}

export function formatXml(root: Element): string {
  return ['<?xml version="1.0" encoding="UTF-8"?>', ...elementLines(root)]
    .map((line) => `${line}\n`)
    .join('');
}

function elementLines({ name, attributes = {}, text, children = [] }: Element): string[] {
  const written = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [` ${key}="${escapeAttribute(String(value))}"`],
  );
  const tag = `${name}${written.join('')}`;
  if (text !== undefined) return [`<${tag}>${escapeText(text)}</${name}>`];
  if (children.length === 0) return [`<${tag}/>`];
  return [`<${tag}>`, ...children.flatMap(elementLines).map((line) => `  ${line}`), `</${name}>`];
}

/**
 * Characters that XML 1.0 cannot hold, not even as a reference: control characters other than tab and line ends, halves of
 * surrogate pairs, U+FFFE and U+FFFF. https://www.w3.org/TR/xml/#charsets
 */
// eslint-disable-next-line no-control-regex -- these are what is looked for
const FORBIDDEN = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uD800-\uDFFF\uFFFE\uFFFF]/gu;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

function escapeText(text: string): string {
  return withoutForbidden(text).replaceAll(/[&<>\r]/g, (character) => ENTITIES[character]!);
}

/** A reader turns white space in an attribute into blanks unless it is written as a reference. */
function escapeAttribute(text: string): string {
  return withoutForbidden(text).replaceAll(/[&<>"\t\n\r]/g, (character) => ENTITIES[character]!);
}

function withoutForbidden(text: string): string {
  return text.replaceAll(FORBIDDEN, '\uFFFD');
}
