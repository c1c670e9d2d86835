/** Counts from small histories that are written out. */
import { describe, expect, it } from 'vitest'
import type { Event } from '../../history/event.ts'
import type { RunResult } from '../../harness/run-plan.ts'
import { Recorder } from '../../history/recorder.ts'
import { script } from '../../plan/script.ts'
import { livePlan } from '../testing/live-plan.ts'
import { seenText } from './claims.ts'
import { addCounts, countsOf, lossRateMax, NO_COUNTS } from './counts.ts'

const plan = livePlan()
const SENTINELS = script(plan).sentinelFrom

function history(tell: (recorder: Recorder) => void): Event[] {
  const events: Event[] = []
  tell(new Recorder((event) => events.push(event)))
  return events
}

const begin = (recorder: Recorder, op: number): void =>
  recorder.sendInvoke(op, { topic: 'T', queue: '0', mode: 'sync', half: false, digest: op, text: '' })
const acked = (recorder: Recorder, op: number): void => {
  begin(recorder, op)
  recorder.sendOk(op, 'T', '0', -1, 'b1', -1)
}
const place = (message: number) => ({ group: 'g', topic: 'T', queue: '0', offset: -1, message })
const deliver = (recorder: Recorder, message: number): void => recorder.deliver(message, { ...place(message), digest: message, attempt: 0 })
const done = (recorder: Recorder, message: number): void => recorder.consumed(message, 'ok', place(message))

const counted = (tell: (recorder: Recorder) => void, findings: RunResult['findings'] = new Map()) =>
  countsOf({ plan, events: history(tell), findings })

describe('counts', () => {
  it('have what was delayed among the acknowledged, and do not call it overtaken', () => {
    const counts = counted((recorder) => {
      recorder.sendInvoke(1, { topic: 'T', queue: '0', mode: 'sync', half: false, digest: 1, text: '', delay: { level: 1 } })
      recorder.sendOk(1, 'T', '0', 0, 'b1', 0)
      acked(recorder, 2)
      for (const op of [2, 1]) deliver(recorder, op)
    })
    expect(counts).toMatchObject({ acked: 2, overtaken: 0, indeterminate: 0 })
    const lost = counted((recorder) => {
      for (const op of [1, 2]) {
        recorder.sendInvoke(op, { topic: 'T', queue: '0', mode: 'sync', half: false, digest: op, text: '', delay: { level: 1 } })
        recorder.sendOk(op, 'T', '0', -1, 'b1', -1)
      }
      recorder.pull(9, 'T', '0', 0, 2, 2)
      recorder.audit(9, 'T', '0', 0, 1)
    })
    expect(lost).toMatchObject({ acked: 2, looked: 2, lost: 1 })
  })

  it('know what the audit did not find', () => {
    const counts = counted((recorder) => {
      for (const op of [1, 2, 3]) acked(recorder, op)
      for (const op of [1, 3]) recorder.pull(op, 'T', '0', op, op, op)
      recorder.audit(9, 'T', '0', 0, 3)
    })
    expect(counts).toMatchObject({ acked: 3, looked: 3, lost: 1 })
  })

  it('call nothing lost that nobody looked for', () => {
    expect(counted((recorder) => acked(recorder, 1))).toMatchObject({ acked: 1, looked: 0, lost: 0 })
  })

  it('look in the whole topic for what was acknowledged without its queue', () => {
    const counts = counted((recorder) => {
      for (const op of [1, 2]) {
        begin(recorder, op)
        recorder.sendOk(op, 'T', '', -1, 'b1', -1)
      }
      recorder.pull(9, 'T', '0', 0, 1, 1)
      recorder.audit(9, 'T', '0', 0, 1)
    })
    expect(counts).toMatchObject({ acked: 2, looked: 2, lost: 1 })
  })

  it('know what is in doubt, and what certainly did not happen', () => {
    const counts = counted((recorder) => {
      for (const op of [1, 2, 3]) begin(recorder, op)
      recorder.sendInfo(1, 'TIMEOUT')
      recorder.sendFail(2, 'refused')
    })
    expect(counts).toMatchObject({ acked: 0, indeterminate: 2 })
  })

  it('count each time that a group finishes a message again', () => {
    const counts = counted((recorder) => {
      acked(recorder, 1)
      for (let n = 0; n < 3; n++) {
        deliver(recorder, 1)
        done(recorder, 1)
      }
    })
    expect(counts.duplicated).toBe(2)
  })

  it('count first deliveries behind what was sent only after their acknowledgement', () => {
    const counts = counted((recorder) => {
      for (const op of [1, 2, 3]) acked(recorder, op)
      for (const message of [2, 1, 3, 1]) deliver(recorder, message)
    })
    expect(counts).toMatchObject({ overtaken: 1, reordered: 0 })
  })

  it('do not order what was in flight together', () => {
    const counts = counted((recorder) => {
      begin(recorder, 1)
      begin(recorder, 2)
      recorder.sendOk(1, 'T', '0', -1, 'b1', -1)
      recorder.sendOk(2, 'T', '0', -1, 'b1', -1)
      for (const message of [2, 1]) deliver(recorder, message)
    })
    expect(counts.overtaken).toBe(0)
  })

  it('call reordered what ORD-1 does', () => {
    const anomaly = { guarantee: 'ORD-1' as const, name: 'reordered', summary: '', t: -1, facts: {}, events: [] }
    const findings = new Map([['ORD-1' as const, { anomalies: [anomaly, anomaly], evidence: null }]])
    expect(counted((recorder) => acked(recorder, 1), findings)).toMatchObject({ reordered: 2, overtaken: 0 })
  })

  it('leave sentinels out', () => {
    const counts = counted((recorder) => {
      acked(recorder, SENTINELS)
      deliver(recorder, SENTINELS)
      done(recorder, SENTINELS)
      done(recorder, SENTINELS)
    })
    expect(counts).toEqual({ ...NO_COUNTS, rounds: 1 })
  })

  it('add up, and bound the rate of a loss that was never seen', () => {
    const counts = addCounts({ ...NO_COUNTS, acked: 900, looked: 200, rounds: 1 }, { ...NO_COUNTS, acked: 900, looked: 100, rounds: 1 })
    expect(counts).toMatchObject({ acked: 1800, looked: 300, rounds: 2 })
    expect(lossRateMax(counts)).toBeCloseTo(0.01)
    expect(lossRateMax({ ...counts, lost: 1 })).toBeNull()
    expect(lossRateMax(NO_COUNTS)).toBeNull()
    expect(lossRateMax({ ...NO_COUNTS, acked: 1000, rounds: 1 })).toBeNull()
  })

  it('are told in the manner of a facts sheet', () => {
    const counts = { ...NO_COUNTS, acked: 17_563, rounds: 1 }
    expect(seenText({ lost: 1_962 }, counts)).toBe('lost 1,962 (of 17,563 acknowledged, 1 round)')
    expect(seenText({}, counts)).toBe('nothing amiss (17,563 acknowledged, 1 round)')
    expect(seenText({}, NO_COUNTS)).toBe('nothing could have broken it')
  })
})
