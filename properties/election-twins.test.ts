/** The twins of what was seen of elected masters on a real RocketMQ: spec/twins.json pairs them, twins.test.ts holds them to that. */
import { describe, expect, it } from 'vitest'
import type { RunResult } from '../src/harness/run-plan.ts'
import { ms, seconds, type Us } from '../src/plan/units.ts'
import { Ledger, playPlan, storyAt, verdictOf } from './stories.ts'

interface Played {
  readonly result: RunResult
  /** Acknowledged messages that nobody found in the end, by when that was said. */
  readonly lost: readonly { readonly op: number; readonly t: Us }[]
  readonly acked: Ledger['acked']
}

async function play(name: string): Promise<Played> {
  const result = await playPlan(storyAt(`scenarios/${name}.scenario`).scenario.plan)
  const ledger = new Ledger(result.events)
  const found = new Set(ledger.found.values())
  return { result, acked: ledger.acked, lost: ledger.acked.filter(({ op }) => !found.has(op)) }
}

/** When the fault of the story struck; when b1s was elected. */
const struckAt = ({ events }: RunResult): Us => events.find((event) => event.type === 'fault')?.t ?? -1
const electedAt = ({ events }: RunResult): Us =>
  events.find((event) => event.type === 'white' && event.f === 'elected' && event.v.master === 'b1s')?.t ?? -1

/** In the table's runs a master stood still for so long. */
const PAUSE = seconds(5)
const WHAT_ONE_HAS_ALONE = ms(110)

describe('an elected master', () => {
  it('RML-043: what is lost in a failover is what the master alone had, the last tenth of a second', async () => {
    const { result, lost } = await play('ha-2-failover-loses-the-last-tenth-of-a-second')
    const killed = struckAt(result)
    expect(electedAt(result) - killed).toBeLessThanOrEqual(ms(98))
    expect(lost.length).toBeGreaterThan(0)
    for (const { t } of lost) expect(Math.abs(killed - t)).toBeLessThanOrEqual(WHAT_ONE_HAS_ALONE)
    expect(verdictOf(result, 'HA-2')).toBe('allowed')
  })

  it('RML-044: one that wakes goes on, and loses what it takes besides what it alone had before', async () => {
    const { result, lost, acked } = await play('ha-2-a-master-that-wakes-goes-on')
    const [stopped, woke] = [struckAt(result), struckAt(result) + PAUSE]
    expect(electedAt(result) - stopped).toBeLessThanOrEqual(seconds(4))
    const before = lost.filter(({ t }) => t < woke)
    expect(before.length).toBeGreaterThan(0)
    for (const { t } of before) expect(stopped - t).toBeLessThanOrEqual(WHAT_ONE_HAS_ALONE)
    const after = acked.filter(({ t }) => t >= woke && t < woke + ms(60))
    expect(after.length).toBeGreaterThan(10)
    expect(after.filter(({ op }) => !lost.some((one) => one.op === op))).toEqual([])
    expect(verdictOf(result, 'HA-2')).toBe('allowed')
  })

  it('RML-045: all-ack keeps what was acknowledged before, and nothing of what is acknowledged after', async () => {
    const { result, lost } = await play('ha-2-all-ack-does-not-close-the-split')
    const woke = struckAt(result) + PAUSE
    expect(lost.length).toBeGreaterThan(10)
    expect(lost.filter(({ t }) => t < woke)).toEqual([])
    expect(verdictOf(result, 'HA-2')).toBe('allowed')
  })

  it('RML-053: all-ack loses nothing with a master that is killed', async () => {
    const { result, lost, acked } = await play('ha-2-all-ack-survives-a-failover')
    expect(electedAt(result) - struckAt(result)).toBeLessThanOrEqual(ms(108))
    expect(acked.length).toBeGreaterThan(500)
    expect(lost).toEqual([])
    expect(verdictOf(result, 'HA-2')).toBe('upheld')
  })

  it('RML-054: of two that must be in sync neither takes anything alone, and nothing is lost', async () => {
    const { result, lost, acked } = await play('ha-2-two-in-sync-or-none')
    const stopped = struckAt(result)
    expect(lost).toEqual([])
    expect(acked.filter(({ t }) => t > stopped + ms(10) && t < stopped + seconds(40))).toEqual([])
    expect(acked.some(({ t }) => t > stopped + seconds(40))).toBe(true)
    expect(verdictOf(result, 'HA-2')).toBe('upheld')
  })
})
