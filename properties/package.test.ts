/** What is published works where it is installed: as a library, as a command, and with its pages. */
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkers } from '../src/check/catalogue.ts'
import { VERSION } from '../src/version.ts'
import { buildPackage, npm, removeFolder, runProgram, temporaryFolder, TSC } from './built.ts'

const LIBRARY = `
import { check, guarantees, histories, plans, simulate } from 'mqproof'
const plan = plans.parse(JSON.stringify(plans.draw('default', 7, 1)))
const history = simulate(plan)
const verdicts = check(history).map(({ id, verdict }) => [id, verdict])
const again = check(histories.parse(histories.format(history))).map(({ id, verdict }) => [id, verdict])
const complaint = (() => { try { plans.parse('{"format": "mqproof-plan/9"}') } catch (error) { return error.message } })()
const same = simulate(plan).traceHash === history.traceHash
console.log(JSON.stringify({ verdicts, again, complaint, pages: guarantees.map(({ path }) => path), same }))
`

/** Names what a TypeScript user would name. */
const TYPED = `
import { check, plans, simulate, type Judgement, type Plan, type SimulatedHistory } from 'mqproof'
export const plan: Plan = plans.draw('default', 'seed', 2, { mutant: 'ack-before-force' })
export const history: SimulatedHistory = simulate(plan)
export const verdicts: readonly Judgement[] = check(history, { only: ['DUR'] })
export const kinds: string[] = plan.faults.map((fault) => fault.kind)
export const shrunk: Promise<Plan> = plans.shrink(plan, 'DUR-1', { triesMax: 10 })
/** The types are not any. */
export const strict: 'colour' extends keyof Plan ? never : true = true
`

interface Said {
  verdicts: string[][]
  again: string[][]
  complaint: string
  pages: string[]
  same: boolean
}

describe('the package', () => {
  let built = ''
  let home = ''

  beforeAll(() => {
    built = buildPackage()
    home = temporaryFolder()
    // Built already; packing must not build the checkout once more.
    const archive = npm(['pack', '--ignore-scripts', '--pack-destination', home], built).trim()
    writeFileSync(join(home, 'package.json'), '{ "private": true, "type": "module" }')
    npm(['install', '--ignore-scripts', join(home, archive)], home)
  }, 120_000)

  afterAll(() => {
    for (const folder of [built, home]) if (folder !== '') removeFolder(folder)
  })

  it('draws, simulates and checks a plan as a library', () => {
    writeFileSync(join(home, 'library.js'), LIBRARY)
    const said = JSON.parse(runProgram(process.execPath, ['library.js'], home)) as Said
    expect(said.verdicts.map(([id]) => id)).toEqual(checkers.map(({ id }) => id))
    expect(said.again).toEqual(said.verdicts)
    expect(said.complaint).toMatch(/^plan: format is /)
    expect(said.same).toBe(true)
    expect(said.pages.length).toBe(checkers.length)
    for (const path of said.pages) expect(existsSync(join(home, 'node_modules', 'mqproof', path)), path).toBe(true)
  })

  it('has types that a strict project accepts', () => {
    writeFileSync(join(home, 'typed.ts'), TYPED)
    const strict = { noEmit: true, strict: true, exactOptionalPropertyTypes: true }
    const compilerOptions = { ...strict, module: 'nodenext', target: 'es2023', lib: ['es2023', 'dom'], types: [] }
    writeFileSync(join(home, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['typed.ts'] }))
    expect(runProgram(process.execPath, [TSC, '-p', home], home)).toBe('')
  })

  it('is a command', () => {
    const mqproof = (...args: string[]): string => runProgram('npx', ['--no-install', 'mqproof', ...args], home)
    expect(mqproof('--version').trim()).toBe(VERSION)
    const listed = JSON.parse(mqproof('list', 'guarantees', '--json')) as { guarantees: { id: string }[] }
    expect(new Set(listed.guarantees.map(({ id }) => id))).toEqual(new Set(checkers.map(({ id }) => id)))
    expect(mqproof('controls', '--only', 'DUR-4', '--jobs', '2')).toContain('All 2 controls did what they must.')
  })

  it('holds nothing but what runs and what is read', () => {
    const installed = join(home, 'node_modules', 'mqproof')
    const there = (name: string): boolean => existsSync(join(installed, name))
    for (const name of ['dist/index.d.ts', 'spec/formats/plan.schema.json', 'scenarios', 'LICENSE', 'README.md'])
      expect(there(name), name).toBe(true)
    for (const name of ['src', 'properties', 'dist/lint.test.js', 'dist/harness/testing']) expect(there(name), name).toBe(false)
  })
})
