/** How a scenario goes in one design, as text: each step's calls, and what it comes to. */
import { callText } from '../../checker/index.js';
import { proposals, type Proposal } from '../../model/proposals/index.js';
import { parseScenario, runScenario, type Outcome, type RunStep } from '../../scenario/index.js';

/** The built-in proposal of that name. */
export function design(name: string): Proposal {
  return proposals.find((proposal) => proposal.name === name)!;
}

/** `attach(prog, eth0): ok` for each step; the calls without who makes them. */
export function columnOf(proposal: Proposal | string, ...steps: readonly string[]): string[] {
  const scenario = parseScenario(['scenario: a test', ...steps].join('\n'), 'test.scenario');
  return runScenario(scenario, typeof proposal === 'string' ? design(proposal) : proposal).steps.map(
    stepText,
  );
}

function stepText({ outcome, calls }: RunStep): string {
  const made = calls.map((call) => callText({ ...call, actor: undefined }));
  return [...(made.length === 0 ? [] : [made.join('; ')]), outcomeText(outcome)].join(': ');
}

function outcomeText(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'done':
      return 'ok';
    case 'met':
      return `met ${outcome.programs.join(' ') || 'nothing'}`;
    case 'refused':
      return `${outcome.errno} ${outcome.guard ?? ''}`;
    case 'nothing-to-do':
    case 'out-of-reach':
    case 'cannot-be-said':
      return `${outcome.kind} (${outcome.why})`;
  }
}
