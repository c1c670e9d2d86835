/** The generated page says what the contract does. UPDATE=1 writes it. */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { describeContract, describeRow, ROW_NAMES } from './describe.ts'
import { ROCKETMQ_ROWS } from './rocketmq-rows.ts'

const PAGE = fileURLToPath(new URL('../../spec/excuses.md', import.meta.url))
const REPAIRS = [...new Set(ROCKETMQ_ROWS.flatMap((row) => [row.unless, row.given].filter((name) => name !== undefined)))]

it('is up to date', () => {
  const text = describeContract(REPAIRS)
  if (process.env['UPDATE'] === '1') writeFileSync(PAGE, text)
  expect(readFileSync(PAGE, 'utf8')).toBe(text)
})

it('shows every row', () => {
  const text = describeContract(REPAIRS)
  for (const row of ROCKETMQ_ROWS) expect(text).toContain(`### ${row.id}\n`)
})

it('shows one row by its name', () => {
  for (const name of ROW_NAMES) expect(describeRow(name)).toContain(`### ${name}\n`)
  expect(describeRow('no-such-row')).toBeNull()
})
