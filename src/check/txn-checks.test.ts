/** Hand-made histories of transactions that were asked about, or met a crash, good and bad: TXN-3 and TXN-4. */
import { describe, expect, it } from 'vitest'
import type { Header } from '../history/event.ts'
import { minutes, seconds } from '../plan/units.ts'
import type { GuaranteeId } from './checker.ts'
import { DRAINED, HEADER, judged, namesIn, sabotaged, story, type Story } from './testing/histories.ts'

const CHECKED: Header = { ...HEADER, checks: { immunityUs: seconds(6), intervalUs: seconds(30), max: 2 } }
const names = (id: GuaranteeId, told: Story): string[] => namesIn(id, told, DRAINED, CHECKED)
const half = (): Story => story().invoke(1, { half: true }).ack(1, 0)

describe('TXN-3', () => {
  it('lets a half come of age', () => {
    const good = half().wait(seconds(6)).check(1, 'commit')
    expect(judged('TXN-3', good, DRAINED, CHECKED)).toMatchObject({ anomalies: [], evidence: { chances: 1 } })
    expect(sabotaged('TXN-3', good, CHECKED)?.anomalies.map(({ name }) => name)).toEqual(['early'])
    expect(names('TXN-3', half().wait(seconds(5)).check(1, 'commit'))).toEqual(['early'])
  })

  it('wants an interval between questions, and a last one', () => {
    const twice = (afterUs: number): Story => half().wait(seconds(6)).check(1, 'unknown').wait(afterUs).check(1, 'unknown')
    expect(names('TXN-3', twice(seconds(30)))).toEqual([])
    expect(names('TXN-3', twice(seconds(10)))).toEqual(['too soon again'])
    expect(names('TXN-3', twice(seconds(30)).wait(seconds(30)).check(1, 'unknown'))).toEqual(['too often'])
  })

  it('wants open halves to be asked about once nothing is disturbed', () => {
    expect(names('TXN-3', half().phase('heal').wait(minutes(3)).phase('drained'))).toEqual(['unchecked'])
    expect(names('TXN-3', half().phase('heal').wait(minutes(1)).phase('drained'))).toEqual([])
    expect(names('TXN-3', half().phase('heal').wait(seconds(30)).check(1, 'unknown').wait(minutes(3)).phase('drained'))).toEqual([])
  })

  it('has nothing to say where nobody sent a transaction', () => {
    expect(judged('TXN-3', half(), DRAINED, HEADER).notExercised).toMatch(/transaction/)
  })
})

describe('TXN-4', () => {
  const crashed = (outcome: 'commit' | 'rollback'): Story => half().endTxn(1, outcome).fault('processKill').wait(seconds(1))

  it('wants what was committed to be there, and what was rolled back not', () => {
    const good = crashed('commit').audit([1])
    expect(judged('TXN-4', good, DRAINED, CHECKED)).toMatchObject({ anomalies: [], evidence: { chances: 1 } })
    expect(sabotaged('TXN-4', good, CHECKED)?.anomalies.map(({ name }) => name)).toEqual(['lost'])
    expect(names('TXN-4', crashed('commit').audit([]))).toEqual(['lost'])
    expect(names('TXN-4', crashed('rollback').audit([]))).toEqual([])
    expect(sabotaged('TXN-4', crashed('rollback').audit([]), CHECKED)?.anomalies.map(({ name }) => name)).toEqual(['resurrected'])
    expect(names('TXN-4', crashed('rollback').audit([1]))).toEqual(['resurrected'])
  })

  it('lets it be there twice, as the same message', () => {
    expect(names('TXN-4', crashed('commit').consumed(1, 0).consumed(1, 1).audit([1, 1]))).toEqual([])
    expect(names('TXN-4', crashed('commit').consumed(1, 0).deliver(1, 1, { msgId: 'another' }).finish(1, 1).audit([1, 1]))).toEqual([
      'differs',
    ])
  })

  it('is about transactions that met a crash before their end was on record', () => {
    expect(judged('TXN-4', half().endTxn(1, 'commit').audit([]), DRAINED, CHECKED).evidence).toBeNull()
    const late = half().endTxn(1, 'commit').wait(seconds(10)).fault('processKill').audit([1])
    expect(judged('TXN-4', late, DRAINED, CHECKED).evidence).toBeNull()
  })
})
