/** A number as it is read: 20,000. The environment's own way loads tables of all languages first, which a small check would wait for. */
export function grouped(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ',');
}
