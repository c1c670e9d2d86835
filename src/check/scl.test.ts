/** SCL-1 on histories told by hand: two queues, of which one is closed. */
import { describe, expect, it } from 'vitest'
import type { NoAudit, Resize } from '../history/event.ts'
import { seconds, type Us } from '../plan/units.ts'
import { HEARD_WITHIN } from './operator.ts'
import { runChecks } from './run-checkers.ts'
import { DRAINED, HEADER, STUCK, Story } from './testing/histories.ts'

const RESIZED = { ...HEADER, resized: ['T'] }

/** A story that an operator takes part in. */
class Operated extends Story {
  private op = 500

  private put(event: { type: Resize['type']; f: 'resize'; v: Resize['v'] } | Pick<NoAudit, 'type' | 'f' | 'v'>): this {
    const last = this.events[this.events.length - 1]
    this.wait(1)
    this.events.push({ i: this.events.length, t: (last?.t ?? 0) + 1, p: 'p1', op: this.op, ...event })
    return this
  }

  resize(readQueues: number, writeQueues: number, end: 'ok' | 'info' | 'fail' = 'ok', drained = false): this {
    const v = { topic: 'T', brokers: ['b1'], readQueues, writeQueues, drained }
    this.op++
    return this.put({ type: 'invoke', f: 'resize', v }).put({ type: end, f: 'resize', v })
  }

  closed(queue: string): this {
    return this.put({ type: 'fail', f: 'audit', v: { topic: 'T', queue } })
  }
}

const later = (story: Operated, us: Us): Operated => {
  story.wait(us)
  const last = story.events[story.events.length - 1]
  if (last !== undefined) story.events.push({ ...last, i: story.events.length, t: last.t + us, type: 'phase', phase: 'heal', note: '' })
  return story
}

function found(story: Story, drain = DRAINED): string[] {
  const { anomalies = [] } = runChecks(RESIZED, story.events, drain, ['SCL-1']).get('SCL-1') ?? {}
  return anomalies.map(({ name, facts }) => `${name}: ${String(facts['order'])}`)
}

const left = (): Operated => new Operated().sent(1, 0, { queue: '1', anyQueue: true } as object)
const shrunk = (waitUs: Us, drained = true): Operated => later(left().resize(2, 1), waitUs).resize(1, 1, 'ok', drained).closed('1')

describe('SCL-1', () => {
  it('is upheld where every message was finished, in a queue that is closed by now too', () => {
    expect(found(left().consumed(1, 0, { queue: '1' }).resize(1, 1).closed('1'))).toEqual([])
  })

  it('is violated by a message in a queue that was closed in order', () => {
    expect(found(shrunk(HEARD_WITHIN))).toEqual(['unreachable: right'])
    expect(found(shrunk(HEARD_WITHIN), STUCK)).toEqual(['unreachable: right'])
  })

  it('says what was out of order', () => {
    expect(found(left().resize(1, 1).closed('1'))).toEqual(['unreachable: not lowered'])
    expect(found(shrunk(seconds(10)))).toEqual(['unreachable: no wait'])
    expect(found(shrunk(HEARD_WITHIN, false))).toEqual(['unreachable: not drained'])
    expect(found(left().resize(1, 2).closed('1'))).toEqual(['unreachable: not read yet'])
    expect(
      found(
        later(left().resize(2, 1, 'info'), HEARD_WITHIN)
          .resize(1, 1, 'ok', true)
          .closed('1'),
      ),
    ).toEqual(['unreachable: in doubt'])
  })

  it('asks for nothing on which its group was given up', () => {
    expect(found(left().deliver(1, 0).finish(1, 0, { result: 'fail' }).resize(2, 2))).toEqual(['unread: right'])
    expect(found(left().deliver(1, 0).finish(1, 0, { result: 'fail' }).resize(2, 2).pull(1, 0, { topic: '%DLQ%g' }))).toEqual([])
  })

  it('does not count what an operator left at that', () => {
    expect(found(left().resize(2, 2).resize(1, 1, 'fail', true))).toEqual(['unread: right'])
    expect(found(left().resize(2, 2).resize(1, 1, 'fail', true), STUCK)).toEqual([])
  })

  it('is not exercised where no topic was changed', () => {
    expect(runChecks(HEADER, left().events, DRAINED, ['SCL-1']).get('SCL-1')?.notExercised).toContain('no topic')
  })
})
