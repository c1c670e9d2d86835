/** One pass for all checkers: what it hears, what it leaves out, what it says of kinds that a history lacks. */
import { describe, expect, it } from 'vitest'
import { checkerOf, checkers } from './catalogue.ts'
import { runChecks, startChecks } from './run-checkers.ts'
import { strip, stripHeader, stripHistory } from './strip.ts'
import { DRAINED, HEADER, story } from './testing/histories.ts'

const told = () => story().life('up', 'b1').invoke(1).append(1, 0).force(1).ack(1, 0).consumed(1, 0).audit([1])

describe('the catalogue', () => {
  it('knows each checker by its guarantee', () => {
    for (const checker of checkers) expect(checkerOf(checker.id)).toBe(checker)
    expect(checkerOf('XYZ-1')).toBeUndefined()
  })
})

describe('a pass over a history', () => {
  it('judges every guarantee, in the order of the catalogue', () => {
    expect([...runChecks(HEADER, told().events, DRAINED).keys()]).toEqual(checkers.map((checker) => checker.id))
  })

  it('judges only what is asked for', () => {
    expect([...runChecks(HEADER, told().events, DRAINED, ['DUR-4', 'ORD-1']).keys()]).toEqual(['ORD-1', 'DUR-4'])
  })

  it('may be fed event by event', () => {
    const checks = startChecks(HEADER)
    for (const event of told().events) checks.on(event)
    expect(checks.end(DRAINED)).toEqual(runChecks(HEADER, told().events, DRAINED))
  })

  it('says which kinds a source would have to record', () => {
    const found = runChecks({ ...HEADER, records: ['send'] }, told().events, DRAINED)
    expect(found.get('ORD-1')?.notExercised).toBeUndefined()
    expect(found.get('ALO-1')).toEqual({ anomalies: [], evidence: null, notExercised: 'the history does not record consume' })
    expect(checkerOf('ALO-1')?.sabotage(told().events, { ...HEADER, records: ['send'] })).toBeNull()
  })
})

describe('the view of a client', () => {
  it('has no white-box events and does not claim to record them', () => {
    expect(strip(told().events).map((event) => event.type)).not.toContain('white')
    expect(stripHeader(HEADER).records.filter((kind) => kind.startsWith('white:'))).toEqual([])
    expect(stripHistory({ header: HEADER, events: told().events }).events).toEqual(strip(told().events))
  })

  it('leaves the guarantees that need no more to be judged alike', () => {
    const all = runChecks(HEADER, told().events, DRAINED)
    const seen = runChecks(stripHeader(HEADER), strip(told().events), DRAINED)
    for (const id of ['ORD-1', 'ALO-1', 'ALO-4', 'DUR-1'] as const) expect(seen.get(id)?.evidence).toEqual(all.get(id)?.evidence)
    expect(seen.get('DUR-3')?.evidence).toBeNull()
  })
})
