/** Hand-made histories for PUL-1 and PUL-2, good and bad. */
import { describe, expect, it } from 'vitest'
import { seconds } from '../plan/units.ts'
import { HEADER, judged, namesIn, sabotaged, story, type Story } from './testing/histories.ts'

const names = (id: 'PUL-1' | 'PUL-2', told: Story): string[] => namesIn(id, told, undefined, HEADER)

describe('PUL-1', () => {
  const held = (us: number) => story().poll(9, 0).wait(us)

  it('finds polls answered when there is something, and when their time is up', () => {
    const good = held(seconds(3)).sent(1, 0).polled(9, 0, [0], 1).poll(10, 1).wait(seconds(15)).polled(10, 1, [], 1)
    expect(judged('PUL-1', good)).toMatchObject({ anomalies: [], evidence: { chances: 2 } })
    expect(sabotaged('PUL-1', good)?.anomalies.map((anomaly) => anomaly.name)).toEqual(['late'])
  })

  it('leaves the broker five seconds to look, and one more', () => {
    expect(names('PUL-1', story().poll(9, 0).sent(1, 0).wait(seconds(5)).polled(9, 0, [0], 1))).toEqual([])
    expect(names('PUL-1', story().poll(9, 0).sent(1, 0).wait(seconds(7)).polled(9, 0, [0], 1))).toEqual(['lost wake-up'])
  })

  it('counts what was there before the poll', () => {
    expect(names('PUL-1', story().sent(1, 0).poll(9, 0).wait(seconds(7)).polled(9, 0, [0], 1))).toEqual(['lost wake-up'])
    expect(names('PUL-1', story().sent(1, 0).poll(9, 1).wait(seconds(7)).polled(9, 1, [], 1))).toEqual([])
  })

  it('does not ask a broker to wake anybody for what it has lost', () => {
    expect(names('PUL-1', story().sent(1, 0).fault('powerLoss').poll(9, 0).wait(seconds(7)).polled(9, 0, [], 0))).toEqual([])
    expect(names('PUL-1', story().poll(9, 0).invoke(1).fault('powerLoss').ack(1, 0).wait(seconds(7)).polled(9, 0, [], 0))).toEqual([])
  })

  it('says how old the message was when its poll should have been answered, at the latest', () => {
    const late = story().sent(1, 0).wait(seconds(3)).poll(9, 0).wait(seconds(8)).polled(9, 0, [0], 1)
    // Each event of a hand-made history takes a millisecond.
    expect(judged('PUL-1', late).anomalies[0]?.facts).toMatchObject({ broker: 'b1', ageUs: seconds(5) + 2_000 })
  })

  it('knows a poll that was held for too long, or given up', () => {
    expect(names('PUL-1', held(seconds(17)).polled(9, 0, [], 0))).toEqual(['late'])
    expect(names('PUL-1', held(seconds(30)).pollLost(9, 0, 'TIMEOUT'))).toEqual(['unanswered'])
    expect(names('PUL-1', held(seconds(30)).pollLost(9, 0, 'CONNECTION_LOST'))).toEqual([])
  })
})

describe('PUL-2', () => {
  it('follows a consumer from answer to answer', () => {
    const good = story().sent(1, 0).sent(2, 1).poll(9, 0).polled(9, 0, [0, 1], 2).poll(10, 2).polled(10, 2, [], 2)
    expect(judged('PUL-2', good)).toMatchObject({ anomalies: [], evidence: { chances: 2 } })
    expect(sabotaged('PUL-2', good)?.anomalies.map((anomaly) => anomaly.name)).toContain('backwards')
  })

  it('knows an acknowledged message that is passed over', () => {
    expect(names('PUL-2', story().sent(1, 0).sent(2, 1).poll(9, 0).polled(9, 0, [0], 2))).toEqual(['passed over'])
    // Nobody was promised what was not acknowledged.
    expect(names('PUL-2', story().sent(1, 0).invoke(2).poll(9, 0).polled(9, 0, [0], 2))).toEqual([])
  })

  it('knows answers that make no sense', () => {
    expect(names('PUL-2', story().poll(9, 3).polled(9, 3, [4, 3], 5))).toEqual(['out of order'])
    expect(names('PUL-2', story().poll(9, 3).polled(9, 3, [2], 4))).toEqual(['out of order'])
    expect(names('PUL-2', story().poll(9, 3).polled(9, 3, [], 2))).toEqual(['backwards'])
    expect(names('PUL-2', story().poll(9, 3).polled(9, 3, [3], 9))).toEqual(['astray'])
    expect(names('PUL-2', story().poll(9, 30).polled(9, 30, [], 8, 'OFFSET_ILLEGAL'))).toEqual(['astray'])
    expect(names('PUL-2', story().poll(9, 30).polled(9, 30, [], 5, 'OFFSET_ILLEGAL'))).toEqual([])
  })

  it('knows a consumer that goes its own way, unless it takes the queue up anew', () => {
    const told = () => story().poll(9, 0).polled(9, 0, [0], 1)
    expect(names('PUL-2', told().poll(10, 3))).toEqual(['not followed'])
    expect(names('PUL-2', told().assign(3).poll(10, 3))).toEqual([])
    expect(names('PUL-2', told().poll(10, 3, { p: 'c2' }))).toEqual([])
  })
})
