/** Hand-made histories of masters that go away, good and bad: HA-1. */
import { describe, expect, it } from 'vitest'
import { seconds } from '../plan/units.ts'
import { SERVED_IN_ORDER_WITHIN, SERVED_WITHIN } from './ha-1.ts'
import { COPIED, Copying } from './testing/copying.ts'
import { DRAINED, HEADER, judged, namesIn, sabotaged, type Story } from './testing/histories.ts'

const story = (): Copying => new Copying()
const names = (told: Story): string[] => namesIn('HA-1', told, DRAINED, COPIED)
/** A message is copied, and its master goes. */
const orphaned = (): Copying => story().whole(1, 0).fault('processKill').life('down', 'b1')

describe('HA-1', () => {
  it('is broken by a slave that takes a message', () => {
    const good = story().whole(1, 0)
    expect(judged('HA-1', good, DRAINED, COPIED)).toMatchObject({ anomalies: [], evidence: { chances: 1 } })
    expect(sabotaged('HA-1', good, COPIED)?.anomalies.map(({ name }) => name)).toEqual(['slave accepted a send'])
    expect(names(story().invoke(1).ack(1, 0, { broker: 'b1s' }))).toEqual(['slave accepted a send'])
    expect(judged('HA-1', good, DRAINED, HEADER).evidence).toBeNull()
  })

  it('is kept where what a slave has is given out within a minute', () => {
    const served = orphaned().wait(seconds(35)).consumed(1, 0).wait(seconds(60)).life('up', 'b1')
    expect(judged('HA-1', served, DRAINED, COPIED)).toMatchObject({ anomalies: [], evidence: { chances: 2 } })
  })

  it('is broken by a message that waits until its master is back', () => {
    const waiting = orphaned()
      .wait(SERVED_WITHIN + seconds(1))
      .life('up', 'b1')
      .consumed(1, 0)
    expect(names(waiting)).toEqual(['not served'])
  })

  it('counts groups that listen in order where slaves stand in for masters', () => {
    const plain = COPIED.records.filter((kind) => kind !== 'white:acting')
    const inOrder = { ...COPIED, records: plain, groups: COPIED.groups.map((group) => ({ ...group, listener: 'orderly' as const })) }
    const waiting = orphaned()
      .wait(SERVED_IN_ORDER_WITHIN + seconds(1))
      .life('up', 'b1')
    expect(namesIn('HA-1', waiting, DRAINED, { ...inOrder, records: [...plain, 'white:acting'] })).toEqual(['not served'])
    expect(namesIn('HA-1', waiting, DRAINED, inOrder)).toEqual([])
  })

  it('asks for nothing of a short absence, of what was read before, or of a run in which more went wrong', () => {
    expect(names(orphaned().wait(seconds(20)).life('up', 'b1').wait(seconds(80)))).toEqual([])
    const read = story().whole(1, 0).consumed(1, 0).fault('processKill').life('down', 'b1').wait(seconds(90))
    expect(names(read)).toEqual([])
    expect(names(orphaned().fault('pause', 'c1').wait(seconds(90)).life('up', 'b1'))).toEqual([])
  })
})
