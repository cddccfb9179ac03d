/** The manual: a page for each command, made from what `--help` says, in Markdown. */
import type { Argument, Command, Help, Option } from 'commander';

export interface ManualPage {
  /** `check.md` */
  readonly file: string;
  readonly text: string;
}

/** The pages of all commands, and `README.md`, which lists them. */
export function manualOf(program: Command): ManualPage[] {
  const commands = program
    .createHelp()
    .visibleCommands(program)
    .filter((command) => command.name() !== 'help');
  return [
    { file: 'README.md', text: contents(program, commands) },
    ...commands.map((command) => ({ file: `${command.name()}.md`, text: pageOf(command) })),
  ];
}

function contents(program: Command, commands: readonly Command[]): string {
  const rows = commands.map((command) => [
    `[\`holdfast ${command.name()}\`](${command.name()}.md)`,
    cell(command.summary()),
  ]);
  return page([
    '# Commands',
    program.description(),
    'These pages are made from what `holdfast help COMMAND` says (`npm run manual`).',
    table(['command', 'what it does'], rows),
  ]);
}

function pageOf(command: Command): string {
  const help = command.createHelp();
  const { examples, others } = extrasOf(command);
  return page([
    `# holdfast ${command.name()}`,
    sentence(command.summary()),
    '## Synopsis',
    codeBlock('sh', [help.commandUsage(command)]),
    '## Description',
    command.description() || sentence(command.summary()),
    ...section('## Arguments', argumentRows(help, command), ['argument', 'meaning']),
    ...section('## Options', optionRows(help, command), ['option', 'meaning']),
    ...(examples.length === 0 ? [] : ['## Examples', codeBlock('sh', examples)]),
    ...others.map(withHeading),
  ]);
}

function argumentRows(help: Help, command: Command): string[][] {
  return help
    .visibleArguments(command)
    .map((argument: Argument) => [
      `\`${help.argumentTerm(argument)}\``,
      cell(help.argumentDescription(argument)),
    ]);
}

function optionRows(help: Help, command: Command): string[][] {
  return help
    .visibleOptions(command)
    .map((option: Option) => [`\`${help.optionTerm(option)}\``, cell(help.optionDescription(option))]);
}

interface Extras {
  readonly examples: readonly string[];
  /** Paragraphs, as `Exit codes: …`. */
  readonly others: readonly string[];
}

/** What stands below the options in a command's help. */
function extrasOf(command: Command): Extras {
  const paragraphs = helpTextOf(command)
    .slice(command.helpInformation().length)
    .trim()
    .split(/\n{2,}/);
  const isExample = (paragraph: string): boolean => /^Examples?:/.test(paragraph);
  return {
    examples: paragraphs.filter(isExample).flatMap((paragraph) =>
      paragraph
        .split('\n')
        .slice(1)
        .map((line) => line.trim()),
    ),
    others: paragraphs.filter((paragraph) => paragraph !== '' && !isExample(paragraph)),
  };
}

function helpTextOf(command: Command): string {
  let text = '';
  const before = command.configureOutput();
  command.configureOutput({ ...before, writeOut: (part) => (text += part) });
  command.outputHelp();
  command.configureOutput(before);
  return text;
}

/** `Exit codes: 0 …` is a section; any other paragraph stands as it is. */
function withHeading(paragraph: string): string {
  const oneLine = paragraph.replaceAll(/\s*\n\s*/g, ' ');
  const [, heading, text] = /^(Exit codes): (.*)$/.exec(oneLine) ?? [];
  return heading === undefined ? oneLine : `## ${heading}\n\n${text!}`;
}

function section(heading: string, rows: readonly (readonly string[])[], head: readonly string[]): string[] {
  return rows.length === 0 ? [] : [heading, table(head, rows)];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, i) => Math.max(title.length, 3, ...rows.map((row) => row[i]!.length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((text, i) => text.padEnd(widths[i]!)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '\\<');
}

function codeBlock(language: string, lines: readonly string[]): string {
  return ['```' + language, ...lines, '```'].join('\n');
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function page(parts: readonly string[]): string {
  return `${parts.join('\n\n')}\n`;
}
