/** The bans that keep the core deterministic, each shown to bite: a rule that nobody has seen fail may be misspelt. */
import { Linter } from 'eslint'
import tseslint from 'typescript-eslint'
import { describe, expect, it } from 'vitest'

const loaded = (await import(new URL('../eslint.config.js', import.meta.url).href)) as { default: Linter.Config[] }
// Snippets belong to no TypeScript project, so the rules that need types stay out.
const config = [...loaded.default, tseslint.configs.disableTypeChecked as Linter.Config]

const lint = (code: string, filename: string): string[] => new Linter().verify(code, config, { filename }).map((problem) => problem.message)
const inCore = (code: string): string[] => lint(code, 'src/sim/snippet.ts')

const BANNED: readonly (readonly [string, RegExp])[] = [
  ['export const t = Date.now()', /Date.*time comes from the world/],
  ['export const t = new Date()', /Date.*time comes from the world/],
  ['export const t = performance.now()', /performance/],
  ['setTimeout(() => undefined, 1)', /setTimeout/],
  ['setInterval(() => undefined, 1)', /setInterval/],
  ['setImmediate(() => undefined)', /setImmediate/],
  ['queueMicrotask(() => undefined)', /queueMicrotask/],
  ['export const a = process.argv', /process.*no input or output/],
  ['console.log(1)', /console/],
  ['export const a = crypto.randomUUID()', /crypto.*choose/],
  ['export const a = Promise.resolve(1)', /Promise.*synchronous/],
  ['export const a = new Intl.Collator()', /Intl.*locale/],
  ['export const a = globalThis', /globalThis/],
  ['export const a = Math.random()', /Math\.random.*choose/],
  ['export const a = Math.pow(2, 3)', /Math\.pow/],
  ['export const a = Math.log2(8)', /Math\.log2/],
  ['export const a = Math.sin(1)', /Math\.sin/],
  ['export const a = 2 ** 3', /round/],
  ['let a = 2\na **= 3\nexport default a', /round/],
  ['const M = Math\nexport const a = M.random()', /alias of Math/],
  ['const { random } = Math\nexport const a = random()', /alias of Math/],
  ["export const a = (f: 'pow') => Math[f](2, 3)", /computed member of Math/],
  ['export async function f() { return 1 }', /synchronous/],
  ['export const f = async () => 1', /synchronous/],
  ["export const f = () => import('./x.ts')", /dynamic import/],
  ['export const a = [3, 20].sort()', /comparator/],
  ['export const a = [3, 20].toSorted()', /comparator/],
  ["export const a = 'a'.localeCompare('b')", /locale/],
  ['export const a = (1).toLocaleString()', /locale/],
  ['export const a = new Error().stack', /stack/],
  ['for (const k in { a: 1 }) void k', /for-in/],
  ["import { readFileSync } from 'node:fs'\nexport default readFileSync", /no input or output/],
]

describe('the core may not', () => {
  it.each(BANNED)('%s', (code, message) => {
    expect(inCore(code).join('\n')).toMatch(message)
  })

  it('switch a rule off by a comment', () => {
    expect(inCore('// eslint-disable-next-line\nexport const a = Math.random()').join('\n')).toMatch(/choose/)
  })
})

describe('what is not banned', () => {
  it('passes in the core', () => {
    expect(inCore('export const a = Math.max(1, Math.sqrt(4))\nexport const b = [2, 1].sort((x, y) => x - y)')).toEqual([])
  })

  it('passes elsewhere', () => {
    expect(lint('export const at = async () => Date.now()', 'src/cli/snippet.ts')).toEqual([])
  })
})
