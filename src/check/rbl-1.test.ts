/** RBL-1 on histories told by hand. */
import { describe, expect, it } from 'vitest'
import type { Header } from '../history/event.ts'
import { rbl1 } from './rbl-1.ts'
import { runChecks } from './run-checkers.ts'
import { DRAINED, HEADER, Story } from './testing/histories.ts'

const NAMED: Header = { ...HEADER, groups: HEADER.groups.map((group) => ({ ...group, allocate: 'AVG' })) }
const found = (story: Story) => runChecks(NAMED, story.events, DRAINED, ['RBL-1']).get('RBL-1')
const names = (story: Story): string[] => (found(story)?.anomalies ?? []).map(({ name }) => name)
const RING = { strategy: 'CONSISTENT_HASH' } as const

describe('RBL-1', () => {
  it('is upheld where members with one view share out all queues, each once', () => {
    const story = new Story().share('c1', ['0']).share('c2', ['1'])
    expect(names(story)).toEqual([])
    expect(found(story)?.evidence?.chances).toBe(1)
    expect(names(story.share('c1', ['0']))).toEqual([])
  })

  it('says nothing of members with different views', () => {
    const story = new Story().share('c1', ['0', '1'], { members: ['c1'] }).share('c2', ['1'])
    expect(names(story)).toEqual([])
    expect(found(story)?.evidence).toBeNull()
  })

  it('goes by who is in a list, not by the order', () => {
    expect(names(new Story().share('c1', ['1'], { members: ['c2', 'c1'] }).share('c2', ['1']))).toEqual(['overlap', 'uncovered'])
  })

  it('is violated where a queue is left to nobody, once all have computed', () => {
    expect(names(new Story().share('c1', ['0'], RING).share('c2', [], RING))).toEqual(['uncovered'])
    expect(names(new Story().share('c1', ['0'], RING))).toEqual([])
  })

  it('is violated by a share too large or too small, unless it comes from a ring', () => {
    expect(names(new Story().share('c1', ['0', '1']).share('c2', []))).toEqual(['unbalanced', 'unbalanced'])
    expect(names(new Story().share('c1', ['0', '1'], RING).share('c2', [], RING))).toEqual([])
  })

  it('is violated by a member that computes twice and differs, or that takes what is not there', () => {
    expect(names(new Story().share('c1', ['0']).share('c1', ['1']))).toEqual(['inconsistent'])
    expect(names(new Story().share('c1', ['7']))).toEqual(['outside its view'])
    expect(names(new Story().share('c3', ['0']))).toEqual(['outside its view'])
    expect(names(new Story().share('c3', []))).toEqual([])
  })

  it('lets a ring move only the queues of who comes or goes', () => {
    const alone = { ...RING, members: ['c1'] }
    expect(names(new Story().share('c1', ['0', '1'], alone).share('c1', ['0'], RING))).toEqual([])
    expect(names(new Story().share('c1', ['0'], RING).share('c1', ['0', '1'], alone))).toEqual([])
    const three = { ...RING, members: ['c1', 'c2', 'c3'] }
    expect(names(new Story().share('c1', ['0'], RING).share('c1', ['1'], three))).toEqual(['moved needlessly'])
    expect(names(new Story().share('c1', ['1'], three).share('c1', ['0'], RING))).toEqual(['moved needlessly'])
  })

  it('says whether several strategies met', () => {
    const mixed = new Story().share('c1', ['0']).share('c2', ['0'], { strategy: 'AVG_BY_CIRCLE' })
    expect(found(mixed)?.anomalies.map(({ name, facts }) => [name, facts['mixed']])).toEqual([
      ['overlap', true],
      ['uncovered', true],
    ])
  })

  it('is idle where no group names its strategy', () => {
    expect(rbl1.idle(HEADER)).toBe('no group names its strategy')
    expect(rbl1.idle(NAMED)).toBeNull()
  })
})
