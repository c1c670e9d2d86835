/** GRP-1 on histories told by hand. */
import { describe, expect, it } from 'vitest'
import type { Header } from '../history/event.ts'
import { grp1 } from './grp-1.ts'
import { runChecks } from './run-checkers.ts'
import { DRAINED, HEADER, STUCK, Story } from './testing/histories.ts'

const APART: Header = {
  ...HEADER,
  groups: [
    { name: 'g', topics: ['T'], consumers: ['c1'] },
    { name: 'h', topics: ['T'], consumers: ['c2'] },
  ],
}
const SHARED: Header = {
  ...HEADER,
  groups: [
    { name: 'g', topics: ['T'], consumers: ['c1'] },
    { name: 'g', topics: ['T', 'U'], consumers: ['c2'] },
  ],
}
const found = (story: Story, header = APART, drain = DRAINED) => runChecks(header, story.events, drain, ['GRP-1']).get('GRP-1')
const names = (story: Story, header = APART, drain = DRAINED): string[] =>
  (found(story, header, drain)?.anomalies ?? []).map(({ name }) => name)
const readBy = (story: Story, ...groups: readonly (readonly [group: string, p: string])[]): Story => {
  for (const [group, p] of groups) story.consumed(1, 0, { group, p })
  return story.pull(1, 0)
}

describe('GRP-1', () => {
  it('is upheld where every group is given what another has finished', () => {
    const story = readBy(new Story().sent(1, 0), ['g', 'c1'], ['h', 'c2'])
    expect(names(story)).toEqual([])
    expect(found(story)?.evidence?.chances).toBe(2)
  })

  it('is violated where one group is never given what another has finished, once the run has come to rest', () => {
    const story = readBy(new Story().sent(1, 0), ['g', 'c1'])
    expect(names(story)).toEqual(['missed'])
    expect(names(story, APART, STUCK)).toEqual([])
    expect(found(story, APART, STUCK)?.unknown).toContain('did not drain')
  })

  it('says nothing of a message that is not there at the end', () => {
    expect(names(new Story().sent(1, 0).consumed(1, 0, { group: 'g', p: 'c1' }))).toEqual([])
  })

  it('is violated where a group goes on where another stands, and not where it stood itself', () => {
    const told = (group: string): Story => new Story().commit(5, { group, p: group === 'g' ? 'c1' : 'c2' })
    expect(names(told('g').assign(5, { group: 'h', p: 'c2' }))).toEqual(['progress of another'])
    expect(names(told('h').assign(5, { group: 'h', p: 'c2' }))).toEqual([])
  })

  it('does not hold progress against a group that was given all up to it: who stored it may have died before telling', () => {
    const untold = (last: number): Story =>
      new Story().commit(5).consumed(1, last, { group: 'h', p: 'c2' }).assign(5, { group: 'h', p: 'c2' })
    expect([names(untold(4)), names(untold(3))]).toEqual([[], ['progress of another']])
  })

  it('says nothing of what a group began behind, or was moved past, and knows when that came too often', () => {
    const late = { ...APART, groups: APART.groups.map((group) => ({ ...group, startAt: 'last' as const })) }
    const starts = (story: Story): Story => story.assign(1, { group: 'h', p: 'c2', from: 'none' })
    expect(names(starts(readBy(new Story().sent(1, 0), ['g', 'c1'])), late)).toEqual([])
    const again = starts(readBy(starts(new Story()).sent(1, 0), ['g', 'c1']))
    expect(found(again, late)?.anomalies.map(({ facts }) => facts['start'])).toEqual(['again'])
    const moved = (offset: number): Story => readBy(new Story().sent(1, 0), ['g', 'c1']).reset(offset, { group: 'h' })
    expect([names(moved(1)), names(moved(0))]).toEqual([[], ['missed']])
    expect(names(new Story().commit(5).reset(5, { group: 'h' }).assign(5, { group: 'h', p: 'c2' }))).toEqual([])
  })

  it('does not rely on a reset that goes back where something disturbs the run: it may be forgotten (RMQ-098)', () => {
    const back = (): Story => readBy(new Story().sent(1, 0), ['g', 'c1']).reset(1, { group: 'h' }).reset(0, { group: 'h' })
    expect(names(back())).toEqual(['missed'])
    expect(names(back().fault('processKill', 'b1'))).toEqual([])
    expect(names(back().assign(1, { group: 'h', p: 'c2' }))).toEqual([])
    // What no reset had passed over is owed all the same.
    const never = readBy(new Story().sent(1, 0), ['g', 'c1']).reset(0, { group: 'h' }).fault('processKill', 'b1')
    expect(names(never)).toEqual(['missed'])
  })

  it('is violated by two applications of one name with other subscriptions, whether the run comes to rest or not', () => {
    const story = readBy(new Story().sent(1, 0), ['g', 'c1'])
    expect(names(story, SHARED, STUCK)).toEqual(['taken away'])
    expect(found(story, SHARED)?.anomalies[0]?.facts['shared']).toBe(true)
  })

  it('takes several entries of one name and one subscription for one application', () => {
    const groups = SHARED.groups.map((group) => ({ ...group, topics: ['T'] }))
    expect(names(readBy(new Story().sent(1, 0), ['g', 'c1']), { ...SHARED, groups })).toEqual([])
  })

  it('is idle where no two groups read one topic', () => {
    expect(grp1.idle(HEADER)).toBe('no two groups read one topic')
    expect(grp1.idle(APART)).toBeNull()
    expect(grp1.idle(SHARED)).toBeNull()
  })
})
