/** Histories on disk: what is written is read back, and what does not belong is refused by line and field. */
import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { planArbitrary, planOf } from '../generate/plans.ts'
import { presetOf } from '../generate/presets.ts'
import type { Event } from '../history/event.ts'
import { Recorder } from '../history/recorder.ts'
import { InputError } from '../plan/input-error.ts'
import { drainOf, EventLine, readHistory, writeHistory } from './history-file.ts'
import { runPlan } from './run-plan.ts'
import { toySubject } from './testing/toy.ts'

function everyEvent(): Event[] {
  const events: Event[] = []
  const recorder = new Recorder((event) => events.push(event))
  const place = { topic: 'T', queue: '0', offset: 3 }
  recorder.sendInvoke(1, { topic: 'T', queue: null, mode: 'sync', half: false, digest: 7, text: 'first' })
  recorder.sendOk(1, 'T', '0', 3, 'b1', -1)
  recorder.sendInfo(1, 'timeout')
  recorder.sendFail(1, 'refused')
  recorder.deliver(2, { ...place, group: 'g', message: 1, digest: 7, attempt: 1 })
  recorder.consumed(2, 'ok', { ...place, group: 'g', message: 1 })
  recorder.consumed(2, 'fail', { ...place, group: 'g', message: 1 })
  recorder.commit(0, 'g', 'T', '0', 4)
  recorder.assign(0, 'g', 'T', '0', 4, 'corrected')
  recorder.pull(0, 'T', '0', 3, 1, 7)
  recorder.audit(0, 'T', '0', 0, 4)
  recorder.local(1, 'commit')
  const back = { ...place, group: 'g', message: 1, broker: 'b1' }
  for (const type of ['invoke', 'ok', 'fail', 'info'] as const) recorder.sendBack(2, type, { ...back, copy: true })
  recorder.sendBack(2, 'ok', { ...back, copy: true, status: 'FLUSH_DISK_TIMEOUT' })
  recorder.endTxn(1, 'commit', true)
  recorder.check(1, 'unknown')
  for (const type of ['invoke', 'ok', 'info'] as const) recorder.createTopic(3, type, 'V', 2)
  recorder.share(9, { group: 'g', topic: 'T', strategy: 'AVG', member: 'c1@0', members: ['c1@0'], queues: ['0', '1'], share: ['0', '1'] })
  recorder.churn(4, 'start', true)
  recorder.churn(5, 'stop', false)
  const resize = { topic: 'T', brokers: ['b1'], readQueues: 2, writeQueues: 4, drained: true }
  for (const type of ['invoke', 'ok', 'info', 'fail'] as const) recorder.resize(4, type, resize)
  for (const type of ['invoke', 'ok', 'info'] as const) recorder.wipeWritePerm(4, type, { topic: 'T', broker: 'b1' })
  recorder.noAudit(0, 'T', '3')
  const reset = { group: 'g', topic: 'T', queue: '0' }
  recorder.resetOffset({ type: 'invoke', op: 4, v: { ...reset, offset: -1, timestampUs: 5_000_000 } })
  recorder.resetOffset({ type: 'ok', op: 4, v: { ...reset, offset: 2 } })
  recorder.resetOffset({ type: 'info', op: 4, v: reset })
  const asked = { topic: 'T', key: 'order7', sinceUs: -1, untilUs: 5_000_000, max: 64 }
  recorder.query({ type: 'invoke', op: 5, v: { ...asked, by: 'key' } })
  recorder.query({ type: 'invoke', op: 5, v: { ...asked, by: 'msgId', of: 1 } })
  const found = { ...place, message: 1, broker: 'b1', at: 0, storedUs: 400 }
  recorder.query({ type: 'ok', op: 5, v: { asked: ['b1', 'b2'], answers: [{ broker: 'b1', found: 2 }], messages: [found] } })
  recorder.query({ type: 'fail', op: 5, v: { reason: 'TOPIC_NOT_EXIST' } })
  const lag = { group: 'g', topic: 'T' }
  recorder.lag({ type: 'invoke', op: 6, v: lag })
  recorder.lag({ type: 'ok', op: 6, v: { ...lag, queues: [{ queue: '0', brokerOffset: 4, consumerOffset: 3 }] } })
  recorder.lag({ type: 'fail', op: 6, v: { ...lag, reason: 'NO_ANSWER' } })
  recorder.fault('powerLoss', 'b1', true)
  for (const phase of ['heal', 'drained', 'fresh', 'stuck', 'end'] as const) recorder.phase(phase, 'why')
  recorder.append({ ...place, message: 1, at: 0, size: 120, half: true })
  recorder.force(120)
  recorder.dispatch('T', '0', 3, 0)
  recorder.recovered(120, true)
  recorder.recoveredQueue('T', '0', 0, 4)
  recorder.recoveredIndex(0, 120)
  recorder.storedOffset('g', 'T', '0', 4, true)
  recorder.reset({ ...reset, offset: 2 })
  recorder.endedTxn(1, 'rollback')
  recorder.discarded(1, 15)
  recorder.life('up')
  recorder.life('down')
  return events
}

