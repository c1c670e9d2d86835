/** Hand-made histories for RTE-4, good and bad. */
import { describe, expect, it } from 'vitest'
import { seconds, type Us } from '../plan/units.ts'
import { judged, namesIn, sabotaged, story, HEADER, type Story } from './testing/histories.ts'

/** A send that begins, and whose attempts are refused by these brokers. */
const refusedBy = (...brokers: readonly string[]): Story => {
  const told = story().invoke(1, { anyQueue: true })
  brokers.forEach((broker, k) => told.tried(1, { attempt: k + 1, broker, after: k === 0 ? '' : 'CONNECTION_REFUSED' }))
  return told
}
const faultsOf = (told: Story): string[] => namesIn('RTE-4', told)

describe('RTE-4', () => {
  it('finds three attempts at brokers in turn, and one end', () => {
    const good = refusedBy('b1', 'b2', 'b1').refused(1, 'CONNECTION_REFUSED')
    expect(judged('RTE-4', good)).toMatchObject({ anomalies: [], evidence: { chances: 1 } })
    expect(sabotaged('RTE-4', good)?.anomalies.map(({ name }) => name)).toEqual(['two outcomes'])
  })

  it('is not exercised where nothing was tried, or where nobody says how the client sends', () => {
    expect(judged('RTE-4', story().sent(1, 0)).evidence).toBeNull()
    expect(judged('RTE-4', refusedBy('b1').ack(1, 0), undefined, { ...HEADER, sending: undefined })).toMatchObject({
      evidence: null,
      anomalies: [],
    })
  })

  it('counts attempts by mode', () => {
    expect(faultsOf(refusedBy('b1', 'b2', 'b1', 'b2').ack(1, 0))).toEqual(['too many attempts'])
    const chosen = (mode: 'sync' | 'async' | 'oneway'): Story =>
      story().invoke(1, { mode }).tried(1, { by: 'caller' }).tried(1, { by: 'caller', attempt: 2, after: 'CONNECTION_REFUSED' })
    expect(faultsOf(chosen('sync').ack(1, 0))).toEqual(['too many attempts'])
    expect(faultsOf(chosen('async').ack(1, 0))).toEqual([])
    expect(faultsOf(chosen('oneway').maybe(1, 'ONEWAY'))).toEqual(['too many attempts', 'retried needlessly'])
  })

  it('wants another broker for another attempt, where there is one', () => {
    expect(faultsOf(refusedBy('b1', 'b1').ack(1, 0))).toEqual(['same broker again'])
    const alone = story()
      .invoke(1)
      .tried(1, { brokers: ['b1'] })
    expect(faultsOf(alone.tried(1, { brokers: ['b1'], attempt: 2, after: 'CONNECTION_REFUSED' }).ack(1, 0))).toEqual([])
  })

  it('knows after which endings a send is tried again', () => {
    const after = (ending: string, mode: 'sync' | 'async' = 'sync'): Story =>
      story().invoke(1, { mode }).tried(1).tried(1, { broker: 'b2', attempt: 2, after: ending }).ack(1, 0)
    expect(faultsOf(after('SYSTEM_BUSY'))).toEqual([])
    expect(faultsOf(after('SYSTEM_BUSY', 'async'))).toEqual(['retried needlessly'])
    expect(faultsOf(after('FLUSH_DISK_TIMEOUT'))).toEqual(['retried needlessly'])
  })

  it('does not let a client give up while it has attempts and time', () => {
    expect(faultsOf(refusedBy('b1').refused(1, 'CONNECTION_REFUSED'))).toEqual(['gave up early'])
    expect(faultsOf(refusedBy('b1').refused(1, 'MESSAGE_ILLEGAL'))).toEqual([])
    expect(faultsOf(refusedBy('b1').wait(seconds(3)).maybe(1, 'TIMEOUT'))).toEqual([])
  })

  it('looks at the time, and says whether the client was held up', () => {
    const late = refusedBy('b1').wait(seconds(4)).ack(1, 0)
    expect(judged('RTE-4', late).anomalies).toMatchObject([{ name: 'late', facts: { slowed: false } }])
    const paused = story().fault('pause', 'p1').invoke(1).tried(1).wait(seconds(4)).ack(1, 0)
    expect(judged('RTE-4', paused).anomalies).toMatchObject([{ name: 'late', facts: { slowed: true } }])
  })

  it('finds sends that never end, unless their process did', () => {
    const silent = refusedBy('b1').wait(seconds(4)).end()
    expect(faultsOf(silent)).toEqual(['no outcome'])
    expect(faultsOf(refusedBy('b1').wait(seconds(1)).end())).toEqual([])
    expect(faultsOf(refusedBy('b1').fault('processKill', 'p1').wait(seconds(4)).end())).toEqual([])
    expect(faultsOf(refusedBy('b1').fault('processKill', 'p1', false).wait(seconds(4)).end())).toEqual(['no outcome'])
    expect(faultsOf(refusedBy('b1').phase('fresh').wait(seconds(4)).end())).toEqual([])
  })

  it('finds a broker that is busy for ever: long after the faults are over, and where it is no slave', () => {
    const busy = (after: Us): Story => {
      const told = story().phase('heal').wait(after).invoke(1, { anyQueue: true })
      for (const attempt of [1, 2, 3])
        told.tried(1, { attempt, broker: `b${attempt % 2}`, brokers: ['b0', 'b1'], after: attempt === 1 ? '' : 'SYSTEM_BUSY' })
      return told.refused(1, 'SYSTEM_BUSY')
    }
    expect(faultsOf(busy(seconds(30)))).toEqual(['busy without end'])
    expect(faultsOf(busy(seconds(10)))).toEqual([])
    const replicated = { ...HEADER, slaves: [{ name: 's1', of: 'b1' }] }
    expect(judged('RTE-4', busy(seconds(30)), undefined, replicated).anomalies).toEqual([])
  })

  it('finds a second end', () => {
    expect(faultsOf(refusedBy('b1').ack(1, 0).maybe(1))).toEqual(['two outcomes'])
  })
})
