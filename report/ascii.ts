/** Text for places where nothing but ASCII arrives safely. */

const SPELLED: Readonly<Record<string, string>> = {
  '—': '--',
  '–': '-',
  '…': '...',
  '×': 'x',
  '→': '->',
  '≤': '<=',
  '≥': '>=',
  '≠': '!=',
  '‘': "'",
  '’': "'",
  '“': '"',
  '”': '"',
  '\u00A0': ' ',
};

/** A text in ASCII: signs are spelled, letters lose their accents, and what is left of others is a question mark. */
export function toAscii(text: string): string {
  return text
    .replaceAll(/\P{ASCII}/gu, (character) => SPELLED[character] ?? character)
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/\P{ASCII}/gu, '?');
}
