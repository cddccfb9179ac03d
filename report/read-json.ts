/** Reports read again from the JSON that they were written as: all of it but the states between the calls, which is not there. */
import * as v from 'valibot';
import type { Trace } from '../checker/trace.js';
import type { Verdict } from '../checker/verdict.js';
import { SCHEMA } from './json.js';
import type { Finding, Report, ReportPart } from './report.js';

/** The text is not a report. The message says what it is instead, and ends without a full stop. */
export class ReportSyntaxError extends Error {
  override readonly name = 'ReportSyntaxError';
}

const count = v.pipe(v.number(), v.minValue(0));
const counts = v.record(v.string(), count);
const words = v.array(v.string());
const shard = v.object({ index: count, of: count });

const outcome = v.variant('kind', [
  v.object({ kind: v.literal('ok') }),
  v.object({ kind: v.literal('value'), value: v.string() }),
  v.object({ kind: v.literal('refused'), errno: v.string(), guard: v.optional(v.string()) }),
  v.object({ kind: v.literal('saw'), words }),
  v.object({ kind: v.literal('impossible') }),
]);

const step = v.object({
  actor: v.optional(v.string()),
  operation: v.string(),
  verb: v.string(),
  args: words,
  result: v.optional(v.string()),
  outcome,
  gained: words,
  lost: words,
});

const verdict = v.variant('kind', [
  v.object({ kind: v.literal('holds') }),
  v.object({ kind: v.literal('holds-up-to'), bound: v.string() }),
  v.object({ kind: v.literal('violated'), calls: count }),
  v.object({ kind: v.literal('vacuous') }),
  v.object({ kind: v.literal('witnessed'), calls: count }),
  v.object({ kind: v.literal('witness-missing') }),
  v.object({ kind: v.literal('undecided'), why: v.string() }),
]);

const finding = v.object({
  property: v.string(),
  kind: v.picklist(['state', 'step', 'settled', 'refusals', 'witness']),
  verdict,
  spoke: count,
  claim: v.string(),
  source: v.string(),
  expectedReason: v.optional(v.string()),
  counterexample: v.optional(
    v.object({
      clause: v.string(),
      objects: v.record(v.string(), v.string()),
      steps: v.array(step),
      reproduce: v.string(),
      caseFile: v.optional(v.string()),
    }),
  ),
  example: v.optional(v.array(step)),
});

const search = v.object({
  method: v.picklist(['exhaustive', 'random', 'bitstate']),
  seed: v.optional(v.number()),
  shard: v.optional(shard),
  closed: v.boolean(),
  stoppedBy: v.optional(
    v.picklist(['depth', 'states', 'time', 'memory', 'runs', 'interrupted', 'bits', 'fingerprints']),
  ),
  milliseconds: count,
  states: count,
  transitions: count,
  refusals: count,
  depth: count,
  runs: count,
  bytes: count,
  boundsMet: words,
  counting: v.picklist(['as-needed', 'every-refusal']),
  coverage: v.optional(
    v.object({
      bits: count,
      bitsSet: count,
      hashes: count,
      hashFactor: count,
      expectedOmissions: count,
      exactStates: count,
      cut: count,
    }),
  ),
  fingerprints: v.optional(v.object({ bits: count, oddsOfSharing: count })),
  operations: v.array(
    v.object({
      operation: v.string(),
      done: count,
      refused: counts,
      refusedLate: counts,
      keptBack: counts,
    }),
  ),
});

const report = v.object({
  holdfast: v.string(),
  part: v.optional(v.object({ shard, asked: v.record(v.string(), v.union([v.string(), v.number()])) })),
  cases: v.array(
    v.object({
      file: v.string(),
      title: v.string(),
      status: v.picklist(['as-expected', 'changed', 'faulty']),
      message: v.string(),
    }),
  ),
  proposals: v.array(
    v.object({
      name: v.string(),
      title: v.string(),
      bounds: counts,
      without: words,
      searches: v.array(search),
      findings: v.array(finding),
    }),
  ),
});

