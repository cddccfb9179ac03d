/**
 * A sequence of calls as a C program against libbpf, which makes them on a real kernel and says where the kernel comes to
 * something else than the model. Only sequences that Linux has: what was proposed and not merged is refused.
 */
import { callText, outcomeText, type Playback, type PlayedStep } from '../../checker/playback.js';
import { toAscii } from '../ascii.js';
import { foldBehind } from '../fold.js';
import { callRule, type CallRule, type Words } from './calls.js';
import { DECLARATIONS, HARNESS, INCLUDES } from './harness.js';
import { NotOnLinuxError } from './not-on-linux.js';
import { FORWARD, PIECES, SIGHT, type PieceName } from './pieces.js';

/** Slots of a prog_array: as many as the proposal has. */
const SLOTS = 2;

const COMMENT_WIDTH = 76;

interface CCall {
  readonly step: PlayedStep;
  readonly rule: CallRule;
  /** Its place in the sequence, from 1. */
  readonly number: number;
}

/**
 * The program. `about` stands in a comment at its top, one paragraph each. Throws a {@link NotOnLinuxError} for a sequence that
 * Linux does not have.
 */
export function libbpfProgram(playback: Playback, about: readonly string[] = []): string {
  const calls = cCalls(playback);
  const names = new Names(playback, calls);
  const used = new Set(calls.flatMap(({ rule }) => rule.pieces));
  const pieces = (Object.keys(PIECES) as PieceName[]).filter((name) => used.has(name));
  return [
    comment([...about, USAGE]),
    INCLUDES,
    constants(playback, calls),
    names.declaration(),
    DECLARATIONS,
    FORWARD,
    ...pieces.map((name) => PIECES[name]),
    ...calls.map((call) => callFunction(call, names.wordsFor(call))),
    callTable(calls, names),
    names.programs(),
    SIGHT,
    people(calls),
    HARNESS,
  ].join('\n');
}

const USAGE =
  'Build and run: cc -Wall -o sequence sequence.c -lbpf && sudo ./sequence. It works in network and mount namespaces of its own, ' +
  'on tap devices that it makes there, prints a line for each call, and exits with 0 if the kernel did what the model says, ' +
  'with 1 if not, and with 77 if it may not do this here.';

/** The calls that are made, each with its rule. A call that cannot be made (a dead process makes none) is left out. */
function cCalls({ machine, steps }: Playback): CCall[] {
  const calls = steps.flatMap((step, i): CCall[] => {
    if (step.outcome.kind === 'impossible') return [];
    const rule = callRule(machine, step.operation);
    if (typeof rule !== 'string') return [{ step, rule, number: i + 1 }];
    throw new NotOnLinuxError(`Linux does not have call ${i + 1}, '${callText(step)}': ${rule}.`);
  });
  const added = calls.filter(({ rule }) => rule.gives === 'HANDLE');
  const elsewhere = added.find(({ step }) => step.args.at(-1) !== added[0]!.step.args.at(-1));
  if (elsewhere) {
    throw new NotOnLinuxError(
      `Linux gives call ${elsewhere.number}, '${callText(elsewhere.step)}', another handle: it numbers filters for each ` +
        'device, the model for all of them together.',
    );
  }
  return calls;
}

/** What things are called in C, and the numbers of programs. */
class Names {
  /** The member of `results` for the result of a call, by the name of the result. */
  private readonly members = new Map<string, string>();
  /** The calls that load a program, in order: a program's number is its place here. */
  private readonly loads: readonly CCall[];
  private readonly device: string;

  constructor(playback: Playback, calls: readonly CCall[]) {
    for (const { result } of playback.steps) if (result !== undefined) this.addMember(result);
    this.loads = calls.filter(({ step }) => step.verb === 'load');
    this.device = calls.find(({ rule }) => rule.gives === 'HANDLE')?.step.args.at(-1) ?? 'eth0';
  }

  private addMember(name: string): void {
    const plain = `the_${name.replaceAll(/\W/g, '_')}`; // no keyword and no macro begins like this
    const taken = new Set(this.members.values());
    let member = plain;
    for (let i = 2; taken.has(member); i++) member = `${plain}_${i}`;
    this.members.set(name, member);
  }

  wordsFor(call: CCall): Words {
    return {
      number: (word) => this.number(word),
      text: literal,
      deviceOf: () => literal(this.device),
      program: () => {
        const number = this.loads.indexOf(call);
        return `${literal(programName(call).replaceAll(/\W/g, '_').slice(0, LONGEST_NAME))}, ${number}`;
      },
    };
  }

  private number(word: string): string {
    const member = this.members.get(word);
    if (member !== undefined) return `results->${member}`;
    return word === 'none' ? '-1' : String(Number(/\d+$/.exec(word)![0]));
  }

