/**
 * Histories of real brokers, recorded by `mqproof conform --controls --record`, are judged again as they were when they were recorded: what
 * a broker once did must not become fine, or a crime, because a checker was changed.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { registry } from '../src/cli/registry.ts'
import { drainOf, readHistory } from '../src/harness/history-file.ts'
import { judgeHistory } from '../src/harness/run-plan.ts'
import { HISTORY_ENDING, VERDICTS_ENDING, verdictsOf, type Recorded } from '../src/live/conform/recording.ts'
import { ROOT } from './repository.ts'

const FOLDER = join(ROOT, 'properties', 'recordings')
const files = existsSync(FOLDER) ? readdirSync(FOLDER) : []
const named = (ending: string): string[] => files.filter((name) => name.endsWith(ending)).map((name) => name.slice(0, -ending.length))

it('each recording has its verdicts, and each verdicts file its recording', () => {
  expect(named(HISTORY_ENDING)).toEqual(named(VERDICTS_ENDING))
})

it.each(named(HISTORY_ENDING))('%s is judged as it was', (name) => {
  const recorded = JSON.parse(readFileSync(join(FOLDER, `${name}${VERDICTS_ENDING}`), 'utf8')) as Recorded
  const { header, events } = readHistory(gunzipSync(readFileSync(join(FOLDER, `${name}${HISTORY_ENDING}`))).toString('utf8'), name)
  const contract = registry.contractOf(header)
  if (contract === null) throw new Error(`${name}: nobody knows what ${header.system} promises`)
  const verdicts = verdictsOf(judgeHistory(contract, header, events, drainOf(events)).judgements)
  expect(verdicts).toMatchObject(recorded.verdicts)
  // Guarantees that are younger than the recording.
  const young = Object.entries(verdicts).filter(([id]) => recorded.verdicts[id] === undefined)
  expect(young.filter(([, { verdict }]) => verdict === 'violated')).toEqual([])
})
