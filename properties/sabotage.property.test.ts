/** What a checker says it would notice, it notices: in generated runs, each guarantee's own sabotage is found, and is possible exactly where the run was a test. */
import { describe, expect, it } from 'vitest'
import { checkers } from '../src/check/catalogue.ts'
import { runChecks } from '../src/check/run-checkers.ts'
import { simulate, type Event, type GuaranteeId, type Header } from '../src/index.ts'
import { anyPlan, holds } from './keeps.ts'

describe('sabotage', () => {
  const drained = { drained: true, fresh: false, reason: '' }
  const found = (header: Header, events: readonly Event[], only?: readonly GuaranteeId[]) => runChecks(header, events, drained, only)
  const tested = new Map<string, number>()

  const presets = [
    ['default', 80],
    ['transactions', 80],
    ['faultless', 80],
    ['cluster', 150],
    ['batches', 20],
    ['broadcast', 30],
    ['polling', 20],
    ['receivers', 30],
    ['ordered-topic', 40],
    ['ordered-keys', 30],
    ['many-groups', 40],
    ['scale-out', 30],
    ['queue-resize', 20],
    ['backlog', 20],
    ['delays', 40],
    ['pop', 30],
    ['latency-tolerance', 20],
    ['retries', 30],
    ['orderly-retries', 20],
    ['tags', 30],
    ['ordered-scale-out', 20],
    ['retention', 80],
    ['selectors', 30],
    ['replicated', 20],
    ['sync-replicated', 20],
    ['slave-reads', 10],
    ['queries', 20],
    ['access', 30],
    ['controller', 40],
    ['dledger', 20],
    ['redirects', 15],
  ] as const

  it.each(presets)('of a run under %s is found, and exists exactly when the run was a test', (preset, runs) => {
    holds(anyPlan(preset), runs, (plan) => {
      const { header, events } = simulate(plan)
      const sound = found(header, events)
      for (const { id, sabotage } of checkers) {
        const before = sound.get(id)
        const spoilt = sabotage(events, header)
        expect({ id, sabotaged: spoilt !== null }).toEqual({ id, sabotaged: before?.evidence !== null })
        if (spoilt === null) continue
        expect(found(header, spoilt, [id]).get(id)?.anomalies.length, id).toBeGreaterThan(0)
        if (before?.anomalies.length === 0) tested.set(id, (tested.get(id) ?? 0) + 1)
      }
    })
  })

  it('was tried on sound runs for every guarantee', () => {
    expect(checkers.filter(({ id }) => (tested.get(id) ?? 0) < 5).map(({ id }) => id)).toEqual([])
  })
})
