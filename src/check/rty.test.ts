/** Hand-made histories of messages that were sent back, good and bad: RTY-1 and RTY-2, and what ALO-1 makes of dead letters. */
import { describe, expect, it } from 'vitest'
import type { Header } from '../history/event.ts'
import { ms, seconds } from '../plan/units.ts'
import type { GuaranteeId } from './checker.ts'
import { DRAINED, HEADER, judged, namesIn, sabotaged, story, type Story } from './testing/histories.ts'

/** Two retries, after ten seconds and after thirty. */
const RETRYING: Header = { ...HEADER, retries: { max: 2, delaysUs: [seconds(10), seconds(30)] } }
const names = (id: GuaranteeId, told: Story): string[] => namesIn(id, told, DRAINED, RETRYING)

const RETRY = '%RETRY%g'
const DEAD = '%DLQ%g'
const again = (told: Story, attempt: number, afterUs: number, result: 'ok' | 'fail' = 'ok'): Story =>
  told
    .wait(afterUs)
    .deliver(1, attempt - 1, { topic: RETRY, attempt })
    .finish(1, attempt - 1, { topic: RETRY, result })
const failed = (): Story => story().sent(1, 0).deliver(1, 0).finish(1, 0, { result: 'fail' }).sentBack(1, 0)
const failedTwice = (): Story => again(failed(), 1, seconds(10), 'fail').sentBack(1, 0, { topic: RETRY })
const failedThrice = (): Story => again(failedTwice(), 2, seconds(30), 'fail').sentBack(1, 1, { topic: RETRY })

describe('RTY-1', () => {
  it('wants each retry after its own delay', () => {
    const good = again(failedTwice(), 2, seconds(30))
    expect(judged('RTY-1', good, DRAINED, RETRYING)).toMatchObject({ anomalies: [], evidence: { chances: 2 } })
    expect(sabotaged('RTY-1', good, RETRYING)?.anomalies.map(({ name }) => name)).toEqual(['early'])
    expect(names('RTY-1', again(failed(), 1, seconds(9)))).toEqual(['early'])
    expect(names('RTY-1', again(failedTwice(), 2, seconds(10)))).toEqual(['early'])
  })

  it('lets a client run again at its place what it could not send back', () => {
    const local = story().sent(1, 0).deliver(1, 0).finish(1, 0, { result: 'fail' }).wait(seconds(5)).deliver(1, 0, { attempt: 1 })
    expect(names('RTY-1', local.finish(1, 0))).toEqual([])
  })

  it('knows who has failed', () => {
    const both: Header = { ...RETRYING, groups: ['g', 'h'].map((name) => ({ name, topics: ['T'], consumers: [`${name}1`] })) }
    const strange = failed().wait(seconds(10)).deliver(1, 0, { p: 'h1', topic: RETRY, group: 'h', attempt: 1 })
    expect(new Set(namesIn('RTY-1', strange, DRAINED, both))).toEqual(new Set(['unearned']))
    const other = failed().wait(seconds(10)).deliver(1, 1, { p: 'h1', group: 'h', attempt: 1 })
    expect(namesIn('RTY-1', other, DRAINED, both)).toEqual(['unearned'])
    expect(names('RTY-1', failed().wait(seconds(40)).deliver(1, 0, { topic: RETRY, attempt: 2 }))).toEqual(['unearned'])
  })

  it('wants no copy where every group is given it, though each has failed', () => {
    const copied = failed().wait(seconds(10)).deliver(1, 1, { attempt: 1 })
    expect(judged('RTY-1', copied, DRAINED, RETRYING)).toMatchObject({ anomalies: [{ name: 'unearned' }], evidence: { chances: 1 } })
  })

  it('wants the message as it was', () => {
    const renamed = failed().wait(seconds(10)).deliver(1, 0, { topic: RETRY, attempt: 1, msgId: 'another' })
    expect(names('RTY-1', renamed)).toEqual(['changed'])
    expect(names('RTY-1', failed().wait(seconds(10)).deliver(1, 0, { topic: RETRY, attempt: 1, digest: 5 }))).toEqual(['changed'])
  })

  it('has nothing to say where nothing is sent back', () => {
    expect(judged('RTY-1', again(failed(), 1, ms(1)), DRAINED, HEADER).notExercised).toMatch(/sends back/)
  })
})

describe('RTY-2', () => {
  it('is content with a dead letter after the last retry', () => {
    const good = failedThrice().audit([1]).audit([1], { topic: DEAD })
    expect(judged('RTY-2', good, DRAINED, RETRYING)).toMatchObject({ anomalies: [], evidence: { chances: 3 } })
    expect(sabotaged('RTY-2', good, RETRYING)?.anomalies.map(({ name }) => name)).toEqual(['forgotten'])
    expect(sabotaged('RTY-2', failedTwice(), RETRYING)?.anomalies.map(({ name }) => name)).toContain('too many')
    expect(namesIn('ALO-1', good, DRAINED, RETRYING)).toEqual([])
  })

  it('has a chance in a dead letter where nothing comes again', () => {
    const never: Header = { ...RETRYING, retries: { max: 0, delaysUs: [] } }
    const dead = failed().audit([1]).audit([1], { topic: DEAD })
    expect(judged('RTY-2', dead, DRAINED, never)).toMatchObject({ anomalies: [], evidence: { chances: 1 } })
    expect(sabotaged('RTY-2', dead, never)?.anomalies.map(({ name }) => name)).toEqual(['forgotten'])
    // Nobody was told that it was taken back.
    const untold = story().sent(1, 0).deliver(1, 0).finish(1, 0, { result: 'fail' }).audit([1], { topic: DEAD })
    expect(sabotaged('RTY-2', untold, never)?.anomalies.map(({ name }) => name)).toEqual(['dead too soon'])
  })

  it('misses what does not come again, and what is no dead letter', () => {
    expect(names('RTY-2', again(failed(), 1, seconds(10), 'fail').sentBack(1, 0, { topic: RETRY }).audit([1]))).toEqual(['forgotten'])
    expect(names('RTY-2', failedThrice().audit([1]).audit([], { topic: DEAD }))).toEqual(['forgotten'])
    expect(namesIn('ALO-1', failedThrice().audit([1]).audit([], { topic: DEAD }), DRAINED, RETRYING)).toEqual(['not delivered'])
    // Nobody has looked.
    expect(names('RTY-2', failedThrice().audit([1]))).toEqual([])
  })

  it('counts', () => {
    const third = failedThrice().wait(seconds(60)).deliver(1, 2, { topic: RETRY, attempt: 3 })
    expect(names('RTY-2', third.finish(1, 2, { topic: RETRY }))).toEqual(['too many', 'too many'])
    const uncounted = failed().wait(seconds(10)).deliver(1, 0, { topic: RETRY, attempt: 0 }).finish(1, 0, { topic: RETRY })
    expect(names('RTY-2', uncounted)).toEqual(['uncounted'])
  })

  it('wants dead letters to be earned', () => {
    const once = failed().audit([1]).audit([1], { topic: DEAD })
    expect(names('RTY-2', once)).toEqual(['dead too soon'])
    // Somebody has sent it there.
    expect(names('RTY-2', story().sent(1, 0, { topic: DEAD }).audit([1], { topic: DEAD }))).toEqual([])
  })
})
