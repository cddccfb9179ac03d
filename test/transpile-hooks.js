/**
 * Node module hooks (see `register` of `node:module`) that transpile this project's TypeScript. What a file became is kept in
 * `node_modules/.cache`, by its content: every test file is a thread of its own and imports most of the sources, and doing the
 * compiler's work again in each of them took longer than most tests. A thread that finds all it needs does not even load the
 * compiler.
 */
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath, URL } from 'node:url';

const require = createRequire(import.meta.url);
const project = new URL('..', import.meta.url);
const cache = fileURLToPath(new URL('node_modules/.cache/holdfast/', project));
const configFile = fileURLToPath(new URL('tsconfig.json', project));
const setting = [require('typescript/package.json').version, readFileSync(configFile, 'utf8')];

const isOurs = (url) => url.startsWith(project.href) && url.endsWith('.ts');

/** As in TypeScript itself, `./row.js` means `row.ts` where there is one. */
export function resolve(specifier, context, nextResolve) {
  const { parentURL = '' } = context;
  if (isOurs(parentURL) && /^\..*\.js$/.test(specifier)) {
    const typescript = new URL(specifier.replace(/js$/, 'ts'), parentURL);
    if (existsSync(typescript)) return nextResolve(typescript.href, context);
  }
  return nextResolve(specifier, context);
}

export function load(url, context, nextLoad) {
  if (!isOurs(url)) return nextLoad(url, context);
  return { format: 'module', source: transpiled(fileURLToPath(url)), shortCircuit: true };
}

function transpiled(file) {
  const source = readFileSync(file, 'utf8');
  const name = path.basename(file);
  const key = createHash('sha256')
    .update(JSON.stringify([setting, name, source]))
    .digest('hex');
  const kept = path.join(cache, `${key}.js`);
  if (existsSync(kept)) return readFileSync(kept, 'utf8');

  const output = transpile(source, name);
  mkdirSync(cache, { recursive: true });
  const unfinished = `${kept}.${randomUUID()}`; // others read and write the same file
  writeFileSync(unfinished, output);
  renameSync(unfinished, kept);
  return output;
}

function transpile(source, fileName) {
  const ts = require('typescript');
  const { config } = ts.readConfigFile(configFile, ts.sys.readFile);
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, '.');
  const { target, verbatimModuleSyntax } = options; // what else there is, is about types and places
  const compilerOptions = {
    target,
    verbatimModuleSyntax,
    module: ts.ModuleKind.ESNext,
    inlineSourceMap: true,
  };
  return ts.transpileModule(source, { fileName, compilerOptions }).outputText;
}
