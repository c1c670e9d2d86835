/** RET-1 to RET-3 on histories told by hand. Records are 100 bytes long, and two of them fill a file of the log. */
import { describe, expect, it } from 'vitest'
import type { Header } from '../history/event.ts'
import type { Cleaned } from '../history/retention.ts'
import { seconds } from '../plan/units.ts'
import { DRAINED, HEADER, judged, namesIn, sabotaged, SIZE, story, STUCK, type Story } from './testing/histories.ts'

const FILE = 2 * SIZE
/** Files are kept for ten seconds, and go at one o'clock. */
const KEEPING: Header = {
  ...HEADER,
  retention: { reservedUs: seconds(10), deleteHours: [1], cleanPermille: 750, forcePermille: 850, fullPermille: 900, filesMax: 2 },
}
/** Just after one, and after three. */
const ONE = seconds(3600) + seconds(60)
const THREE = seconds(3 * 3600)

/** The cleaner looks, at one o'clock, and deletes the first file, which was last written to 20 s ago. */
function cleaned(told: Story, v: Partial<Cleaned['v']> = {}): Story {
  const files = [{ from: 0, to: FILE, writtenUs: ONE - seconds(20) }]
  return told.cleaned({ nowUs: ONE, usedPermille: 0, start: 0, oldestUs: ONE - seconds(20), files, ...v })
}
/** A consumer is moved from where it asked to where its queue begins. */
const moved = (told: Story, asked: number, offset: number): Story => told.assign(offset, { from: 'corrected', asked })
const sent = (messages: number): Story =>
  Array.from({ length: messages }, (_, k) => k).reduce((told, k) => told.sent(k + 1, k).append(k + 1, k, { nth: k }), story())
const file = (k: number, writtenUs = ONE - seconds(20)): Cleaned['v']['files'][number] => ({
  from: k * FILE,
  to: (k + 1) * FILE,
  writtenUs,
})

describe('RET-1', () => {
  it('finds what was consumed where it was', () => {
    const good = sent(2).assign(0).consumed(1, 0).commit(1).audit([1, 2])
    expect(judged('RET-1', good)).toMatchObject({ anomalies: [], evidence: { chances: 1 } })
    expect(sabotaged('RET-1', good)?.anomalies.map(({ name }) => name)).toEqual(['consumed and gone'])
    expect(namesIn('RET-1', sent(2).consumed(1, 0).commit(1).audit([2], { min: 1 }))).toEqual(['consumed and gone'])
  })

  it('leaves to others what a crash took, what was deleted in its time, and what nobody had consumed', () => {
    expect(namesIn('RET-1', sent(2).consumed(1, 0).commit(1).fault('powerLoss').audit([2], { min: 1 }))).toEqual([])
    expect(namesIn('RET-1', cleaned(sent(3).consumed(1, 0).commit(2)).audit([3], { min: 2 }))).toEqual([])
    expect(namesIn('RET-1', sent(2).audit([2], { min: 1 }))).toEqual([])
  })

  it('has a group given again what it was sent back to', () => {
    const sentBack = (): Story => sent(2).assign(0).consumed(1, 0).consumed(2, 1).commit(2).reset(0)
    expect(namesIn('RET-1', sentBack().consumed(1, 0).consumed(2, 1).audit([1, 2]))).toEqual([])
    expect(namesIn('RET-1', sentBack().consumed(2, 1).audit([1, 2]))).toEqual(['not replayed'])
    expect(namesIn('RET-1', sentBack().audit([1, 2]), STUCK)).toEqual([])
    expect(namesIn('RET-1', sentBack().assign(2).audit([1, 2]))).toEqual([])
  })

  it('asks nothing of a queue that its reader has left', () => {
    const wentBack = (): Story => sent(2).assign(0).consumed(1, 0).commit(1).reset(0).assign(0, { from: 'corrected' })
    expect(namesIn('RET-1', wentBack().churn('stop', 'c2').audit([1, 2]))).toEqual(['not replayed', 'not replayed'])
    expect(namesIn('RET-1', wentBack().churn('stop', 'c1').audit([1, 2]))).toEqual([])
    const left = wentBack()
    const place = { group: 'g', topic: 'T', queue: '0', offset: 0 }
    left.events.push({ i: left.events.length, t: seconds(20), p: 'c1', type: 'ok', f: 'revoke', op: 9, v: place })
    expect(namesIn('RET-1', left.audit([1, 2]))).toEqual([])
  })
})

