/** Hand-made histories of questions, good and bad. */
import { describe, expect, it } from 'vitest'
import type { Header } from '../history/event.ts'
import type { Found } from '../history/queries.ts'
import { seconds } from '../plan/units.ts'
import { DRAINED, HEADER, judged, namesIn, sabotaged, SIZE, story, type Story } from './testing/histories.ts'

const LOOKED: Header = { ...HEADER, queries: true }
const names = (told: Story): string[] => namesIn('QRY-1', told, DRAINED, LOOKED)

/** Message n has the key, and lies at offset n - 1. */
const stored = (told: Story, op: number, key = 'Aa'): Story =>
  told
    .invoke(op, { key })
    .append(op, op - 1)
    .ack(op, op - 1, { nth: op - 1 })
    .dispatch(op - 1)
const found = (message: number, more: Partial<Found> = {}): Found => ({
  message,
  topic: 'T',
  queue: '0',
  offset: message - 1,
  broker: 'b1',
  at: (message - 1) * SIZE,
  storedUs: 0,
  ...more,
})
const two = (): Story => stored(stored(story(), 1), 2)

describe('QRY-1', () => {
  it('shows whether what it misses lies where the log had been before', () => {
    const third = (told: Story): Story => told.invoke(3, { key: 'Aa' }).append(3, 0).ack(3, 0).dispatch(0)
    const again = (told: Story): unknown =>
      judged('QRY-1', third(told).query(9).found(9, []), DRAINED, LOOKED).anomalies.at(-1)?.facts['again']
    expect(again(two().recovered(0))).toBe(true)
    expect(again(story())).toBe(false)
  })

  it('wants everything with the key, once, and nothing else', () => {
    const good = two()
      .query(9)
      .found(9, [found(1), found(2)])
    expect(judged('QRY-1', good, DRAINED, LOOKED)).toMatchObject({ anomalies: [], evidence: { chances: 2 } })
    expect(sabotaged('QRY-1', good, LOOKED)?.anomalies.map(({ name }) => name)).toEqual(['missed'])
    expect(
      names(
        two()
          .query(9)
          .found(9, [found(1)]),
      ),
    ).toEqual(['missed'])
    expect(
      names(
        two()
          .query(9)
          .found(9, [found(1), found(2), found(2)]),
      ),
    ).toEqual(['twice'])
    expect(
      names(
        stored(two(), 3, 'BB')
          .query(9)
          .found(9, [found(1), found(2), found(3)]),
      ),
    ).toEqual(['foreign'])
    expect(
      names(
        stored(two(), 3, 'BB')
          .query(9)
          .found(9, [found(1), found(2)], { found: 3 }),
      ),
    ).toEqual([])
  })

  it('goes by what is indexed when the question is asked, and still there when it is answered', () => {
    const early = (): Story => story().invoke(1, { key: 'Aa' }).append(1, 0).ack(1, 0, { nth: 0 })
    expect(names(early().query(9).dispatch(0).found(9, []))).toEqual(['asked too soon'])
    const other = { sinceUs: seconds(50) }
    expect(names(early().query(9, other).dispatch(0).found(9, []))).toEqual([])
    expect(
      names(
        early()
          .query(9)
          .dispatch(0)
          .found(9, [found(1)]),
      ),
    ).toEqual([])
    expect(
      names(
        two()
          .query(9)
          .recovered(SIZE)
          .found(9, [found(1)]),
      ),
    ).toEqual([])
    expect(
      names(
        two()
          .recovered(2 * SIZE)
          .keys(SIZE, 2 * SIZE)
          .query(9)
          .found(9, [found(2)]),
      ),
    ).toEqual(['not indexed again'])
  })

  it('misses nothing where as many were found as may be', () => {
    expect(
      names(
        two()
          .query(9, { max: 1 })
          .found(9, [found(2)], { found: 1 }),
      ),
    ).toEqual([])
    expect(names(stored(two(), 3, 'BB').query(9, { max: 1 }).found(9, [], { found: 1 }))).toEqual(['crowded out', 'crowded out'])
  })

  it('knows who has not answered', () => {
    const unheard = (told: Story): Story => told.query(9).found(9, [], { answers: [] })
    expect(names(unheard(two()))).toEqual(['nothing heard', 'nothing heard'])
    const struck = (on: string): unknown =>
      judged('QRY-1', unheard(two().fault('netLoss', on)), DRAINED, LOOKED).anomalies[0]?.facts['struck']
    const reaching = ['b1', 'p1', 'n1>b1', 'p1>b1', 'p1|b1', 'b1|*', 'n1>*']
    expect(reaching.filter((on) => struck(on) !== true)).toEqual([])
    expect(['c1>n1', 'c1|n1', 'b2'].filter((on) => struck(on) !== false)).toEqual([])
  })

  it('goes by times that are good to a second', () => {
    const late = (): Story => stored(story().wait(seconds(10)), 1)
    expect(
      names(
        late()
          .query(9, { sinceUs: seconds(5) })
          .found(9, []),
      ),
    ).toEqual(['missed'])
    expect(
      names(
        late()
          .query(9, { sinceUs: seconds(10) })
          .found(9, []),
      ),
    ).toEqual(['rounded away'])
    expect(
      names(
        late()
          .query(9, { sinceUs: seconds(20) })
          .found(9, []),
      ),
    ).toEqual([])
    expect(
      names(
        late()
          .query(9, { sinceUs: seconds(20) })
          .found(9, [found(1, { storedUs: seconds(10) })]),
      ),
    ).toEqual(['out of range'])
    expect(
      names(
        late()
          .query(9, { untilUs: seconds(9) })
          .found(9, [found(1, { storedUs: seconds(9) + 900_000 })]),
      ),
    ).toEqual([])
    expect(
      names(
        late()
          .query(9, { untilUs: seconds(9) })
          .found(9, [found(1, { storedUs: seconds(10) })]),
      ),
    ).toEqual(['out of range'])
  })

  it('wants a message by its id, and by its place', () => {
    expect(
      names(
        two()
          .query(9, { by: 'msgId', key: 'p1-0-1', of: 1 })
          .found(9, [found(1)]),
      ),
    ).toEqual([])
    expect(
      names(
        two()
          .query(9, { by: 'msgId', key: 'p1-0-1', of: 1 })
          .found(9, [found(2)]),
      ),
    ).toEqual(['missed', 'foreign'])
    expect(
      names(
        two()
          .query(9, { by: 'offsetMsgId', key: 'b1@0', of: 1 })
          .found(9, [found(1)]),
      ),
    ).toEqual([])
    expect(names(two().query(9, { by: 'offsetMsgId', key: 'b1@0', of: 1 }).found(9, []))).toEqual(['missed'])
    const reused = two().recovered(0).invoke(3).append(3, 0).query(9, { by: 'offsetMsgId', key: 'b1@0', of: 1 })
    expect(names(reused.found(9, [found(3, { offset: 0, at: 0 })]))).toEqual(['another message'])
  })

  it('has nothing to say where nobody asks', () => {
    expect(judged('QRY-1', two(), DRAINED, HEADER).notExercised).toMatch(/looks for/)
  })
})
