/** Hand-made histories for BRC-1, good and bad. */
import { describe, expect, it } from 'vitest'
import { HEADER, judged, namesIn, sabotaged, story, STUCK, type Story } from './testing/histories.ts'

const BROADCAST = { ...HEADER, groups: [{ name: 'g', topics: ['T'], consumers: ['c1', 'c2'], mode: 'broadcasting' as const }] }
const found = (told: Story): string[] => namesIn('BRC-1', told, undefined, BROADCAST)
/** Both instances read the queue from its start. */
const both = (): Story => story().assign(0, { from: 'none' }).assign(0, { from: 'none', p: 'c2' })

describe('BRC-1', () => {
  it('finds every message at every instance', () => {
    const good = both().sent(1, 0).consumed(1, 0).consumed(1, 0, { p: 'c2' })
    expect(judged('BRC-1', good, undefined, BROADCAST)).toMatchObject({ anomalies: [], evidence: { chances: 2 } })
    expect(sabotaged('BRC-1', good, BROADCAST)?.anomalies.map((anomaly) => anomaly.name)).toEqual(['missed'])
  })

  it('knows an instance that was left out, once the run has come to rest', () => {
    const partly = both().sent(1, 0).consumed(1, 0)
    expect(judged('BRC-1', partly, undefined, BROADCAST).anomalies[0]?.summary).toBe(
      'm1 (T:0@0) was acknowledged and never given to c2 of g',
    )
    expect(judged('BRC-1', partly, STUCK, BROADCAST)).toMatchObject({ anomalies: [], unknown: expect.any(String) as string })
  })

  it('asks nothing before an instance reads, and nothing of a group that shares', () => {
    expect(judged('BRC-1', story().sent(1, 0), undefined, BROADCAST).evidence).toBeNull()
    expect(found(story().sent(1, 0).sent(2, 1).assign(1, { from: 'none' }).consumed(2, 1))).toEqual([])
    expect(judged('BRC-1', both().sent(1, 0)).evidence).toBeNull()
  })

  it('remembers where an instance first began', () => {
    const again = both().sent(1, 0).consumed(1, 0, { p: 'c2' }).assign(1, { from: 'none' })
    expect(judged('BRC-1', again, undefined, BROADCAST).anomalies[0]?.facts).toMatchObject({ consumer: 'c1', forgot: true })
  })

  it('knows what failed and came again', () => {
    const failed = both().sent(1, 0).consumed(1, 0, { p: 'c2' }).deliver(1, 0).finish(1, 0, { result: 'fail' })
    expect(found(failed)).toEqual([])
    expect(found(failed.deliver(1, 0))).toEqual(['retried'])
  })

  it('lets a new process take up what the old one failed', () => {
    const failed = both().sent(1, 0).consumed(1, 0, { p: 'c2' }).deliver(1, 0).finish(1, 0, { result: 'fail' })
    expect(found(failed.assign(0).deliver(1, 0))).toEqual([])
  })
})