async function history() {
  const arbitrary = planArbitrary(presetOf('default'), { system: 'toy', version: '0.1.0' })
  const { outcome, events } = await runPlan(toySubject(), planOf(arbitrary, 1))
  return { header: outcome.header, events: [...events, ...everyEvent()] }
}

const message = (read: () => void): string => {
  try {
    read()
  } catch (error) {
    if (error instanceof InputError) return error.message
    throw error
  }
  return ''
}

describe('history files', () => {
  it('know every event there is', () => {
    // Types tell: an event that the schema lacks does not compile here.
    const asLine = (event: Event): z.infer<typeof EventLine> => event
    expect(
      everyEvent()
        .map(asLine)
        .filter((line) => !EventLine.safeParse(line).success),
    ).toEqual([])
  })

  it('give back what was written, whatever the kind of event', async () => {
    const written = await history()
    expect(readHistory(writeHistory(written), 'h.jsonl')).toEqual(written)
  })

  it('refuse what is not there, not JSON, unknown or misspelt, by line and field', async () => {
    const { header } = await history()
    const lines = (...rest: readonly string[]): string => [JSON.stringify(header), ...rest].join('\n')
    expect(message(() => readHistory('', 'h.jsonl'))).toContain('h.jsonl: empty')
    expect(message(() => readHistory(lines('{'), 'h.jsonl'))).toBe('h.jsonl:2: not a JSON document')
    expect(message(() => readHistory(JSON.stringify({ ...header, format: 'mqproof-history/9' }), 'h.jsonl'))).toContain('h.jsonl:1: format')
    expect(
      message(() => readHistory(lines('{"i":0,"t":0,"p":"x","type":"fault","kind":"fire","on":"b1","effective":true}'), 'h.jsonl')),
    ).toContain('h.jsonl:2: kind')
    expect(
      message(() =>
        readHistory(lines('{"i":0,"t":0,"p":"x","type":"fault","kind":"pause","on":"b1","effective":true,"why":1}'), 'h.jsonl'),
      ),
    ).toContain('why')
    expect(message(() => readHistory(lines('{"i":0,"t":0,"p":"x","type":"ok","f":"send","op":1,"v":{"topic":"T"}}'), 'h.jsonl'))).toContain(
      'h.jsonl:2: v.',
    )
  })

  it('say how the run ended', () => {
    const phases = (...names: readonly ('heal' | 'drained' | 'fresh' | 'stuck')[]): Event[] => {
      const events: Event[] = []
      const recorder = new Recorder((event) => events.push(event))
      for (const name of names) recorder.phase(name, 'why')
      return events
    }
    expect(drainOf(phases('heal', 'drained'))).toEqual({ drained: true, fresh: false, reason: '' })
    expect(drainOf(phases('heal', 'fresh', 'drained'))).toEqual({ drained: true, fresh: true, reason: '' })
    expect(drainOf(phases('heal', 'fresh', 'stuck'))).toEqual({ drained: false, fresh: true, reason: 'why' })
    expect(drainOf([]).drained).toBe(false)
  })
})
