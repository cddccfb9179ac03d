/**
 * Node module hooks (see `register` of `node:module`) that let a running `holdfast` import a user's own TypeScript.
 * Node runs them in a thread of their own; `load-typescript.ts` registers them and reads what they report.
 *
 * They act only on what a user's file imports: `holdfast` is the running package, wherever the user's file lies,
 * and `.ts` and `.mts` files are type checked and compiled by ts-node. Everything else is left to Node.
 */
import { readFileSync } from 'node:fs';
import { createRequire, type InitializeHook, type LoadHook, type ResolveHook } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { MessagePort } from 'node:worker_threads';
import type * as tsNode from 'ts-node';

/** What the hooks are told by the process that registers them. */
export interface HookSettings {
  /** URL of the module that imports the user's file. */
  readonly importer: string;
  /** URL of the module that `holdfast` stands for. */
  readonly packageEntry: string;
  /** What is compiled already, by file. */
  readonly compiled: ReadonlyMap<string, CompiledModule>;
  /** Where to tell what else is compiled. */
  readonly port: MessagePort;
}

/** A user's TypeScript, and what it became. */
export interface CompiledModule {
  readonly file: string;
  readonly source: string;
  readonly output: string;
}

/** Something wrong at one place of a user's file. Lines and columns count from one. */
export interface ModuleProblem {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  readonly detail: string;
}

/** An error on its way from the hooks' thread: there, only an error's own plain properties survive. */
export interface ErrorWithProblems extends Error {
  moduleProblems: readonly ModuleProblem[];
}

let settings: HookSettings;
const userModules = new Set<string>();

export const initialize: InitializeHook<HookSettings> = (data) => {
  settings = data;
};

export const resolve: ResolveHook = async (specifier, context, nextResolve) => {
  if (specifier === 'holdfast') return nextResolve(settings.packageEntry, context);

  const { parentURL } = context;
  if (parentURL === settings.importer) {
    const resolved = await nextResolve(specifier, context);
    if (!isPath(specifier)) return resolved;
    userModules.add(resolved.url);
    return { ...resolved, format: 'module' }; // whatever package.json says: only a module can import holdfast
  }
  if (parentURL === undefined || !userModules.has(parentURL)) return nextResolve(specifier, context);

  try {
    const resolved = await resolveUserImport(specifier, context, nextResolve);
    if (isPath(specifier)) userModules.add(resolved.url);
    return resolved;
  } catch (error) {
    throw withProblems([problemAtImport(specifier, parentURL, error)]);
  }
};

export const load: LoadHook = async (url, context, nextLoad) => {
  if (!userModules.has(url) || !/\.m?ts$/.test(url)) return nextLoad(url, context);

  return { format: 'module', source: await compiled(fileURLToPath(url)), shortCircuit: true };
};

async function compiled(file: string): Promise<string> {
  const source = readFileSync(file, 'utf8');
  const known = settings.compiled.get(file);
  if (known?.source === source) return known.output;
  const output = await compile(file, source);
  settings.port.postMessage({ file, source, output } satisfies CompiledModule);
  return output;
}

let compiler: tsNode.Service | undefined;
let compilerWithNodeTypes: tsNode.Service | undefined;

/**
 * Knowing the types of Node's own modules and globals doubles the time of a check, and few proposals use them. So a
 * file is first checked without, and only what fails is judged with them. The compiler itself is loaded when it is needed: that takes as
 * long as a small check.
 */
async function compile(file: string, source: string): Promise<string> {
  const { create, TSError } = await import('ts-node');
  try {
    compiler ??= createCompiler(create, []);
    return compiler.compile(source, file);
  } catch (error) {
    if (!(error instanceof TSError)) throw error;
  }
  compilerWithNodeTypes ??= createCompiler(create, ['node']);
  try {
    return compilerWithNodeTypes.compile(source, file);
  } catch (error) {
    throw error instanceof TSError
      ? withProblems(problemsOfDiagnostics(error, file, compilerWithNodeTypes))
      : error;
  }
}

/** As in TypeScript itself, `./helper.js` means `helper.ts` where there is one. */
async function resolveUserImport(
  specifier: string,
  context: Parameters<ResolveHook>[1],
  nextResolve: Parameters<ResolveHook>[2],
): Promise<Awaited<ReturnType<ResolveHook>>> {
  if (isPath(specifier) && /\.m?js$/.test(specifier)) {
    try {
      return await nextResolve(specifier.replace(/js$/, 'ts'), context);
    } catch {
      // No such TypeScript file, so what is written is meant.
    }
  }
  return nextResolve(specifier, context);
}

/**
 * The compiler takes no notice of any tsconfig.json, so that a file means the same wherever it lies and whatever
 * directory `holdfast` runs in. It checks strictly, save for types left out: those are a matter of taste.
 */
function createCompiler(create: typeof tsNode.create, types: string[]): tsNode.Service {
  const entry = fileURLToPath(settings.packageEntry);
  const declarations = entry.replace(/\.js$/, '.d.ts'); // the sources are their own declarations
  return create({
    skipProject: true,
    skipIgnore: true,
    transpileOnly: false,
    pretty: false,
    cwd: dirname(entry),
    compiler: createRequire(import.meta.url).resolve('typescript'),
    compilerOptions: {
      lib: ['es2022'],
      module: 'esnext',
      moduleResolution: 'bundler',
      noImplicitAny: false,
      paths: { holdfast: [declarations] },
      rewriteRelativeImportExtensions: true,
      skipLibCheck: true,
      strict: true,
      target: 'es2022',
      types,
    },
  });
}

function problemsOfDiagnostics(error: tsNode.TSError, file: string, { ts }: tsNode.Service): ModuleProblem[] {
  const syntaxErrors = error.diagnostics.filter(({ code }) => code < 2000); // beside them, type errors are noise
  return (syntaxErrors.length > 0 ? syntaxErrors : error.diagnostics).map((diagnostic) => {
    const detail = `${ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n')} (TS${diagnostic.code})`;
    if (diagnostic.file === undefined || diagnostic.start === undefined) return { file, detail };
    const place = diagnostic.file.getLineAndCharacterOfPosition(diagnostic.start);
    return { file: diagnostic.file.fileName, line: place.line + 1, column: place.character + 1, detail };
  });
}

function problemAtImport(specifier: string, parentURL: string, error: unknown): ModuleProblem {
  const file = fileURLToPath(parentURL);
  const detail = error instanceof Error ? error.message : String(error);
  const before = textBefore(readFileSync(file, 'utf8'), specifier);
  if (before === undefined) return { file, detail };
  const lines = before.split('\n');
  return { file, line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1, detail };
}

function textBefore(source: string, specifier: string): string | undefined {
  const at = [`'${specifier}'`, `"${specifier}"`]
    .map((quoted) => source.indexOf(quoted))
    .find((found) => found >= 0);
  return at === undefined ? undefined : source.slice(0, at);
}

function isPath(specifier: string): boolean {
  return /^(\.{1,2}\/|file:)/.test(specifier);
}

function withProblems(moduleProblems: readonly ModuleProblem[]): ErrorWithProblems {
  const message = moduleProblems.map(({ detail }) => detail).join('\n');
  return Object.assign(new Error(message), { moduleProblems });
}
