/** The page of the kill matrix names every planted bug, and says of each that it was found. UPDATE=1 writes it, UPDATE=new what it lacks. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { registry } from '../src/cli/registry.ts'
import { killMutant } from '../src/harness/kill-matrix.ts'
import { VERSION } from '../src/version.ts'
import { killPage, known, rowIn, rowOf, rowsOf, SEEDS } from './kill-page.ts'
import { read, ROOT } from './repository.ts'

const PAGE = 'spec/kill-matrix.md'

beforeAll(async () => {
  const update = process.env['UPDATE']
  if (update === undefined) return
  const page = read(PAGE)
  const rows: string[] = []
  for (const mutant of registry.mutants) {
    const kept = update === 'new' ? rowIn(page, mutant) : undefined
    if (kept !== undefined) {
      rows.push(kept)
      continue
    }
    const subject = registry.subjectOf(registry.systems[0] ?? '')
    rows.push(rowOf(mutant, await killMutant(mutant, { subject, version: VERSION, seed: '1', seeds: SEEDS })))
  }
  writeFileSync(join(ROOT, PAGE), killPage(rows))
}, 600_000)

it('names every planted bug, what it does and what it breaks', () => {
  expect(rowsOf(read(PAGE)).map((row) => row.slice(0, 3))).toEqual(registry.mutants.map(known))
})

it('says that each is found', () => {
  for (const [id = '', , , runs = '', shrunk = ''] of rowsOf(read(PAGE))) {
    expect(Number(runs), id).toBeGreaterThan(0)
    expect(shrunk, id).toMatch(/^\d+ \+ \d+$/)
  }
})
