/** What a campaign on a real broker looks like to people. */
import { describe, expect, it } from 'vitest'
import { conformed } from '../live/conform/testing/document.ts'
import { coloursFor } from './colours.ts'
import { conformReport } from './conform-report.ts'
import type { ConformDocument } from '../live/conform/document.ts'

const report = (changed: Partial<ConformDocument>): string => conformReport(conformed([], changed), 120, coloursFor(false))

const manifest: NonNullable<ConformDocument['manifest']> = {
  target: 'mine',
  broker: 'mine',
  version: '1',
  client: 'c',
  brokers: ['b1'],
  mqproof: '0',
  node: '20',
  platform: 'linux',
  kernel: 'Linux 6',
  configuration: {},
  contract: 'claims',
  config: {},
  claims: [],
  faults: ['processKill'],
  unavailable: {},
  hooks: {},
}

describe('the faults of a campaign', () => {
  it('of the broker are apart from those of its clients', () => {
    const text = report({
      manifest,
      faults: { processKill: { injected: 3, effective: 2 } },
      clientFaults: { pause: { injected: 5, effective: 5 } },
    })
    expect(text).toMatch(/Done to the broker and its links\n.*\n +processKill +3 +2\n\nDone to clients\n.*\n +pause +5 +5/)
  })

  it('are missed where the broker had none', () => {
    const clientFaults = { processKill: { injected: 1, effective: 1 } }
    expect(report({ manifest: { ...manifest, faults: [] }, clientFaults })).toContain('No fault of the broker can be done here')
    expect(report({ manifest, clientFaults })).toContain('Nothing was done to the broker')
    expect(report({ runs: 0 })).not.toContain('to the broker')
  })
})
