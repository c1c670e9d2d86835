/**
 * The same plan gives the same trace: a second time, in another order, in another process, on another version of Node; and no clock
 * or luck of the machine is asked on the way. All of it on the built package, which is what people run.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildPackage, CODE_ALONE, removeFolder, runAnyway, runProgram } from './built.ts'

const PLANS = 200
const [major = 0] = process.versions.node.split('.').map(Number)
/** An even release other than the one that runs this. */
const OTHER_MAJOR = major === 24 ? 22 : 24

/** Prints what each of a list of runs came to: the plan as drawn, and its trace. */
const TRACER = `
const { plans, simulate } = await import(process.argv[2])
const runs = JSON.parse(process.argv[3])
const drawn = runs.map((run) => [run, plans.draw('default', 'determinism', run)])
const traces = drawn.map(([run, plan]) => [run, simulate(plan).traceHash])
console.log(JSON.stringify({ node: process.versions.node, plans: drawn.map(([run, plan]) => [run, JSON.stringify(plan)]), traces }))
`

/** As above, on a machine that has neither clock nor luck while a plan is simulated. */
const GUARD = `
const { plans, simulate } = await import(process.argv[2])
const runs = JSON.parse(process.argv[3])
const drawn = runs.map((run) => [run, plans.draw('default', 'determinism', run)])
const refuse = (name) => () => { throw new Error(name + ' was asked during a simulation') }
const RealDate = Date
globalThis.Date = class { constructor() { refuse('new Date')() } static now() { return refuse('Date.now')() } }
Math.random = refuse('Math.random')
performance.now = refuse('performance.now')
process.hrtime.bigint = refuse('process.hrtime')
crypto.getRandomValues = refuse('crypto.getRandomValues')
for (const name of ['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask']) globalThis[name] = refuse(name)
const refuses = (ask) => { try { ask(); return false } catch { return true } }
const refused = [() => Date.now(), () => new Date(), () => Math.random(), () => performance.now()].filter(refuses).length
const traces = drawn.map(([run, plan]) => [run, simulate(plan).traceHash])
globalThis.Date = RealDate
process.stdout.write(JSON.stringify({ refused, traces }))
`

type Traces = readonly (readonly [run: number, traceHash: string])[]
interface Traced {
  readonly node: string
  readonly traces: Traces
  readonly plans: readonly (readonly [run: number, plan: string])[]
}

const inOrder = Array.from({ length: PLANS }, (_, k) => k + 1)
/** Every number once, since 77 and the number of plans have no divisor in common. */
const shuffled = inOrder.map((_, k) => ((k * 77) % PLANS) + 1)
const byRun = <T extends readonly [number, ...unknown[]]>(rows: readonly T[]): T[] => [...rows].sort((x, y) => x[0] - y[0])

describe('the same plan gives the same trace', () => {
  let built = ''
  let first: Traced = { node: '', traces: [], plans: [] }

  const args = (script: string, runs: readonly number[]): string[] => [
    join(built, script),
    pathToFileURL(join(built, 'dist', 'index.js')).href,
    JSON.stringify(runs),
  ]
  const traced = (runs: readonly number[]): Traced => JSON.parse(runProgram(process.execPath, args('tracer.mjs', runs), built)) as Traced

  beforeAll(() => {
    built = buildPackage(CODE_ALONE)
    writeFileSync(join(built, 'tracer.mjs'), TRACER)
    writeFileSync(join(built, 'guard.mjs'), GUARD)
    first = traced(inOrder)
  }, 120_000)

  afterAll(() => {
    if (built !== '') removeFolder(built)
  })

  it('and different plans different ones', () => {
    expect(first.traces.length).toBe(PLANS)
    expect(new Set(first.traces.map(([, hash]) => hash)).size).toBe(PLANS)
  })

  it('a second time in one process', () => {
    const twice = traced([...inOrder.slice(0, 50), ...inOrder.slice(0, 50)]).traces
    expect(twice.slice(0, 50)).toEqual(first.traces.slice(0, 50))
    expect(twice.slice(50)).toEqual(first.traces.slice(0, 50))
  })

  it('in another order, in another process', () => {
    const other = traced(shuffled)
    expect(other.traces).not.toEqual(first.traces)
    expect(byRun(other.traces)).toEqual(first.traces)
    expect(byRun(other.plans)).toEqual(first.plans)
  })

  it('where no clock can be read and no luck be drawn', () => {
    const guarded = JSON.parse(runProgram(process.execPath, args('guard.mjs', inOrder), built)) as { refused: number; traces: Traces }
    expect(guarded.refused).toBe(4)
    expect(guarded.traces).toEqual(first.traces)
  })

  /** Without the times that it took. */
  const printed = (jobs: number, command: string): string => {
    const main = join(built, 'dist', 'cli', 'main.js')
    const { out, code } = runAnyway(process.execPath, [main, ...command.split(' '), '--json', '--jobs', String(jobs)], built)
    return `${code} ${out.replace(/"wallMs": \d+/g, '')}`
  }

  it.each([
    ['a campaign', 'run --runs 500 --seed law'],
    ['what it finds', 'run --runs 150 --seed law --mutant ack-before-force --only DUR-1 --out found'],
    ['the kill matrix', 'mutants --only ack-before-force,half-visible --seeds 1 --runs 100'],
    ['the controls', 'controls --only DUR-4 --out controls'],
  ])('with any number of threads: %s', (_, command) => {
    const alone = printed(1, command)
    expect(printed(3, command)).toBe(alone)
    expect(alone.length).toBeGreaterThan(200)
  })

  // MQPROOF_OFFLINE=1 is for machines without a package registry; everywhere else a Node that can't be had is a failure.
  it.skipIf(process.env['MQPROOF_OFFLINE'] === '1')(
    'on another version of Node',
    () => {
      const quiet = ['--yes', '--ignore-scripts=false', '--prefer-offline', '--loglevel=error']
      const node = ['exec', ...quiet, `--package=node@${OTHER_MAJOR}`, '--', 'node']
      const other = JSON.parse(runProgram('npm', [...node, ...args('tracer.mjs', inOrder)], built)) as Traced
      expect(other.node).toMatch(new RegExp(`^${OTHER_MAJOR}\\.`))
      expect(other.plans).toEqual(first.plans)
      expect(other.traces).toEqual(first.traces)
    },
    180_000,
  )
})