type Read<T extends v.GenericSchema> = v.InferOutput<T>;

/** Reads what `formatJson` has written. Throws a {@link ReportSyntaxError}. */
export function readReport(text: string): Report {
  const { holdfast, part, cases, proposals } = checked(text);
  return {
    version: holdfast,
    ...(part === undefined ? {} : { part: part satisfies ReportPart }),
    cases,
    proposals: proposals.map(({ searches, findings, ...proposal }) => ({
      ...proposal,
      searches: searches.map(readSearch),
      findings: findings.map((one) => readFinding(proposal.name, one)),
    })),
  };
}

function checked(text: string): Read<typeof report> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ReportSyntaxError('it is not JSON');
  }
  const { schema } = v.is(v.object({ schema: v.number() }), value) ? value : {};
  if (schema === undefined)
    throw new ReportSyntaxError('it is not a report of `holdfast check --format json`');
  if (schema !== SCHEMA)
    throw new ReportSyntaxError(
      `it is written in version ${schema} of the format, and this is version ${SCHEMA}`,
    );
  const result = v.safeParse(report, value);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new ReportSyntaxError(
    `'${v.getDotPath(issue) ?? 'the report'}' is not as it should be: ${issue.message}`,
  );
}

function readSearch({ method, seed, shard, closed, stoppedBy, milliseconds, ...read }: Read<typeof search>) {
  const { coverage, fingerprints, ...rest } = read;
  return {
    statistics: {
      ...{ method, ...rest },
      ...(coverage === undefined ? {} : { coverage }),
      ...(fingerprints === undefined ? {} : { fingerprints }),
    },
    closed,
    milliseconds,
    ...(stoppedBy === undefined ? {} : { stoppedBy }),
    ...(seed === undefined ? {} : { seed }),
    ...(shard === undefined ? {} : { shard }),
  };
}

function readFinding(machine: string, read: Read<typeof finding>): Finding {
  const { verdict, expectedReason, counterexample, example, ...rest } = read;
  return {
    ...rest,
    verdict: readVerdict(verdict, counterexample),
    ...(expectedReason === undefined ? {} : { expectedReason }),
    ...(example === undefined ? {} : { example: playbackOf(machine, example) }),
    ...(counterexample === undefined ? {} : { counterexample: shownAgain(machine, counterexample) }),
  };
}

type ReadCounterexample = NonNullable<Read<typeof finding>['counterexample']>;

function shownAgain(machine: string, { steps, clause, objects, reproduce, caseFile }: ReadCounterexample) {
  const playback = playbackOf(machine, steps);
  return { playback, clause, objects, reproduce, ...(caseFile === undefined ? {} : { caseFile }) };
}

function readVerdict(read: Read<typeof verdict>, counterexample: ReadCounterexample | undefined): Verdict {
  switch (read.kind) {
    case 'violated':
      return {
        kind: 'violated',
        counterexample: { trace: traceOf(read.calls), clause: counterexample?.clause ?? '', objects: {} },
      };
    case 'witnessed':
      return { kind: 'witnessed', example: traceOf(read.calls) };
    default:
      return read;
  }
}

/** As many calls: their numbers mean something on the machine only on which they were made, and stand in words in the playback. */
function traceOf(calls: number): Trace {
  return Array.from({ length: calls }, () => ({ operation: 0, args: [] }));
}

function playbackOf(machine: string, steps: readonly Read<typeof step>[]) {
  return {
    machine,
    initial: {},
    initialFacts: [],
    names: {},
    steps: steps.map(({ actor, result, outcome, ...rest }) => ({
      ...rest,
      actor,
      result,
      outcome: outcome.kind === 'refused' ? { ...outcome, guard: outcome.guard } : outcome,
      facts: [],
      state: {},
    })),
  };
}
