/** RBL-2 on histories told by hand. */
import { describe, expect, it } from 'vitest'
import { seconds } from '../plan/units.ts'
import type { Event } from '../history/event.ts'
import { runChecks } from './run-checkers.ts'
import { DRAINED, HEADER, STUCK, Story } from './testing/histories.ts'

const revoke = (story: Story, p: string): Story => {
  const last = story.events[story.events.length - 1]
  const event: Event = {
    i: story.events.length,
    t: last?.t ?? 0,
    p,
    type: 'ok',
    f: 'revoke',
    op: 9,
    v: { group: 'g', topic: 'T', queue: '0', offset: 0 },
  }
  story.events.push(event)
  return story
}
const names = (events: readonly Event[], drain = DRAINED): string[] =>
  (runChecks(HEADER, events, drain, ['RBL-2']).get('RBL-2')?.anomalies ?? []).map(({ name }) => name)
/** c1 has the queue, and c2 comes. */
const taken = (): Story => new Story().life('up', 'c1').assign(0, { p: 'c1' }).life('up', 'c2')
const later = (events: readonly Event[], from: number, us: number): Event[] =>
  events.map((event, index) => (index < from ? event : { ...event, t: event.t + us }))

describe('RBL-2', () => {
  it('is upheld where a queue is given up before or after another member takes it', () => {
    expect(names(revoke(taken(), 'c1').assign(0, { p: 'c2' }).phase('heal').phase('drained').events)).toEqual([])
    expect(
      names(
        revoke(taken().assign(0, { p: 'c2' }), 'c1')
          .phase('heal')
          .phase('drained').events,
      ),
    ).toEqual([])
  })

  it('is violated where two members end up with a queue, or none', () => {
    expect(names(taken().assign(0, { p: 'c2' }).phase('heal').phase('drained').events)).toEqual(['owned twice'])
    expect(names(revoke(taken(), 'c1').phase('heal').phase('drained').events)).toEqual(['unowned'])
    expect(names(taken().life('down', 'c1').phase('heal').phase('drained').events)).toEqual(['unowned'])
  })

  it('says nothing where queues are assigned by hand', () => {
    const header = { ...HEADER, groups: HEADER.groups.map((group) => ({ ...group, consumption: 'pull' as const, assign: [0] })) }
    const { events } = taken().assign(0, { p: 'c2' }).phase('heal').phase('drained')
    expect(runChecks(header, events, DRAINED, ['RBL-2']).get('RBL-2')?.anomalies).toEqual([])
  })

  it('allows 155 s after the last disturbance, and no more', () => {
    const { events } = revoke(taken(), 'c1').phase('heal').assign(0, { p: 'c2' }).phase('drained')
    expect(names(later(events, 5, seconds(154)))).toEqual([])
    expect(names(later(events, 5, seconds(156)))).toEqual(['late'])
    const stuck = revoke(taken(), 'c1').phase('heal').phase('stuck').events
    expect(names(stuck, STUCK)).toEqual([])
    expect(names(later(stuck, 5, seconds(156)), STUCK)).toEqual(['unowned'])
  })
})
