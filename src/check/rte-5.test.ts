/** Hand-made histories for RTE-5, good and bad. */
import { describe, expect, it } from 'vitest'
import type { Attempt, Header } from '../history/event.ts'
import { ms, seconds, type Us } from '../plan/units.ts'
import { HEADER, judged, namesIn, sabotaged, story, type Story } from './testing/histories.ts'

const SENDING = HEADER.sending ?? { timeoutUs: 0, attempts: { sync: 3, async: 3 }, retried: { sync: [], async: [] } }
const TOLERANT: Header = {
  ...HEADER,
  brokers: ['b1', 'b2'],
  sending: {
    ...SENDING,
    isolation: {
      table: [
        { latencyUs: ms(550), notAvailableUs: seconds(2) },
        { latencyUs: seconds(5), notAvailableUs: seconds(10) },
      ],
      failureLatencyUs: seconds(10),
    },
  },
}

/** Sends one after the other, each to one of these queues, by one thread, and acknowledged after `tookUs`. */
function sent(told: Story, from: number, queues: readonly string[], v: Partial<Attempt['v']> = {}, tookUs: Us = 0): Story {
  queues.forEach((queue, k) => {
    const broker = queue.split(':')[0] ?? ''
    told.invoke(from + k, { anyQueue: true }).tried(from + k, { queue, broker, ...v })
    told.wait(tookUs).ack(from + k, 0, { queue, broker })
  })
  return told
}
const turns = (...queues: readonly string[]): Story => sent(story(), 1, queues)

describe('RTE-5, in turn', () => {
  it('finds queues that are used alike', () => {
    const good = turns('b2:0', 'b1:0', 'b2:0', 'b1:0')
    expect(judged('RTE-5', good)).toMatchObject({ anomalies: [], evidence: { chances: 3 } })
    expect(sabotaged('RTE-5', good)?.anomalies.map(({ name }) => name)).toContain('uneven')
  })

  it('finds a queue that is used again before the others had their turn', () => {
    expect(namesIn('RTE-5', turns('b1:0', 'b1:0'))).toEqual(['uneven'])
    expect(namesIn('RTE-5', turns('b1:0', 'b2:0', 'b2:0', 'b1:0', 'b1:0'))).toEqual([])
    expect(namesIn('RTE-5', turns('b1:0', 'b2:0', 'b2:0', 'b2:0'))).toEqual(['uneven'])
  })

  it('knows threads, topics and lists apart', () => {
    const twice = (v: Partial<Attempt['v']>): string[] => namesIn('RTE-5', sent(turns('b1:0'), 2, ['b1:0'], v))
    expect(twice({ thread: 1 })).toEqual([])
    expect(twice({ topic: 'U' })).toEqual([])
    expect(twice({ queues: 3 })).toEqual([])
    expect(twice({ brokers: ['b1', 'b3'] })).toEqual([])
    expect(twice({ by: 'caller' })).toEqual([])
    expect(namesIn('RTE-5', sent(turns('b1:0').routed(['b1', 'b2']), 2, ['b1:0']))).toEqual([])
  })

  it('begins anew after a retry, and with a new process', () => {
    const retried = turns('b1:0').invoke(2, { anyQueue: true }).tried(2, { queue: 'b2:0', broker: 'b2' })
    retried.tried(2, { attempt: 2, queue: 'b1:0', after: 'TIMEOUT' }).ack(2, 1)
    expect(namesIn('RTE-5', sent(retried, 3, ['b1:0']))).toEqual([])
    expect(namesIn('RTE-5', sent(turns('b1:0').fault('processKill', 'p1'), 2, ['b1:0']))).toEqual([])
    expect(namesIn('RTE-5', sent(turns('b1:0').fault('processKill', 'b1'), 2, ['b1:0']))).toEqual(['uneven'])
    expect(namesIn('RTE-5', sent(turns('b1:0').phase('fresh'), 2, ['b1:0']))).toEqual([])
  })

  it('is not exercised by one queue, or by callers who choose', () => {
    expect(judged('RTE-5', sent(story(), 1, ['b1:0', 'b1:0'], { queues: 1, brokers: ['b1'] })).evidence).toBeNull()
    expect(judged('RTE-5', sent(story(), 1, ['b1:0', 'b2:0'], { by: 'caller' })).evidence).toBeNull()
  })
})

describe('RTE-5, isolation', () => {
  /** b1 answers after so long; or refuses, and b2 takes the message. */
  const slow = (tookUs: Us): Story => sent(story(), 1, ['b1:0'], {}, tookUs)
  const refusing = (): Story => {
    const told = story().invoke(1, { anyQueue: true }).tried(1, { queue: 'b1:0' })
    return told
      .tried(1, { attempt: 2, queue: 'b2:0', broker: 'b2', after: 'CONNECTION_REFUSED' })
      .ack(1, 0, { queue: 'b2:0', broker: 'b2' })
  }
  const next = (told: Story, queue: string, v: Partial<Attempt['v']> = {}): string[] => found(sent(told, 2, [queue], v))
  const found = (told: Story): string[] => judged('RTE-5', told, undefined, TOLERANT).anomalies.map(({ name }) => name)

  it('leaves a slow broker alone, for the time of its row', () => {
    expect(next(slow(ms(500)), 'b1:0')).toEqual(['uneven'])
    expect(next(slow(ms(600)), 'b1:0')).toEqual(['isolated broker chosen'])
    expect(next(slow(ms(600)), 'b2:0')).toEqual([])
    expect(next(slow(ms(600)).wait(seconds(2)), 'b1:0')).toEqual(['uneven'])
    expect(next(slow(seconds(6)).wait(seconds(8)), 'b1:0')).toEqual(['isolated broker chosen'])
  })

  it('counts a failure as ten seconds', () => {
    expect(next(refusing(), 'b1:0')).toEqual(['isolated broker chosen'])
    expect(next(refusing().wait(seconds(9)), 'b1:0')).toEqual(['isolated broker chosen'])
    expect(next(refusing().wait(seconds(10)), 'b1:0')).toEqual([])
  })

  it('demands nothing where nobody else is available, or the tolerance is off', () => {
    expect(next(refusing(), 'b1:0', { brokers: ['b1'], queues: 1 })).toEqual([])
    expect(found(sent(sent(refusing(), 2, ['b2:0'], {}, seconds(1)), 3, ['b1:0']))).toEqual([])
    expect(namesIn('RTE-5', sent(refusing(), 2, ['b1:0']))).toEqual([])
  })

  it('forgets with the process, and does not shorten what runs', () => {
    expect(next(refusing().fault('processKill', 'p1'), 'b1:0')).toEqual([])
    const again = sent(refusing(), 2, ['b1:0'], { by: 'caller' }, ms(600))
    expect(found(sent(again.wait(seconds(5)), 3, ['b1:0']))).toEqual(['isolated broker chosen'])
  })

  it('can be spoilt where a broker was left alone', () => {
    const good = sent(refusing(), 2, ['b2:0'])
    expect(judged('RTE-5', good, undefined, TOLERANT)).toMatchObject({ anomalies: [], evidence: { chances: 1 } })
    expect(sabotaged('RTE-5', good, TOLERANT)?.anomalies.map(({ name }) => name)).toEqual(['isolated broker chosen'])
  })

  it('says whether the clock was set', () => {
    const jumped = sent(refusing().fault('clockJump', 'p1'), 2, ['b1:0'])
    expect(judged('RTE-5', jumped, undefined, TOLERANT).anomalies).toMatchObject([{ facts: { clockMoved: true } }])
  })
})