  memberOf(result: string): string {
    return this.members.get(result)!;
  }

  declaration(): string {
    const members = [...this.members.values()].map((name) => `\tint ${name};`);
    return [
      '/* The numbers that calls return. All processes see them; a descriptor means something in one only. */',
      'struct results {',
      ...(members.length === 0 ? ['\tint none;'] : members),
      '};',
      '',
      'static struct results *results;',
      '',
    ].join('\n');
  }

  /** The model's names of the programs. */
  programs(): string {
    const names = this.loads.map((call) => literal(programName(call)));
    return `static const char *const programs[] = { ${[...names, 'NULL'].join(', ')} };\n`;
  }

  /** What the model says of a call. Of what a packet meets, only programs: a placeholder's own code is a part of one. */
  expected({ step, rule }: CCall): string {
    if (rule.gives !== 'SIGHT' || step.outcome.kind !== 'saw') return outcomeText(step.outcome);
    const loaded = this.loads.map(programName);
    const met = step.outcome.words.filter((word) => loaded.includes(word));
    return met.length === 0 ? 'nothing' : met.join(' ');
  }
}

/** Of a program, in the kernel: BPF_OBJ_NAME_LEN - 1. */
const LONGEST_NAME = 15;

function programName({ step }: CCall): string {
  return step.result ?? step.args.at(-1)!;
}

function constants({ initial }: Playback, calls: readonly CCall[]): string {
  const named = calls.flatMap(({ step }) => step.args.map((word) => /^eth(\d+)$/.exec(word)?.[1] ?? 0));
  const devices = 1 + Math.max(0, ...named.map(Number));
  const slots = calls.some(({ rule }) => rule.pieces.some((piece) => SLOT_PIECES.includes(piece)));
  const lines = [
    `DEVICES = ${devices}`,
    `FDS = ${fdsOf(initial)} /* of a process, as in the model */`,
    ...(slots ? [`SLOTS = ${SLOTS}`] : []),
  ];
  return `enum {\n${lines.map((line) => `\t${line.replace(/( \/\*|$)/, ',$1')}\n`).join('')}};\n`;
}

const SLOT_PIECES: readonly PieceName[] = ['load_dispatcher', 'create_slots'];

/** How many descriptors a process of the model has. */
function fdsOf(state: Playback['initial']): number {
  const { processes } = state as unknown as { processes?: readonly { readonly fds: readonly number[] }[] };
  return processes?.[0]?.fds.length ?? MOST_FDS;
}

/** Of a process of the model: `BOUND_LIMITS.fds`. */
const MOST_FDS = 32;

function callFunction(call: CCall, words: Words): string {
  const { step, rule, number } = call;
  const expression = rule.expression(step.args, words, step.actor ?? '');
  return [
    ...comment([`${number}. ${callText(step)} -> ${outcomeText(step.outcome)}`])
      .split('\n')
      .slice(0, -1),
    `static int call_${number}(void)`,
    '{',
    `\treturn ${expression};`,
    '}',
    '',
  ].join('\n');
}

function callTable(calls: readonly CCall[], names: Names): string {
  const rows = calls.map((call) => {
    const { step, rule, number } = call;
    const actor = rule.byItself ? '0' : `'${step.actor!}'`;
    const result =
      step.result === undefined ? 'NO_RESULT' : `offsetof(struct results, ${names.memberOf(step.result)})`;
    const to = step.operation === 'send' ? `'${step.args[1]!}'` : '0';
    return `\t{ ${[actor, literal(callText(step)), literal(names.expected(call)), rule.gives, `call_${number}`, result, to].join(', ')} },`;
  });
  return ['static const struct call calls[] = {', ...rows, '};', ''].join('\n');
}

/** The processes that make a call, or receive a descriptor. */
function people(calls: readonly CCall[]): string {
  const names = calls.flatMap(({ step }) => [
    ...(step.actor === undefined ? [] : [step.actor]),
    ...(step.operation === 'send' ? [step.args[1]!] : []),
  ]);
  return `static const char people[] = "${[...new Set(names)].sort().join('')}";\n`;
}

/** A string literal of C, in ASCII. */
function literal(text: string): string {
  return `"${toAscii(text).replaceAll(/["\\]/g, '\\$&')}"`;
}

/** Paragraphs as a comment of C. */
function comment(paragraphs: readonly string[]): string {
  const safe = paragraphs.map((text) => toAscii(text).replaceAll('*/', '* /').replaceAll('/*', '/ *'));
  const lines = safe.flatMap((text, i) => [
    ...(i === 0 ? [] : [' *']),
    ...foldBehind(' * ', text, COMMENT_WIDTH),
  ]);
  return lines.length === 1 ? `/*${lines[0]!.slice(2)} */\n` : ['/*', ...lines, ' */', ''].join('\n');
}
