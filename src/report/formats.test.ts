/** The schemas on disk are those of the code; UPDATE=1 rewrites them. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { formatFiles } from './formats.ts'
import { scenarioPage } from './scenario-page.ts'
import { Comments, described, NOTHING, type Said } from './testing/comments.ts'

const FOLDER = new URL('../../spec/formats/', import.meta.url)

/** Where the schemas are written down. */
const SOURCES = [
  'plan/plan.ts',
  'plan/faults.ts',
  'harness/history-file.ts',
  'harness/query-schema.ts',
  'harness/verdict-file.ts',
  'live/stdio/protocol.ts',
  'live/stdio/check/report.ts',
  'live/conform/known.ts',
  'report/contract-file.ts',
  'report/document.ts',
  'report/conform-document.ts',
  'report/machine-document.ts',
]
const comments = new Comments(SOURCES.map((path) => new URL(`../${path}`, import.meta.url)))
const eitherOf = (...names: string[]): Said => ({ ...NOTHING, options: names.map((name) => comments.of(name)) })
/** Their titles say what they are: what a source says above the whole is not said again. */
const parts = (said: Said): Said => ({ ...said, text: '' })
const SAID: Readonly<Record<string, Said>> = {
  'plan.schema.json': parts(comments.of('Plan')),
  'cluster.schema.json': parts(comments.of('Cluster')),
  'history.schema.json': eitherOf('HeaderLine', 'EventLine'),
  'contract.schema.json': parts(comments.of('ContractFile')),
  'adapter-protocol.schema.json': parts(comments.of('AdapterLine')),
  'verdict.schema.json': parts(comments.of('VerdictFile')),
  'run.schema.json': parts(comments.of('RunDocument')),
  'shrink.schema.json': parts(comments.of('ShrinkDocument')),
  'scenario.schema.json': parts(comments.of('ScenarioDocument')),
  'controls.schema.json': parts(comments.of('ControlsDocument')),
  'conform.schema.json': eitherOf('ConformDocument', 'LiveControlsDocument', 'DryRunDocument'),
  'adapter-report.schema.json': parts(comments.of('AdapterReport')),
  'known.schema.json': parts(comments.of('KnownFile')),
  'doctor.schema.json': parts(comments.of('DoctorDocument')),
  'provision.schema.json': parts(comments.of('ProvisionDocument')),
  'mutants.schema.json': parts(comments.of('MutantsDocument')),
}
const files = formatFiles((name, json) => described(json, SAID[name] ?? NOTHING))

describe('spec/formats', () => {
  it.each([...files, ['scenarios.md', scenarioPage()] as const])('%s is what the code reads and writes', (name, text) => {
    const file = new URL(name, FOLDER)
    if (process.env['UPDATE'] !== undefined) writeFileSync(file, text)
    expect(existsSync(file) ? readFileSync(file, 'utf8') : '', 'run the test with UPDATE=1 to write it').toBe(text)
  })
})
