/** Each row of RabbitMQ's contract excuses what its facts say, where they say it, and nothing else. */
import { describe, expect, it } from 'vitest'
import type { Anomaly, GuaranteeId } from '../check/checker.ts'
import { FAULT_KINDS, type FaultKind } from '../plan/faults.ts'
import { InputError } from '../plan/input-error.ts'
import { ANOMALIES } from './anomalies.ts'
import { RABBITMQ_ROWS, rabbitmqContract, type RabbitmqSetting } from './rabbitmq.ts'

const setting = (queueType: RabbitmqSetting['queueType'], version = '3.10.8', persistent = true): RabbitmqSetting => ({
  queueType,
  version,
  persistent,
})

const anomaly = (guarantee: GuaranteeId, name: string, facts: Anomaly['facts'] = {}): Anomaly => ({
  guarantee,
  name,
  summary: name,
  t: -1,
  facts: { broker: 'b1', ...facts },
  events: [],
})

/** The excuse, "not applicable", or null: a violation. */
function judge(config: RabbitmqSetting, kinds: readonly FaultKind[], what: Anomaly, on = 'b1'): string | null {
  const term = rabbitmqContract(config, new Set(kinds)).get(what.guarantee)
  if (term === undefined) throw new Error(`no term for ${what.guarantee}`)
  if (term === 'required') return null
  if ('notApplicable' in term) return 'not applicable'
  const faults = kinds.map((kind, k) => ({ kind, on, t: 1000 + k }))
  return term.excuses(what, { effective: new Set(kinds), faults, brokers: ['b1'] })?.reason ?? null
}

const lost = (cause: FaultKind): Anomaly => anomaly('DUR-1', 'lost', { lastCrash: cause, sentAtUs: 0 })
const missing = (cause: FaultKind): Anomaly => anomaly('ALO-1', 'not delivered', { lastCrash: cause, sentAtUs: 0 })

describe('a power loss', () => {
  it('may take what lies in page cache: classic v2, streams, and every classic queue since 3.13', () => {
    const losing = [
      setting('classic-v2'),
      setting('stream'),
      setting('stream', '4.3.6'),
      setting('classic-v1', '3.13.7'),
      setting('classic-v1', '4.0.5'),
      setting('classic-v2', '4.3.6'),
    ]
    for (const config of losing) {
      expect(judge(config, ['powerLoss'], lost('powerLoss'))).toMatch(/page cache/)
      expect(judge(config, ['powerLoss'], missing('powerLoss'))).toMatch(/RAB-/)
    }
  })

  it('may take nothing that was forced: quorum, and classic v1 before 3.13', () => {
    for (const config of [setting('quorum'), setting('quorum', '4.3.6'), setting('quorum', '3.10.8', false), setting('classic-v1')]) {
      expect(judge(config, ['powerLoss'], lost('powerLoss'))).toBeNull()
      expect(judge(config, ['powerLoss'], missing('powerLoss'))).toBeNull()
    }
  })

  it('excuses no loss that another fault caused, and none where it struck a client', () => {
    expect(judge(setting('classic-v2'), ['powerLoss', 'processKill'], lost('processKill'))).toBeNull()
    expect(judge(setting('classic-v2'), ['powerLoss'], lost('powerLoss'), 'p1')).toBeNull()
  })
})

describe('a kill', () => {
  it('takes transient messages of classic queues, and nothing else', () => {
    for (const kind of ['processKill', 'gracefulRestart'] as const) {
      for (const queueType of ['classic-v1', 'classic-v2'] as const) {
        expect(judge(setting(queueType, '3.10.8', false), [kind], lost(kind))).toMatch(/RAB-013/)
        expect(judge(setting(queueType), [kind], lost(kind))).toBeNull()
      }
      expect(judge(setting('quorum', '3.10.8', false), [kind], lost(kind))).toBeNull()
      expect(judge(setting('stream', '3.10.8', false), [kind], lost(kind))).toBeNull()
    }
  })

  it('happens to no message that was only cut off or delayed', () => {
    for (const kind of ['pause', 'cut', 'netDelay', 'diskStall'] as const)
      expect(judge(setting('classic-v2', '3.10.8', false), [kind], lost(kind))).toBeNull()
  })
})

describe('a single delivery', () => {
  it('is asked for only where nothing happened', () => {
    const again = anomaly('ALO-5', 'delivered twice')
    expect(judge(setting('quorum'), [], again)).toBeNull()
    expect(judge(setting('quorum'), ['pause'], again)).toBe('not applicable')
  })
})

describe('order', () => {
  it('of what was confirmed is kept by every queue under every fault but the loss of the disk', () => {
    const reordered = anomaly('ORD-1', 'reordered', { loss: 'powerLoss' })
    for (const queueType of ['classic-v1', 'classic-v2', 'quorum', 'stream'] as const)
      for (const kind of FAULT_KINDS) expect(judge(setting(queueType), [kind], reordered)).toBeNull()
  })

  it('by offsets is a matter of streams', () => {
    const reused = anomaly('ORD-2', 'offset reused', { loss: 'powerLoss' })
    expect(judge(setting('quorum'), ['powerLoss'], reused)).toBe('not applicable')
    expect(judge(setting('stream'), ['powerLoss'], reused)).toMatch(/RAB-010/)
    expect(judge(setting('stream'), ['processKill'], { ...reused, facts: { broker: 'b1', loss: 'none' } })).toBeNull()
  })
})

describe('the contract', () => {
  it('speaks of every guarantee, and has none that it does not know', () => {
    expect([...rabbitmqContract(setting('quorum'), new Set()).keys()]).toEqual([...ANOMALIES.keys()])
  })

  it('has rows with names of their own, which name known anomalies', () => {
    expect(new Set(RABBITMQ_ROWS.map((row) => row.id)).size).toBe(RABBITMQ_ROWS.length)
    for (const row of RABBITMQ_ROWS)
      for (const [id, names] of Object.entries(row.excuses))
        expect(ANOMALIES.get(id as GuaranteeId)).toEqual(expect.arrayContaining([...(names ?? [])]))
  })

  it('never excuses what is invented, changed or stuck', () => {
    const never = [
      anomaly('ALO-1', 'needs restart'),
      anomaly('ALO-4', 'invented'),
      anomaly('ALO-4', 'corrupted'),
      anomaly('DUR-4', 'status contradicts'),
    ]
    for (const what of never) expect(judge(setting('classic-v2', '3.10.8', false), FAULT_KINDS, what)).toBeNull()
  })

  it('refuses a configuration that it does not understand', () => {
    expect(() => rabbitmqContract({ version: '3.10.8', queueType: 'lazy', persistent: true }, new Set())).toThrow(InputError)
    expect(() => rabbitmqContract({ version: 'new', queueType: 'quorum', persistent: true }, new Set())).toThrow(/version/)
  })
})
