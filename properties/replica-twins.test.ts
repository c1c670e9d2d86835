/** The twins of what was seen of masters and slaves on a real RocketMQ: spec/twins.json pairs them, twins.test.ts holds them to that. */
import { describe, expect, it } from 'vitest'
import type { RunResult } from '../src/harness/run-plan.ts'
import { ms, type Us } from '../src/plan/units.ts'
import { Ledger, playPlan, storyAt, verdictOf } from './stories.ts'

async function play(name: string): Promise<{ result: RunResult; ledger: Ledger }> {
  const result = await playPlan(storyAt(`scenarios/${name}.scenario`).scenario.plan)
  return { result, ledger: new Ledger(result.events) }
}

const faultTime = ({ events }: RunResult, kind: string): Us =>
  events.find((event) => event.type === 'fault' && event.kind === kind)?.t ?? -1

describe('a lost master', () => {
  it('RML-038: what is lost with a master is what its slave had not taken, the last tenth of a second', async () => {
    const { result, ledger } = await play('dur-6-async-loses-what-was-not-copied')
    const lost = ledger.acked.filter(({ op }) => !heldBySlaves(result).has(op))
    expect(lost.length).toBeGreaterThan(0)
    const cut = faultTime(result, 'diskLoss')
    for (const { t } of lost) expect(cut - t).toBeLessThanOrEqual(ms(110))
    const first = Math.min(...lost.map(({ t }) => t))
    expect(ledger.acked.filter(({ t }) => t < first).every(({ op }) => heldBySlaves(result).has(op))).toBe(true)
    expect(verdictOf(result, 'DUR-6')).toBe('upheld')
  })

  it('RML-039: as shipped a SYNC_MASTER answers while its slave stands still', async () => {
    const { result, ledger } = await play('dur-5-sync-master-waits-for-nobody')
    const lost = ledger.acked.filter(({ op }) => !heldBySlaves(result).has(op))
    const since = faultTime(result, 'pause')
    expect(lost.length).toBeGreaterThan(ledger.acked.filter(({ t }) => t > since).length * 0.9)
    expect(ledger.maybe).toEqual([])
    expect(verdictOf(result, 'DUR-5')).toBe('allowed')
  })

  it('RML-040: a slave that is ahead is believed, and never gets what was acknowledged', async () => {
    const { result, ledger } = await play('dur-5-a-slave-that-is-ahead-is-believed')
    const held = heldBySlaves(result)
    const later = ledger.acked.filter(({ t }) => t > faultTime(result, 'powerLoss'))
    expect(later.length).toBe(12)
    expect(later.filter(({ op }) => !held.has(op)).map(({ op }) => op)).toEqual(later.slice(0, 10).map(({ op }) => op))
    expect(verdictOf(result, 'DUR-6')).toBe('allowed')
  })

  it('RML-052: with two in sync nothing is lost with the master', async () => {
    const { result, ledger } = await play('dur-5-a-copy-survives-its-master')
    expect(ledger.acked.length).toBeGreaterThan(300)
    expect(ledger.acked.filter(({ op }) => !heldBySlaves(result).has(op))).toEqual([])
    expect(verdictOf(result, 'DUR-5')).toBe('upheld')
  })
})

const heldBySlaves = ({ events }: RunResult): Set<number> =>
  new Set(events.flatMap((event) => (event.type === 'ok' && event.f === 'replicaPull' ? [event.v.message] : [])))
