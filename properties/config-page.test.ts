/** The reference of the configuration says what the code reads; UPDATE=1 rewrites it. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { configPage, configSchema } from './config-page.ts'
import { read, ROOT } from './repository.ts'

describe('the configuration', () => {
  it.each([
    ['spec/formats/rocketmq-config.md', configPage()],
    ['spec/formats/rocketmq-config.schema.json', configSchema()],
  ])('%s is what the code reads', (path, text) => {
    if (process.env['UPDATE'] === '1') writeFileSync(join(ROOT, path), text)
    expect(read(path)).toBe(text)
  })

  it('has no option and no parameter without a word on it', () => {
    expect(configPage().match(/^\| .* \|  \|$|^\| -.*\n\| .* \| ″ \|$/gm)).toBeNull()
  })
})