describe('RET-2', () => {
  const names = (told: Story): string[] => namesIn('RET-2', told, DRAINED, KEEPING)
  const old = (records = 3): Story => sent(records).wait(seconds(20))

  it('lets a file go that has had its time, at its hour', () => {
    expect(judged('RET-2', cleaned(old()), DRAINED, KEEPING)).toMatchObject({ anomalies: [], evidence: { chances: 1 } })
    expect(sabotaged('RET-2', cleaned(old()), KEEPING)?.anomalies.map(({ name }) => name)).toEqual(['not the oldest'])
    expect(names(cleaned(old(), { nowUs: THREE, files: [file(0, THREE - seconds(20))] }))).toEqual(['not due'])
    expect(names(cleaned(old(), { files: [file(0, ONE - seconds(9))] }))).toEqual(['not due'])
    expect(names(cleaned(sent(3)))).toEqual(['expired early'])
  })

  it('lets it go at any hour where space is short, and before its time where the disk is nearly full', () => {
    const late = { nowUs: THREE, files: [file(0, THREE - seconds(20))] }
    expect(names(cleaned(old(), { ...late, usedPermille: 751 }))).toEqual([])
    expect(names(cleaned(old(), { ...late, usedPermille: 750 }))).toEqual(['not due'])
    expect(names(cleaned(sent(3), { nowUs: THREE, files: [file(0, THREE)], usedPermille: 851 }))).toEqual([])
  })

  it('wants the oldest first, so many at a time, and never the last', () => {
    expect(names(cleaned(old(5), { files: [file(1)] }))).toEqual(['not the oldest'])
    expect(names(cleaned(old(7), { files: [file(0), file(1)] }))).toEqual([])
    expect(names(cleaned(old(7), { files: [file(0), file(1), file(2)] }))).toEqual(['too many'])
    expect(names(cleaned(old(2)))).toEqual(['being written'])
  })

  it('wants what is due to go', () => {
    expect(names(cleaned(cleaned(old()), { files: [], oldestUs: ONE - seconds(9) }))).toEqual([])
    expect(names(cleaned(cleaned(old()), { files: [] }))).toEqual(['kept'])
    expect(names(cleaned(cleaned(old()), { files: [], nowUs: THREE, usedPermille: 860 }))).toEqual(['kept'])
    expect(names(cleaned(cleaned(old()), { files: [], oldestUs: null }))).toEqual([])
  })

  it('wants nothing stored from 90 % on, until the disk is down to 85 %', () => {
    const full = (usedPermille: number): Story =>
      cleaned(cleaned(old(5), { usedPermille: 901 }), { start: FILE, files: [file(1)], usedPermille })
    expect(names(full(850).append(6, 5, { nth: 5 }))).toEqual([])
    expect(names(full(851).append(6, 5, { nth: 5 }))).toEqual(['stored when full'])
    expect(names(full(851).life('up', 'b1').append(6, 5, { nth: 5 }))).toEqual([])
  })
})

describe('RET-3', () => {
  const names = (told: Story): string[] => namesIn('RET-3', told, DRAINED, KEEPING)
  const behind = (): Story => cleaned(sent(3).assign(0))

  it('moves a group to where its queue begins', () => {
    const good = moved(behind(), 0, 2).consumed(3, 2).audit([3], { min: 2 })
    expect(judged('RET-3', good, DRAINED, KEEPING)).toMatchObject({ anomalies: [], evidence: { chances: 1 } })
    expect(sabotaged('RET-3', good, KEEPING)?.anomalies.map(({ name }) => name)).toEqual(['skipped within retention'])
    expect(names(moved(behind(), 0, 3).audit([3], { min: 2 }))).toEqual(['skipped within retention'])
  })

  it('has it told what it passes over', () => {
    expect(names(behind().consumed(3, 2).audit([3], { min: 2 }))).toEqual(['not signalled', 'not signalled'])
    expect(names(cleaned(sent(3).assign(0).consumed(1, 0).consumed(2, 1)).consumed(3, 2).audit([3], { min: 2 }))).toEqual([])
    expect(names(behind().audit([3], { min: 2 }))).toEqual([])
  })

  it('is no step back for a consumer that began before another one told its progress', () => {
    const begun = (): Story => sent(3).assign(0, { p: 'c2' }).consumed(1, 0, { p: 'c2' }).consumed(2, 1, { p: 'c2' }).life('up', 'c1')
    const told = (more: { asked?: number }): Story =>
      begun()
        .stored(2, true)
        .assign(0, { from: 'none' })
        .assign(1, { from: 'corrected', ...more })
    expect(namesIn('ALO-3', told({ asked: 0 }))).toEqual([])
    expect(namesIn('ALO-3', told({}))).toEqual(['regressed'])
  })

  it('leaves alone whom an administrator has moved, and who begins', () => {
    expect(names(moved(sent(3).assign(0).reset(2), 0, 2).audit([1, 2, 3]))).toEqual([])
    expect(names(cleaned(sent(3)).assign(2, { from: 'none' }).consumed(3, 2).audit([3], { min: 2 }))).toEqual([])
    expect(judged('RET-3', behind(), DRAINED, HEADER).notExercised).toMatch(/no run can fill/)
  })
})
