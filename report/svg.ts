/** Drawing what `dot.ts` writes, by Graphviz compiled to WebAssembly: nothing has to be installed. */

/** A graph in the language of Graphviz as an SVG. The library is large, and loaded when it is needed first. */
export async function svgOf(dot: string): Promise<string> {
  const { instance } = await import('@viz-js/viz');
  const graphviz = await instance();
  return graphviz.renderString(dot, { format: 'svg', engine: 'dot' });
}
