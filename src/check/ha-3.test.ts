/** Hand-made histories of groups that read from masters and slaves in turn, good and bad: HA-3. */
import { describe, expect, it } from 'vitest'
import { seconds } from '../plan/units.ts'
import { PROGRESS_AGE_MAX } from './ha-3.ts'
import { COPIED, Copying } from './testing/copying.ts'
import { DRAINED, HEADER, judged, namesIn, sabotaged, type Story } from './testing/histories.ts'

const names = (told: Story): string[] => namesIn('HA-3', told, DRAINED, COPIED)
/** Four messages are stored and copied, of which the group has read one when it turns to the slave. */
const turned = (): Copying => {
  const story = new Copying().assign(0, { from: 'none' })
  for (const message of [1, 2, 3, 4]) story.whole(message, message - 1)
  return story.consumed(1, 0).turns('b1s', 1)
}
const ended = (story: Copying): Copying => story.audit([1, 2, 3, 4])

describe('HA-3', () => {
  it('is kept where everything is shown, by whomever', () => {
    const good = ended(turned().consumed(2, 1).consumed(3, 2).turns('b1', 3).consumed(4, 3))
    expect(judged('HA-3', good, DRAINED, COPIED)).toMatchObject({ anomalies: [], evidence: { chances: 1 } })
    expect(sabotaged('HA-3', good, COPIED)?.anomalies.map(({ name }) => name)).toEqual(['passed over'])
    expect(judged('HA-3', good, DRAINED, HEADER).evidence).toBeNull()
  })

  it('is broken by a message that a slave leaves out', () => {
    expect(names(ended(turned().consumed(3, 2).consumed(4, 3)))).toEqual(['passed over'])
    // It comes later, or lies no more where it lay.
    expect(names(ended(turned().consumed(3, 2).turns('b1', 1).assign(1).consumed(2, 1).consumed(4, 3)))).toEqual([])
    expect(names(turned().consumed(3, 2).consumed(4, 3).audit([1, 9, 3, 4]))).toEqual([])
    // What a master leaves out is another matter.
    expect(names(ended(turned().turns('b1', 1).consumed(3, 2).consumed(4, 3)))).toEqual([])
  })

  it('is broken by a slave that says where to go on', () => {
    expect(names(turned().assign(3, { from: 'corrected' }))).toEqual(['sent on'])
    expect(names(turned().turns('b1', 1).assign(3, { from: 'corrected' }))).toEqual([])
  })

  it('is broken by a slave whose progress is older than a minute', () => {
    const left = (age: number, offset: number): Copying =>
      new Copying().turns('b1', 0).knows(3).wait(age).fault('processKill').turns('b1s', 0).assign(offset, { from: 'stored' })
    const long = 2 * PROGRESS_AGE_MAX
    expect(names(left(long, 1))).toEqual(['older than the bound'])
    expect(names(left(long, 3))).toEqual([])
    expect(names(left(seconds(30), 1))).toEqual([])
    const cut = new Copying().knows(3).wait(long).fault('cut', 'b1|b1s').fault('processKill').turns('b1s', 0)
    expect(names(cut.assign(1, { from: 'stored' }))).toEqual([])
  })
})
