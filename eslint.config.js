import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import tseslint from 'typescript-eslint';

/**
 * The rooms of the house, and what else each may import: `values` freely, `types` by `import type` only. Nobody may
 * import `cli`, save tests, which like benchmarks may import everything.
 */
const rooms = {
  'model/state': {},
  'model/machine': { values: ['model/state'] },
  'model/kernel': { values: ['model/state', 'model/machine'] },
  'model/mechanisms': { values: ['model/state', 'model/machine', 'model/kernel'] },
  'model/proposals': { values: ['model/state', 'model/machine', 'model/kernel', 'model/mechanisms'] },
  'model/index.ts': { values: ['model'] },
  properties: { values: ['model/state', 'model/kernel', 'checker/property.ts'] },
  checker: { values: ['model/state', 'model/machine'] },
  corpus: { values: ['model', 'checker'] },
  scenario: { values: ['model', 'checker', 'corpus'] },
  'package-place.ts': {},
  kernel: { values: ['model', 'checker', 'package-place.ts'] },
  report: {
    values: ['checker/playback.ts', 'checker/grouped.ts'],
    types: ['model', 'checker', 'corpus', 'scenario', 'kernel'],
  },
  project: {
    values: ['model', 'properties', 'checker', 'corpus', 'scenario', 'report', 'package-place.ts'],
  },
  cli: {
    values: [
      'model',
      'properties',
      'checker',
      'corpus',
      'scenario',
      'kernel',
      'report',
      'project',
      'package-place.ts',
      'index.ts',
    ],
  },
  'index.ts': { values: ['model', 'properties', 'checker', 'corpus', 'scenario', 'report', 'project'] },
};

/** Rooms whose code gives the same answer in Node, in a worker and in a browser, each time it runs. */
const pureRooms = ['model', 'properties', 'checker'];

const isWithin = (file, places = []) =>
  places.some((place) => file === place || file.startsWith(`${place}/`));

/** Reports an import that runs against the table. Sources import each other as `./file.js`, so a path is enough. */
const arrows = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      forbidden: '{{room}} may not import {{target}}.',
      typesOnly: '{{room}} may import {{target}} only as types (import type).',
      impure: '{{room}} must run in a browser: no Node modules.',
    },
  },
  create(context) {
    const file = path.relative(import.meta.dirname, context.filename).replaceAll(path.sep, '/');
    const room = Object.keys(rooms).find((name) => isWithin(file, [name]));
    if (room === undefined) return {};
    const { values = [], types = [] } = rooms[room];

    function check(source, isTypeOnly) {
      const specifier = source?.value;
      if (typeof specifier !== 'string') return;
      const report = (messageId, target) =>
        context.report({ node: source, messageId, data: { room, target } });

      if (isBuiltin(specifier) && isWithin(file, pureRooms)) report('impure');
      if (specifier !== 'holdfast' && !specifier.startsWith('.')) return;
      const target =
        specifier === 'holdfast'
          ? 'index.ts'
          : path.posix.join(path.posix.dirname(file), specifier).replace(/\.js$/, '.ts');
      if (isWithin(target, [room, ...values])) return;
      if (!isWithin(target, types)) report('forbidden', target);
      else if (!isTypeOnly) report('typesOnly', target);
    }

    return {
      ImportDeclaration: ({ source, importKind }) => check(source, importKind === 'type'),
      ExportNamedDeclaration: ({ source, exportKind }) => check(source, exportKind === 'type'),
      ExportAllDeclaration: ({ source, exportKind }) => check(source, exportKind === 'type'),
      ImportExpression: ({ source }) => check(source, false),
      TSImportType: ({ source }) => check(source, true),
    };
  },
};

const impure = (name) => ({
  name,
  message: 'This code must give the same answer each time and run in a browser.',
});

export default defineConfig(
  globalIgnores(['dist', 'coverage', 'templates', 'counterexamples']),
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    plugins: { holdfast: { rules: { arrows } } },
    rules: {
      'holdfast/arrows': 'error',

      eqeqeq: 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],

      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowBoolean: true, allowNumber: true },
      ],

      // These fight code that indexes rows of numbers, generates code, or returns something or nothing.
      '@typescript-eslint/no-invalid-void-type': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      '@typescript-eslint/restrict-plus-operands': ['error', { allowNumberAndString: true }],
    },
  },
  {
    name: 'holdfast/the same answer each time',
    files: pureRooms.map((room) => `${room}/**/*.ts`),
    rules: {
      'no-restricted-globals': [
        'error',
        ...['Buffer', 'Date', 'crypto', 'performance', 'process'].map(impure),
        ...['setImmediate', 'setInterval', 'setTimeout'].map(impure),
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'Take the random numbers from the caller.' },
        ...['Date', 'crypto', 'performance', 'process'].map((property) => ({
          object: 'globalThis',
          property,
          message: impure(property).message,
        })),
      ],
    },
  },
  {
    name: 'holdfast/rooms that generate code',
    files: ['model/state/**/*.ts', 'model/machine/**/*.ts', 'checker/**/*.ts'],
    rules: {
      '@typescript-eslint/no-implied-eval': 'off',
      '@typescript-eslint/no-unsafe-call': 'off', // of what `new Function` gives; `any` itself is forbidden
    },
  },
  {
    name: 'holdfast/configuration files',
    files: ['**/*.js'],
    extends: [tseslint.configs.disableTypeChecked],
  },
);
