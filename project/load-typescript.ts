import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { register } from 'node:module';
import { extname, isAbsolute, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { inspect } from 'node:util';
import {
  getEnvironmentData,
  MessageChannel,
  receiveMessageOnPort,
  setEnvironmentData,
  type MessagePort,
} from 'node:worker_threads';
import { codeFile, codeRoot } from '../package-place.js';
import type { CompiledModule, ErrorWithProblems, HookSettings, ModuleProblem } from './typescript-hooks.js';

const loadableExtensions = ['.ts', '.mts', '.js', '.mjs'];

/** A user's file that cannot be loaded. The fields give the first thing wrong, the message everything. */
export class UserModuleError extends Error {
  override readonly name = 'UserModuleError';
  /** Absolute path of the file that is wrong: the one asked for, or one that it imports. */
  readonly file: string;
  /** Counted from one; undefined where the problem has no place, as with a file that is missing. */
  readonly line: number | undefined;
  /** Counted from one. */
  readonly column: number | undefined;
  /** What is wrong, without the place. */
  readonly detail: string;

  constructor(problems: Problems, options?: ErrorOptions) {
    super(problems.map(describe).join('\n'), options);
    const [first] = problems;
    this.file = first.file;
    this.line = first.line;
    this.column = first.column;
    this.detail = first.detail;
  }
}

/**
 * Imports a user's file (`.ts`, `.mts`, `.js` or `.mjs`) given by path, and gives back its module namespace.
 *
 * The file needs no tsconfig.json, package.json or node_modules of its own: `import … from 'holdfast'` means the
 * running package, even where another one is installed beside the file. TypeScript is type checked as well as
 * compiled: that costs 0.3 s more than compiling alone, and a misspelt field of a proposal is better found now than
 * by a search that runs without it. That is also why Node's own type stripping is not used where it exists: it checks nothing,
 * and leaves the `holdfast` that a file imports to what is installed beside it. JavaScript is left to Node. A file is loaded once
 * per process; a worker that is started afterwards loads what was compiled for its parent.
 *
 * @throws UserModuleError if the file is missing, does not compile, imports what is not there, or throws while it
 * loads; the error then names the place in the user's file.
 */
export async function importUserModule(path: string): Promise<unknown> {
  const file = existingModule(path);
  port ??= registerHooks();
  try {
    const loaded = (await import(pathToFileURL(file).href)) as unknown;
    keepCompiled(port);
    return loaded;
  } catch (error) {
    throw new UserModuleError(await problemsOf(error, file), { cause: error });
  }
}

function existingModule(path: string): string {
  const file = resolve(path);
  if (!existsSync(file)) throw new UserModuleError([{ file, detail: 'There is no such file.' }]);
  if (!statSync(file).isFile()) throw new UserModuleError([{ file, detail: 'This is not a file.' }]);
  if (!loadableExtensions.includes(extname(file))) {
    const detail = `The name of a file to load must end in ${loadableExtensions.join(', ')}.`;
    throw new UserModuleError([{ file, detail }]);
  }
  return realpathSync(file);
}

/** Where the hooks tell what they have compiled, once they are registered. */
let port: MessagePort | undefined;

function registerHooks(): MessagePort {
  const { port1, port2 } = new MessageChannel();
  const settings: HookSettings = {
    importer: import.meta.url,
    packageEntry: codeFile('index').href,
    compiled: compiledModules(),
    port: port2,
  };
  register(codeFile('project/typescript-hooks').href, { data: settings, transferList: [port2] });
  process.setSourceMapsEnabled(true); // stack traces then name the lines of the user's TypeScript
  return port1;
}

/** The key under which workers find what was compiled, by file. */
const COMPILED = 'holdfast: compiled modules';

/** What was compiled, by file. A worker that is started has it; one that was started before has to be told ({@link useCompiled}). */
export function compiledModules(): ReadonlyMap<string, CompiledModule> {
  return (getEnvironmentData(COMPILED) as ReadonlyMap<string, CompiledModule> | undefined) ?? new Map();
}

/** Makes this worker load what was compiled for its parent; to be called before it loads anything. */
export function useCompiled(modules: ReadonlyMap<string, CompiledModule>): void {
  setEnvironmentData(COMPILED, modules);
}

/** What the hooks have told is kept for workers. */
function keepCompiled(from: MessagePort): void {
  const compiled = new Map(compiledModules());
  for (let told = receiveMessageOnPort(from); told; told = receiveMessageOnPort(from)) {
    const compiledModule = told.message as CompiledModule;
    compiled.set(compiledModule.file, compiledModule);
  }
  useCompiled(compiled);
}

type Problems = readonly [ModuleProblem, ...ModuleProblem[]];

async function problemsOf(error: unknown, file: string): Promise<Problems> {
  if (!(error instanceof Error)) {
    return [{ file, detail: `The file threw ${inspect(error)} while it was loaded.` }];
  }
  const [first, ...more] = (error as Partial<ErrorWithProblems>).moduleProblems ?? [];
  if (first !== undefined) return [first, ...more];
  const placeInSource = error instanceof SyntaxError ? await placeOfSyntaxError(error, file) : undefined;
  return [{ file, detail: error.toString(), ...(placeInSource ?? placeOfThrow(error, file)) }];
}

type Place = Omit<ModuleProblem, 'detail'>;

/**
 * Node puts the place before the stack of some syntax errors: `file:///x.js:3`, the line itself, carets under it.
 * Where it does not, TypeScript's parser finds the place in JavaScript as well.
 */
async function placeOfSyntaxError(error: SyntaxError, file: string): Promise<Place | undefined> {
  const [, location, line, carets] = /^(.+):(\d+)\n.*\n( *)\^/.exec(error.stack ?? '') ?? [];
  if (location !== undefined && line !== undefined && carets !== undefined) {
    return { file: toPath(location), line: Number(line), column: carets.length + 1 };
  }
  const { default: ts } = await import('typescript');
  const options = { fileName: file, reportDiagnostics: true, compilerOptions: { allowJs: true } };
  const [first] = ts.transpileModule(readFileSync(file, 'utf8'), options).diagnostics ?? [];
  if (first?.file === undefined || first.start === undefined) return undefined;
  const place = first.file.getLineAndCharacterOfPosition(first.start);
  return { file, line: place.line + 1, column: place.character + 1 };
}

/** The innermost frame that lies in the user's files, not in Node or in this package. */
function placeOfThrow(error: Error, file: string): Place | undefined {
  const ownFolder = fileURLToPath(codeRoot);
  return [...(error.stack ?? '').matchAll(/^ +at (?:.* \()?(.+?):(\d+):(\d+)\)?$/gm)]
    .map(([, location, line, column]) => ({
      file: toPath(location!),
      line: Number(line),
      column: Number(column),
    }))
    .find((place) => place.file === file || (isAbsolute(place.file) && !place.file.startsWith(ownFolder)));
}

function toPath(location: string): string {
  return location.startsWith('file:') ? fileURLToPath(location) : location;
}

function describe({ file, line, column, detail }: ModuleProblem): string {
  return `${[file, line, column].filter((part) => part !== undefined).join(':')}: ${detail}`;
}
