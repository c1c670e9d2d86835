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

  it('wants what was popped to come again to its own group, as it was', () => {
    const popping: Header = {
      ...HEADER,
      groups: ['g', 'h'].map((name) => ({ name, topics: ['T'], consumers: [`${name}1`], consumption: 'pop' })),
    }
    const first = (): Story => story().sent(1, 0).deliver(1, 0).finish(1, 0, { result: 'fail' }).wait(seconds(1))
    const good = first().deliver(1, 0, { topic: '%RETRY%g_T', attempt: 1 })
    expect(judged('RTY-1', good, DRAINED, popping)).toMatchObject({ anomalies: [], evidence: { chances: 1 } })
    expect(sabotaged('RTY-1', good, popping)?.anomalies.map(({ name }) => name)).toEqual(['changed'])
    const stray = first().deliver(1, 0, { topic: '%RETRY%h_T', attempt: 1 })
    expect(namesIn('RTY-1', stray, DRAINED, popping)).toEqual(['unearned'])
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

  it('says whether its group began the retry topic behind the copy', () => {
    const starts = (told: Story): unknown[] => judged('RTY-2', told, DRAINED, RETRYING).anomalies.map(({ facts }) => facts['start'])
    expect(starts(failed().assign(1, { topic: RETRY, from: 'none' }).audit([1]))).toEqual(['again'])
    expect(starts(failed().assign(0, { topic: RETRY, from: 'none' }).audit([1]))).toEqual([undefined])
  })

  it('counts', () => {
    const third = failedThrice().wait(seconds(60)).deliver(1, 2, { topic: RETRY, attempt: 3 })
    expect(names('RTY-2', third.finish(1, 2, { topic: RETRY }))).toEqual(['too many', 'too many'])
    const uncounted = failed().wait(seconds(10)).deliver(1, 0, { topic: RETRY, attempt: 0 }).finish(1, 0, { topic: RETRY })
    expect(names('RTY-2', uncounted)).toEqual(['uncounted'])
  })

  it('counts what was given up like a failure, and not what its listener comes to later', () => {
    const late = story().sent(1, 0).deliver(1, 0).expire(1, 0).sentBack(1, 0).finish(1, 0, { result: 'fail' })
    const twice = again(late, 1, seconds(10), 'fail').sentBack(1, 0, { topic: RETRY })
    expect(names('RTY-2', twice.audit([1]).audit([1], { topic: DEAD }))).toEqual(['dead too soon'])
    const never: Header = { ...RETRYING, retries: { max: 0, delaysUs: [] } }
    const untold = story().sent(1, 0).deliver(1, 0).expire(1, 0).audit([1], { topic: DEAD })
    expect(sabotaged('RTY-2', untold, never)?.anomalies.map(({ name }) => name)).toEqual(['dead too soon'])
  })

  it('wants dead letters to be earned', () => {
    const once = failed().audit([1]).audit([1], { topic: DEAD })
    expect(names('RTY-2', once)).toEqual(['dead too soon'])
    // Somebody has sent it there.
    expect(names('RTY-2', story().sent(1, 0, { topic: DEAD }).audit([1], { topic: DEAD }))).toEqual([])
  })

  it('lets whoever reads dead letters bury what has failed so often already', () => {
    const reader: Header = { ...RETRYING, groups: [...HEADER.groups, { name: 'h', topics: [DEAD], consumers: ['h1'] }] }
    const at = { p: 'h1', group: 'h', topic: DEAD }
    const told = failedThrice()
      .deliver(1, 0, { ...at, attempt: 3 })
      .finish(1, 0, { ...at, result: 'fail' })
    const buried = told.sentBack(1, 0, at).audit([1]).audit([1], { topic: DEAD }).audit([1], { topic: '%DLQ%h' })
    for (const id of ['RTY-1', 'RTY-2'] as const) expect(namesIn(id, buried, DRAINED, reader)).toEqual([])
  })

  it('goes by the topics that the header names', () => {
    const renamed: Header = {
      ...RETRYING,
      groupTopics: [
        { group: 'g', topic: 'g-retry', holds: 'retries' },
        { group: 'g', topic: 'g-dead', holds: 'dead letters' },
      ],
    }
    const early = failed().wait(seconds(9)).deliver(1, 0, { topic: 'g-retry', attempt: 1 }).finish(1, 0, { topic: 'g-retry' })
    expect(namesIn('RTY-1', early, DRAINED, renamed)).toEqual(['early'])
    expect(namesIn('RTY-2', failed().audit([1]).audit([1], { topic: 'g-dead' }), DRAINED, renamed)).toEqual(['dead too soon'])
  })
})

describe('RTY-2 of an orderly group', () => {
  const ORDERLY: Header = {
    ...RETRYING,
    groups: [{ name: 'g', topics: ['T'], consumers: ['c1', 'c2'], listener: 'orderly', maxReconsumeTimes: 1 }],
  }
  const inOrder = (told: Story): string[] => namesIn('RTY-2', told, DRAINED, ORDERLY)
  const fails = (told: Story, attempt: number): Story => told.deliver(1, 0, { attempt }).finish(1, 0, { result: 'fail' })
  const twice = (): Story => fails(fails(story().sent(1, 0).assign(0), 0), 1)

  it('wants a message to be sent away after its last attempt, once', () => {
    const good = twice().sentBack(1, 0).audit([1]).audit([1], { topic: DEAD })
    expect(judged('RTY-2', good, DRAINED, ORDERLY)).toMatchObject({ anomalies: [], evidence: { chances: 1 } })
    expect(sabotaged('RTY-2', good, ORDERLY)?.anomalies.map(({ name }) => name)).toEqual(['forgotten'])
    expect(inOrder(fails(twice(), 2).audit([1]))).toEqual(['too many'])
  })

  it('lets it be run again where it could not be sent away, or its client has forgotten the count', () => {
    expect(inOrder(fails(twice().sentBack(1, 0, {}, 'fail'), 2).audit([1]))).toEqual([])
    expect(inOrder(fails(twice().assign(0), 0).audit([1]))).toEqual([])
  })

  it('counts nothing of a listener that was at work when its client lost the queue', () => {
    const taken = (): Story => story().sent(1, 0).assign(0)
    const late = { result: 'fail', delivery: 1_000_000 + taken().events.length } as const
    const retaken = (): Story => taken().deliver(1, 0)
    expect(inOrder(fails(fails(retaken().finish(1, 0, late), 1), 2).audit([1]))).toEqual(['too many'])
  })

  it('knows a dead letter that came too soon', () => {
    const soon = fails(story().sent(1, 0).assign(0), 0).sentBack(1, 0)
    expect(inOrder(soon.audit([1]).audit([1], { topic: DEAD }))).toEqual(['dead too soon'])
  })

  it('counts what was run again, and not the failure for which it was sent away', () => {
    const come = (attempt: number): Story => twice().sentBack(1, 0).wait(seconds(60)).deliver(1, 0, { topic: RETRY, attempt })
    expect(inOrder(come(1).finish(1, 0, { topic: RETRY }))).toEqual([])
    expect(inOrder(come(0).finish(1, 0, { topic: RETRY }))).toEqual(['uncounted'])
  })

  it('lets the queue go on without it', () => {
    const goesOn = twice().sent(2, 1).sentBack(1, 0).consumed(2, 1)
    expect(namesIn('ORD-3', goesOn, DRAINED, ORDERLY)).toEqual([])
    expect(namesIn('ORD-3', twice().sent(2, 1).sentBack(1, 0, {}, 'info').consumed(2, 1), DRAINED, ORDERLY)).toEqual(['overtaken'])
  })
})
