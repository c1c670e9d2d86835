/** ORD-5 on histories told by hand: one queue becomes two, and a key goes from the first to the second. */
import { describe, expect, it } from 'vitest'
import type { Resize } from '../history/event.ts'
import { seconds, type Us } from '../plan/units.ts'
import { growthOf, type Growth } from './growth.ts'
import type { First, QueueList } from './keyed-order.ts'
import type { Change } from './operator.ts'
import { HEADER, IN_ORDER, judged, namesIn, sabotaged, story, type Story } from './testing/histories.ts'

const RESIZED = { ...IN_ORDER, resized: ['T'] }
const OLD: QueueList = { brokers: ['b1'], queues: 1 }
const NEW: QueueList = { brokers: ['b1'], queues: 2 }

/** A message of key k is sent by a list, and acknowledged. */
function sent(told: Story, op: number, queue: string, list: QueueList, p = 'p1'): Story {
  told.invoke(op, { anyQueue: true, key: 'k', select: 'key', p })
  return told.tried(op, { by: 'caller', queue, ...list }, p).ack(op, 0, { queue, p })
}
const grown = (before = OLD, after = NEW): Story => sent(sent(story(), 1, '0', before), 2, '1', after)
const done = (told: Story, ...messages: readonly number[]): Story => {
  for (const message of messages) told.consumed(message, 0, { queue: message === 1 ? '0' : '1' })
  return told
}
const found = (told: Story): string[] => namesIn('ORD-5', told, undefined, RESIZED)

describe('ORD-5', () => {
  it('finds the message that was sent by the old list processed first', () => {
    const good = done(grown(), 1, 2)
    expect(judged('ORD-5', good, undefined, RESIZED)).toMatchObject({ anomalies: [], evidence: { chances: 1 } })
    expect(sabotaged('ORD-5', good, RESIZED)?.anomalies.map(({ name }) => name)).toEqual(['inverted'])
  })

  it('finds it overtaken', () => {
    expect(found(done(grown(), 2, 1))).toEqual(['inverted'])
    expect(found(done(grown(), 2, 1, 2))).toEqual(['inverted'])
  })

  it('does not speak of one list, of a shorter one, or of one with other brokers', () => {
    expect(found(done(grown(NEW, NEW), 2, 1))).toEqual([])
    expect(found(done(grown(NEW, OLD), 2, 1))).toEqual([])
    expect(found(done(grown(OLD, { brokers: ['b1', 'b2'], queues: 2 }), 2, 1))).toEqual([])
  })

  it('does not compare what nobody acknowledged, or two producers sent', () => {
    expect(found(done(sent(sent(story(), 1, '0', OLD), 2, '1', NEW, 'p2'), 2, 1))).toEqual([])
    const lost = story()
      .invoke(1, { anyQueue: true, key: 'k', select: 'key' })
      .tried(1, { by: 'caller', ...OLD })
      .maybe(1)
    expect(found(done(sent(lost, 2, '1', NEW), 2, 1))).toEqual([])
  })

  it('is not exercised by a key that stays in its queue', () => {
    const stays = sent(sent(story(), 1, '0', OLD), 2, '0', NEW)
    expect(judged('ORD-5', done(stays, 1), undefined, RESIZED).evidence).toBeNull()
  })

  it('is not exercised where no topic was resized, or nobody listens in order', () => {
    const good = done(grown(), 1, 2)
    expect(judged('ORD-5', good, undefined, IN_ORDER).evidence).toBeNull()
    expect(judged('ORD-5', good, undefined, { ...HEADER, resized: ['T'] }).evidence).toBeNull()
  })
})

describe('a growth', () => {
  const change = (readQueues: number, writeQueues: number, begunAt: Us, more: Partial<Resize['v']> = {}, certain = true): Change => ({
    op: begunAt,
    v: { topic: 'T', brokers: ['b1'], readQueues, writeQueues, drained: false, ...more },
    begunAt,
    endedAt: begunAt + 1,
    certain,
  })
  const at = (queue: string, list: QueueList, t: Us): First => {
    const { events } = sent(story(), 1, queue, list)
    const [send, , ack] = events
    if (send?.type !== 'invoke' || send.f !== 'send' || ack?.type !== 'ok' || ack.f !== 'send') throw new Error('no send')
    const event = {
      i: 3,
      t,
      p: 'c1',
      type: 'ok',
      f: 'consume',
      op: 9,
      v: { group: 'g', topic: 'T', queue, offset: 0, message: 1 },
    } as const
    return { keyed: { send, began: 0, line: '', list, ack, ackedAt: 2 }, ack: { ...ack, t }, event, at: 3 }
  }
  const growth = (changes: readonly Change[], before = at('0', OLD, seconds(20)), after = at('1', NEW, seconds(50))): Growth =>
    growthOf(changes, { before, after })
  const barrier = { barrier: true }

  it('is right with a multiple, a wait and a barrier', () => {
    expect(growth([change(1, 2, seconds(1)), change(2, 2, seconds(70), barrier)])).toBe('right')
    expect(growth([], at('0', OLD, 1), at('0', NEW, 2))).toBe('right')
  })

  it('is named by the step that is missing', () => {
    expect(growth([change(2, 2, seconds(1))])).toBe('read at once')
    expect(growth([change(1, 2, seconds(1)), change(2, 2, seconds(70))])).toBe('no barrier')
    expect(growth([change(1, 2, seconds(1)), change(2, 2, seconds(60), barrier)])).toBe('no wait')
    expect(growth([change(1, 2, seconds(1), {}, false), change(2, 2, seconds(70), barrier)])).toBe('in doubt')
    expect(growth([change(1, 2, seconds(1)), change(2, 2, seconds(70), barrier)], at('0', OLD, seconds(71)))).toBe('not heard')
  })

  it('is the last one before the later message, where a topic grew, shrank and grew again', () => {
    const first = [change(1, 2, seconds(1)), change(2, 2, seconds(70), barrier)]
    const shrunk = [change(2, 1, seconds(200)), change(1, 1, seconds(272))]
    const [before, after] = [at('0', OLD, seconds(420)), at('1', NEW, seconds(423))]
    expect(growth([...first, ...shrunk, change(2, 2, seconds(402))], before, after)).toBe('read at once')
    const again = [change(1, 2, seconds(402)), change(2, 2, seconds(480), barrier)]
    expect(growth([...first, ...shrunk, ...again], before, after)).toBe('right')
  })

  it('needs a multiple of what a single broker had', () => {
    const two: QueueList = { brokers: ['b1'], queues: 2 }
    expect(growth([], at('1', two, 1), at('0', { ...two, queues: 3 }, 2))).toBe('no multiple')
    expect(growth([], at('1', two, 1), at('0', { ...two, queues: 4 }, 2))).toBe('right')
    const both: QueueList = { brokers: ['b1', 'b2'], queues: 2 }
    expect(growth([], at('b1:0', both, 1), at('b2:0', { ...both, queues: 4 }, 2))).toBe('no multiple')
  })
})
