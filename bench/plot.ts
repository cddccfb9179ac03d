/** The plot of docs/performance.md: rate and memory against the size of the space, a line for each series. */
import { parse, resetSVGDefIds, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import { bytesAState, rateOf, type Result } from './results.js';

const POWERS_OF_TEN = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];

const PANEL = { width: 400, height: 300, mark: { type: 'line', point: true } } as const;

const STATES = {
  field: 'states',
  type: 'quantitative',
  title: 'states',
  scale: { type: 'log', nice: false, padding: 15 },
  axis: { format: '~s', values: POWERS_OF_TEN },
} as const;

const SERIES = {
  field: 'series',
  type: 'nominal',
  title: null,
  sort: null,
  legend: { labelLimit: 0 },
} as const;

/** The results that are points of a series, as SVG: the same bytes for the same results. */
export async function plotOf(results: readonly Result[]): Promise<string> {
  const points = results.flatMap((result) => {
    const { series, counts } = result;
    return series === undefined ? [] : [{ result, series, states: counts.states! }];
  });
  const rates = points.map(({ result, ...point }) => ({ ...point, rate: rateOf(result, 'states') }));
  const memory = points.flatMap(({ result, ...point }) =>
    Object.entries(bytesAState(result)).map(([of, bytes]) => ({ ...point, 'memory of': of, bytes })),
  );
  const spec: TopLevelSpec = {
    background: 'white',
    hconcat: [
      {
        ...PANEL,
        title: 'States a second',
        data: { values: rates },
        encoding: {
          x: STATES,
          y: { field: 'rate', type: 'quantitative', title: null, axis: { format: '~s' } },
          color: SERIES,
        },
      },
      {
        ...PANEL,
        title: 'Bytes a state: in tables, and in the process (dashed)',
        data: { values: memory },
        encoding: {
          x: STATES,
          y: {
            field: 'bytes',
            type: 'quantitative',
            title: null,
            scale: { type: 'log' },
            axis: { format: ',', values: POWERS_OF_TEN.flatMap((power) => [power, 3 * power]) },
          },
          color: SERIES,
          // A legend of dashes would show points, which have none: the title says it.
          strokeDash: { field: 'memory of', type: 'nominal', sort: null, legend: null },
        },
      },
    ],
  };
  // What is clipped is numbered, and numbers go on from the last plot.
  resetSVGDefIds();
  return new View(parse(compile(spec).spec), { renderer: 'none' }).toSVG();
}
