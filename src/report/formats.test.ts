/** The schemas on disk are those of the code; UPDATE=1 rewrites them. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { formatFiles } from './formats.ts'
import { scenarioPage } from './scenario-page.ts'

const FOLDER = new URL('../../spec/formats/', import.meta.url)

describe('spec/formats', () => {
  it.each([...formatFiles(), ['scenarios.md', scenarioPage()] as const])('%s is what the code reads and writes', (name, text) => {
    const file = new URL(name, FOLDER)
    if (process.env['UPDATE'] !== undefined) writeFileSync(file, text)
    expect(existsSync(file) ? readFileSync(file, 'utf8') : '', 'run the test with UPDATE=1 to write it').toBe(text)
  })
})
