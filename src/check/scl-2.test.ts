/** SCL-2 on histories told by hand: g sends on from T to U, where h reads. */
import { describe, expect, it } from 'vitest'
import type { Header } from '../history/event.ts'
import { runChecks } from './run-checkers.ts'
import { DRAINED, HEADER, STUCK, Story } from './testing/histories.ts'

const MOVING: Header = {
  ...HEADER,
  groups: [
    { name: 'g', topics: ['T'], consumers: ['c1'], forward: { to: 'U', when: 'after-ack' } },
    { name: 'h', topics: ['U'], consumers: ['c2'] },
  ],
}

/** A send becomes a copy of another message. */
const copied = (story: Story, copy: number, of: number): Story => {
  story.events.forEach((event, index) => {
    if (event.type === 'invoke' && event.f === 'send' && event.op === copy) story.events[index] = { ...event, v: { ...event.v, of } }
  })
  return story
}
const names = (story: Story, drain = DRAINED): string[] =>
  (runChecks(MOVING, story.events, drain, ['SCL-2']).get('SCL-2')?.anomalies ?? []).map(({ name, summary }) => `${name}: ${summary}`)

const given = (): Story => new Story().sent(1, 0).consumed(1, 0)
const sentOn = (): Story => copied(given().sent(2, 0, { topic: 'U', p: 'c1' }), 2, 1)

describe('SCL-2', () => {
  it('is upheld by any copy that its readers finish, however often a message was sent on', () => {
    expect(names(sentOn().consumed(2, 0, { topic: 'U', group: 'h', p: 'c2' }))).toEqual([])
    const twice = copied(sentOn().sent(3, 1, { topic: 'U', p: 'c1' }), 3, 1)
    expect(names(twice.consumed(3, 1, { topic: 'U', group: 'h', p: 'c2' }))).toEqual([])
  })

  it('is violated where no copy was sent, or none was finished', () => {
    expect(names(given())).toEqual([expect.stringMatching(/^lost in transfer: .*never sent on/)])
    expect(names(sentOn())).toEqual([expect.stringMatching(/^lost in transfer: .*no copy/)])
  })

  it('says nothing of a run that did not come to rest, or in which nobody sends on', () => {
    expect(names(given(), STUCK)).toEqual([])
    expect(runChecks(HEADER, given().events, DRAINED, ['SCL-2']).get('SCL-2')?.notExercised).toContain('no group')
  })
})
