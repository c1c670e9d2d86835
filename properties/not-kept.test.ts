/** Every switch that repairs RocketMQ is a finding: it has a line, a story in which what it repairs is seen, and a place where that is demanded. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { explains } from '../src/contract/excuse.ts'
import { ROCKETMQ_ROWS } from '../src/contract/rocketmq-rows.ts'
import { controls } from '../src/harness/control-list.ts'
import { NOT_KEPT } from '../src/harness/not-kept.ts'
import { UNSWITCHED } from '../src/harness/not-kept-settings.ts'
import { REPAIR_NAMES } from '../src/systems/rocketmq/config.ts'
import { notKeptPage } from './not-kept-page.ts'
import { read, ROOT } from './repository.ts'
import { playPlan, storyAt } from './stories.ts'

const PAGE = 'spec/not-kept.md'
const pathOf = (story: string): string => `scenarios/${story}.scenario`

it('has a page, which says what the list says', () => {
  if (process.env['UPDATE'] === '1') writeFileSync(join(ROOT, PAGE), notKeptPage())
  expect(read(PAGE)).toBe(notKeptPage())
})

it('has one line for each switch', () => {
  expect(NOT_KEPT.map(({ repair }) => repair).sort()).toEqual([...REPAIR_NAMES].sort())
})

it.each(NOT_KEPT)('$repair: its story shows what it repairs', async ({ repair, guarantee, story }) => {
  const { findings, facts } = await playPlan(storyAt(pathOf(story)).scenario.plan)
  const rows = ROCKETMQ_ROWS.filter((row) => row.unless === repair)
  const shown = (findings.get(guarantee)?.anomalies ?? []).filter((anomaly) => rows.some((row) => explains(row, anomaly, facts)))
  expect(shown).not.toEqual([])
})

it.each(NOT_KEPT)('$repair: a violation is demanded where it is missing', ({ repair, guarantee }) => {
  const demanded = controls.filter((one) => one.guarantee === guarantee && one.control === 'breaks')
  expect(demanded.map(({ cell }) => cell.split(' and ')[0])).toContain(`hardened but for ${repair}`)
})

it.each(UNSWITCHED)('$guarantee: the story $story shows what no switch repairs', async ({ guarantee, story }) => {
  const { judgements } = await playPlan(storyAt(pathOf(story)).scenario.plan)
  expect(judgements.find(({ id }) => id === guarantee)?.verdict).toBe('allowed')
})

it('names rows of the table of real brokers', () => {
  const table = read('spec/facts/rocketmq-live.md')
  for (const { live } of [...NOT_KEPT, ...UNSWITCHED]) for (const id of live) expect(table).toContain(`| ${id} |`)
})
