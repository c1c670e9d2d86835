/**
 * Lint rules. The usual ones, and the bans that make the core deterministic: time, luck, input and output, and everything that
 * answers differently on another machine. Each ban has a test in src/lint.test.ts.
 */
import { defineConfig } from 'eslint/config'
import tseslint from 'typescript-eslint'

/** The folders in which the same plan must give the same trace in every process. */
const core = ['plan', 'history', 'contract', 'check', 'sim', 'systems', 'mutants', 'generate', 'explore']

const bannedGlobals = {
  'time comes from the world': ['Date', 'performance', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'],
  'the core does no input or output': ['process', 'console', 'fetch', 'require', 'Buffer', 'navigator'],
  'luck comes from choose()': ['crypto'],
  'the core is synchronous': ['Promise', 'Atomics', 'SharedArrayBuffer', 'WeakRef', 'FinalizationRegistry'],
  'it depends on the locale': ['Intl'],
  'it hides what is used': ['globalThis', 'eval', 'Function', 'Reflect'],
}

// Engines may round these differently; sqrt and the operators are exact by the standard.
const inexact = [
  'acos',
  'acosh',
  'asin',
  'asinh',
  'atan',
  'atan2',
  'atanh',
  'cbrt',
  'cos',
  'cosh',
  'exp',
  'expm1',
  'hypot',
  'log',
  'log10',
  'log1p',
  'log2',
  'pow',
  'sin',
  'sinh',
  'tan',
  'tanh',
]

const bannedSyntax = [
  ['BinaryExpression[operator="**"], AssignmentExpression[operator="**="]', 'engines may round ** differently: multiply'],
  [':not(MemberExpression) > Identifier[name="Math"]', 'an alias of Math hides which functions are used'],
  ['MemberExpression[object.name="Math"][computed=true]', 'a computed member of Math hides which function is used'],
  [':function[async=true]', 'the core is synchronous'],
  ['AwaitExpression, ForOfStatement[await=true]', 'the core is synchronous'],
  ['ImportExpression', 'a dynamic import is asynchronous'],
  ['CallExpression[callee.property.name=/^(sort|toSorted)$/][arguments.length=0]', 'sort by a comparator: the default compares texts'],
  ['MemberExpression[property.name=/^(localeCompare|toLocale[A-Z].*)$/]', 'it depends on the locale'],
  ['MemberExpression[property.name="stack"]', 'a stack trace differs between engines'],
  ['ForInStatement', 'the order of for-in is not specified in full: use Object.keys or entries'],
]

const determinism = {
  'no-restricted-globals': [
    'error',
    ...Object.entries(bannedGlobals).flatMap(([message, names]) => names.map((name) => ({ name, message }))),
  ],
  'no-restricted-properties': [
    'error',
    { object: 'Math', property: 'random', message: 'luck comes from choose()' },
    ...inexact.map((property) => ({ object: 'Math', property, message: 'engines may round it differently' })),
  ],
  'no-restricted-syntax': ['error', ...bannedSyntax.map(([selector, message]) => ({ selector, message }))],
  'no-restricted-imports': [
    'error',
    { patterns: [{ group: ['node:*', 'fs', 'path', 'os', 'child_process'], message: 'the core does no input or output' }] },
  ],
}

export default defineConfig(
  { ignores: ['dist/', 'node_modules/', '.mqproof/'] },
  { linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-non-null-assertion': 'error',
      // Interfaces here are written as methods, and the objects behind them are made of closures.
      '@typescript-eslint/unbound-method': 'off',
      // A rule or handler takes what its kind takes; what it needs not is named with an underscore.
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/no-deprecated': 'error',
      '@typescript-eslint/ban-ts-comment': ['error', { 'ts-expect-error': true }],
      eqeqeq: 'error',
      'no-console': 'error',
      'prefer-const': 'error',
    },
  },
  {
    files: core.map((folder) => `src/${folder}/**/*.ts`),
    ignores: ['**/*.test.ts', '**/*.bench.ts'],
    rules: determinism,
  },
)
