/** Hand-made histories of masters and slaves, good and bad: DUR-5 and DUR-6. */
import { describe, expect, it } from 'vitest'
import type { Header } from '../history/event.ts'
import type { GuaranteeId } from './checker.ts'
import { stripHeader } from './strip.ts'
import { COPIED, Copying } from './testing/copying.ts'
import { DRAINED, HEADER, judged, namesIn, sabotaged, type Story } from './testing/histories.ts'

const story = (): Copying => new Copying()
const names = (id: GuaranteeId, told: Story, header: Header = COPIED): string[] => namesIn(id, told, DRAINED, header)
const broken = (id: GuaranteeId, told: Story, header: Header = COPIED): string[] =>
  sabotaged(id, told, header)?.anomalies.map(({ name }) => name) ?? []

describe('DUR-5', () => {
  const good = story().whole(1, 0).whole(2, 1).fault('diskLoss').holds([1, 2])

  it('is kept where a slave has what is acknowledged, and still holds it in the end', () => {
    expect(judged('DUR-5', good, DRAINED, COPIED)).toMatchObject({ anomalies: [], evidence: { chances: 2 } })
    expect(broken('DUR-5', good)).toContain('acknowledged without copy')
  })

  it('is broken by an acknowledgement that comes before its copy', () => {
    expect(names('DUR-5', story().invoke(1).append(1, 0).ack(1, 0).copied(1, 0).holds([1]))).toEqual(['acknowledged without copy'])
  })

  it('is broken by what is gone with its master', () => {
    const lost = story().whole(1, 0).whole(2, 1).fault('diskLoss').holds([1])
    expect(judged('DUR-5', lost, DRAINED, COPIED).anomalies).toMatchObject([
      { name: 'lost with the master', facts: { slaveStruck: false } },
    ])
    const both = story().whole(1, 0).fault('powerLoss').fault('powerLoss', 'b1s').holds([])
    expect(judged('DUR-5', both, DRAINED, COPIED).anomalies).toMatchObject([{ name: 'lost with the master', facts: { slaveStruck: true } }])
    // Its master was never struck, and a slave that nobody could read proves nothing.
    expect(names('DUR-5', story().whole(1, 0).holds([]))).toEqual([])
    expect(names('DUR-5', story().whole(1, 0).fault('diskLoss'))).toEqual([])
  })

  it('says that a slave was struck whose bytes went bad while it was stopping, or down', () => {
    const stopping = (): Copying =>
      story().whole(1, 0).fault('gracefulRestart', 'b1s').fault('bitCorruption', 'b1s').fault('gracefulRestart')
    const facts = (told: Story): unknown => judged('DUR-5', told, DRAINED, COPIED).anomalies[0]?.facts
    expect(facts(stopping().life('up', 'b1s').holds([]))).toMatchObject({ slaveStruck: true, slaveLoss: 'bitCorruption' })
    expect(facts(stopping().holds([]))).toMatchObject({ slaveStruck: false })
  })

  it('is not judged by what is missing before the run has come to rest', () => {
    const lost = story().whole(1, 0).fault('diskLoss').holds([])
    const unrest = { drained: false, fresh: true, reason: 'g waits' }
    expect(judged('DUR-5', lost, unrest, COPIED)).toMatchObject({ anomalies: [], unknown: 'the run did not drain: g waits' })
  })

  it('is judged from outside by what slaves hold', () => {
    const outside = stripHeader(COPIED)
    expect(judged('DUR-5', good, DRAINED, outside)).toMatchObject({ anomalies: [], evidence: { chances: 2 } })
    expect(broken('DUR-5', good, outside)).toEqual(['lost with the master'])
    expect(judged('DUR-5', story().invoke(1).append(1, 0).ack(1, 0), DRAINED, HEADER).evidence).toBeNull()
  })
})

describe('DUR-6', () => {
  it('is kept where each record follows what the slave has', () => {
    const good = story().whole(1, 0).whole(2, 1).phase('drained').holds([1, 2])
    expect(judged('DUR-6', good, DRAINED, COPIED)).toMatchObject({ anomalies: [], evidence: { chances: 2 } })
    expect(broken('DUR-6', good)).toContain('parted')
  })

  it('lets a slave keep, and be sent, what its master has lost', () => {
    const late = story().invoke(1).append(1, 0).fault('powerLoss').recovered(0).copied(1, 0).phase('drained').holds([1])
    expect(names('DUR-6', late)).toEqual([])
  })

  it('is broken by a record behind another than at its master', () => {
    const parted = story().whole(1, 0).fault('powerLoss').recovered(0).invoke(2).append(2, 0).invoke(3).append(3, 1).copied(3, 1)
    expect(names('DUR-6', parted)).toEqual(['parted'])
    expect(names('DUR-6', story().invoke(1).append(1, 0).copied(1, 0, 1))).toEqual(['parted'])
  })

  it('is broken by what a slave had, and has no more', () => {
    expect(names('DUR-6', story().whole(1, 0).phase('drained').holds([]))).toEqual(['copy lost'])
    // It came too late to be looked for.
    expect(names('DUR-6', story().invoke(1).append(1, 0).ack(1, 0).phase('drained').copied(1, 0).holds([]))).toEqual([])
  })
})
