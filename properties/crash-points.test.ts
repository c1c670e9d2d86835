/**
 * The page of a transaction's crash points holds what the runs come to. UPDATE=1 writes it, from some five thousand runs; without it the tables that
 * matter most are run again, and held against the page.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { crashPage, ENDINGS, figures, PREFACE, tables } from './crash-page.ts'
import { read, ROOT } from './repository.ts'
import { playPlan, storyAt } from './stories.ts'

const PAGE = 'spec/transaction-crash-points.md'

beforeAll(async () => {
  if (process.env['UPDATE'] === '1') writeFileSync(join(ROOT, PAGE), await crashPage())
}, 3_600_000)

const [commit] = ENDINGS

it.each(['rocketmq-5.5', 'hardened'] as const)('shows what becomes of a commit under SYNC_FLUSH, %s', async (preset) => {
  if (commit === undefined) throw new Error('a transaction ends somehow')
  expect(read(PAGE)).toContain(await tables(preset, { flush: 'SYNC_FLUSH', copies: 'one copy' }, commit))
})

it('says how it came about, and counts what it shows', () => {
  const page = read(PAGE)
  const sections = page.slice(page.indexOf('## RocketMQ 5.5 as shipped'))
  expect(page).toBe([PREFACE, figures(sections), sections].join('\n'))
})

it('breaks nothing that a contract demands, and shows no rolled back message to anybody', () => {
  const page = read(PAGE)
  const cells = page.split('\n').filter((line) => /^\| (before|after) /.test(line))
  expect(cells.length).toBeGreaterThan(100)
  for (const line of cells) expect(line).not.toMatch(/breaks|and there|no end/)
})

it('is never lost, parked or repeated where everything is repaired and forced', () => {
  const [, hardened = ''] = read(PAGE).split('## Hardened')
  const tables = hardened.split(/^#### /m).slice(1)
  const synced = tables.filter((one) => one.startsWith('SYNC_FLUSH'))
  expect(synced.length).toBeGreaterThan(0)
  for (const table of synced) expect(table).not.toContain('**')
})

it('tells of each crash where it struck, and of none where nothing was left to do', async () => {
  const { plan } = storyAt('scenarios/txn-4-killed-between-the-message-and-the-answer.scenario').scenario
  const struck = (await playPlan(plan)).events.filter((event) => event.type === 'fault')
  expect(struck.map((event) => event.where)).toEqual(['after it appends T:0@0'])
  const late = plan.faults.map((fault) => (fault.kind === 'processKill' ? { ...fault, point: { after: 100_000 } } : fault))
  expect((await playPlan({ ...plan, faults: late })).events.filter((event) => event.type === 'fault')).toEqual([])
})
