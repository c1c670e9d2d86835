/** Hand-made histories of messages with keys, good and bad: ORD-4. */
import { describe, expect, it } from 'vitest'
import { HEADER, IN_ORDER, judged, namesIn, sabotaged, story, type Story } from './testing/histories.ts'

const names = (told: Story): string[] => namesIn('ORD-4', told, undefined, IN_ORDER)
const begun = (told: Story, op: number, { key = 'k1', p = 'p1', queue = '0', brokers = ['b1', 'b2'] } = {}): Story =>
  told.invoke(op, { key, p, select: 'key', anyQueue: true }).tried(op, { by: 'caller', queue, brokers }, p)
/** Sent, and acknowledged. */
const keyed = (told: Story, op: number, offset: number, where: Parameters<typeof begun>[2] = {}): Story =>
  begun(told, op, where).ack(op, offset, { queue: where.queue ?? '0', p: where.p ?? 'p1' })
const two = (): Story => keyed(keyed(story(), 1, 0), 2, 1)

describe('ORD-4', () => {
  it('finds the messages of a key processed as they were sent, also again', () => {
    const good = two().consumed(1, 0).consumed(2, 1).consumed(1, 0).consumed(2, 1)
    expect(judged('ORD-4', good, undefined, IN_ORDER)).toMatchObject({ anomalies: [], evidence: { chances: 1 } })
    expect(sabotaged('ORD-4', good, IN_ORDER)?.anomalies.map(({ name }) => name)).toEqual(['inverted'])
  })

  it('asks nothing of groups that listen concurrently', () => {
    expect(judged('ORD-4', two().consumed(2, 1).consumed(1, 0), undefined, HEADER).evidence).toBeNull()
  })

  it('finds a message that was processed after a later one of its key', () => {
    expect(judged('ORD-4', two().consumed(2, 1).consumed(1, 0), undefined, IN_ORDER).anomalies).toMatchObject([
      {
        summary: 'm1 was acknowledged before m2 was sent with the same key, k1, and processed after it, from T:0',
        facts: { moved: false },
      },
    ])
  })

  it('does not take a failure for success', () => {
    expect(names(two().deliver(1, 0).finish(1, 0, { result: 'fail' }).consumed(2, 1).consumed(1, 0))).toEqual(['inverted'])
  })

  it('says when the key has moved, and whether its list of queues had changed', () => {
    const facts = (brokers: string[]): unknown => {
      const moved = keyed(keyed(story(), 1, 0), 2, 0, { queue: '1', brokers })
      return judged('ORD-4', moved.consumed(2, 0, { queue: '1' }).consumed(1, 0), undefined, IN_ORDER).anomalies[0]?.facts
    }
    expect(facts(['b2'])).toMatchObject({ moved: true, listChanged: true })
    expect(facts(['b1', 'b2'])).toMatchObject({ moved: true, listChanged: false })
  })

  it('compares nothing but the acknowledged messages of one producer with one key', () => {
    expect(
      names(
        keyed(keyed(story(), 1, 0), 2, 1, { key: 'k2' })
          .consumed(2, 1)
          .consumed(1, 0),
      ),
    ).toEqual([])
    expect(
      names(
        keyed(keyed(story(), 1, 0), 2, 1, { p: 'p2' })
          .consumed(2, 1)
          .consumed(1, 0),
      ),
    ).toEqual([])
    expect(names(keyed(begun(story(), 1).maybe(1), 2, 0).consumed(2, 0).consumed(1, 1))).toEqual([])
    expect(names(story().sent(1, 0, { key: 'k1' }).sent(2, 1, { key: 'k1' }).consumed(2, 1).consumed(1, 0))).toEqual([])
  })

  it('gives no order to sends that overlap', () => {
    expect(names(begun(begun(story(), 1), 2).ack(2, 0).ack(1, 1).consumed(2, 0).consumed(1, 1))).toEqual([])
  })

  it('sees through others in between', () => {
    expect(names(keyed(two(), 3, 2).consumed(2, 1).consumed(3, 2).consumed(1, 0))).toEqual(['inverted'])
  })
})
