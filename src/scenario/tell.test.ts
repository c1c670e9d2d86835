/** Histories as transcripts, and golden text that is filled in once and then agrees. */
import { describe, expect, it } from 'vitest'
import type { Event } from '../history/event.ts'
import { Recorder } from '../history/recorder.ts'
import { parseScenario } from './parse.ts'
import { replayScenario } from './scenario-file.ts'
import { toPlan } from './scenario.ts'
import { tell } from './tell.ts'
import { verdictLines } from './verdicts.ts'

const TEXT = `# A story. (RMQ-155)
# guarantees: ALO-1
cluster preset=rocketmq-5.5 flush=async
topic T queues=1
group g consumers=c1
----

at 0ms p1 send T "first"
at 8000ms b1 power-loss for=2000ms keep=none
drain
----
`
const plan = toPlan(parseScenario(TEXT, 'x'))

function history(write: (at: (t: number, p: string) => Recorder) => void): Event[] {
  const events: Event[] = []
  const recorder = new Recorder((event) => events.push(event))
  write((t, p) => {
    recorder.t = t
    recorder.p = p
    return recorder
  })
  return events
}

const sample = history((at) => {
  at(0, 'b1').life('up')
  at(0, 'b1').recovered(0, true)
  at(0, 'p1').sendInvoke(1, { topic: 'T', queue: null, mode: 'sync', half: false, digest: 7, text: 'first' })
  at(412, 'b1').append({ topic: 'T', queue: '0', offset: 0, message: 1, at: 0, size: 130, half: false })
  at(500, 'b1').dispatch('T', '0', 0, 0)
  at(790, 'p1').sendOk(1, 'T', '0', 0, 'b1', 0)
  at(1205, 'c1').deliver(1, { group: 'g', topic: 'T', queue: '0', offset: 0, message: 1, digest: 7, attempt: 0 })
  at(1300, 'c1').consumed(1, 'ok', { group: 'g', topic: 'T', queue: '0', offset: 0, message: 1 })
  at(5000, 'c1').commit(2, 'g', 'T', '0', 1)
  at(9000, 'c1').commit(3, 'g', 'T', '0', 1)
  at(9500, 'b1').storedOffset('g', 'T', '0', 1, true)
  at(8_000_000, 'b1').fault('powerLoss', 'b1', true)
  at(8_000_000, 'b1').life('down')
  at(10_000_000, 'b1').life('up')
  at(10_000_000, 'b1').recovered(0, false)
  at(11_000_000, '').phase('heal', '')
  at(12_000_000, 'sentinel').sendInvoke(2, { topic: 'T', queue: '0', mode: 'sync', half: false, digest: 9, text: 'sentinel' })
  at(12_000_000, 'b1').append({ topic: 'T', queue: '0', offset: 0, message: 2, at: 0, size: 130, half: false })
  at(12_000_000, 'b1').dispatch('T', '0', 0, 0)
  at(13_000_000, 'auditor').pull(3, 'T', '0', 0, 2, 9)
  at(13_000_000, 'auditor').audit(3, 'T', '0', 0, 1)
  at(13_000_000, '').phase('drained', '')
})

const SAMPLE = [
  '      0.000  p1 → b1   send T "first"',
  '      0.412  b1        append T:0@0 "first"',
  '      0.500  b1        dispatch T:0@0',
  '      0.790  b1 → p1   SEND_OK T:0@0 "first"',
  '      1.205  b1 → c1   deliver T:0@0 "first"',
  '      1.300  c1        consumed T:0@0 "first"',
  '      5.000  c1 → b1   commit g T:0 → 1',
  '      9.500  b1        progress of g on disk: T:0@1',
  '   8000.000  b1        power-loss for=2000ms keep=none',
  '  10000.000  b1        up',
  '  10000.000  b1        recover the log up to 0',
  '  11000.000            the faults are over',
  '  13000.000  auditor   reads T:0@0..1: the sentinel',
  '  13000.000            drained',
]

describe('tell', () => {
  it('says what happened, and hides sentinels, the boot and what repeats itself', () => {
    expect(tell(sample, plan)).toEqual(SAMPLE)
  })

  it('tells what a load does in a line for each sort of event, and failures on their own', () => {
    const events = history((at) => {
      for (let op = 1; op <= 20; op++) {
        const t = op * 10_000
        at(t, 'p1').sendInvoke(op, { topic: 'T', queue: null, mode: 'sync', half: false, digest: 7, text: '' })
        if (op > 18) at(t + 400, 'p1').sendFail(op, 'SYSTEM_BUSY')
        else at(t + 200, 'b1').append({ topic: 'T', queue: '0', offset: op - 1, message: op, at: op * 130, size: 130, half: false })
        if (op <= 18) at(t + 400, 'p1').sendOk(op, 'T', '0', op - 1, 'b1', op * 130)
      }
      for (let op = 1; op <= 18; op++) at(9_000_000, 'auditor').pull(1, 'T', '0', op - 1, op, 7)
      at(9_000_000, 'auditor').audit(1, 'T', '0', 0, 18)
    })
    const [item] = plan.workload
    expect(tell(events, { ...plan, workload: item === undefined ? [] : Array.from({ length: 20 }, () => item) })).toEqual([
      '     10.000  p1 → b1   send T m1..m20',
      '     10.200  b1        append T:0@0..17 m1..m18',
      '     10.400  b1 → p1   SEND_OK T:0@0..17 m1..m18',
      '    190.400  p1        SYSTEM_BUSY m19..m20: not stored',
      '                       … until 200.400 …',
      '   9000.000  auditor   reads T:0@0..18: m1..m18',
    ])
  })

  it('cuts a long run in the middle but keeps its turns', () => {
    const events = history((at) => {
      for (let op = 1; op <= 500; op++) {
        at(op * 1000, 'p1').sendInvoke(op, { topic: 'T', queue: null, mode: 'sync', half: false, digest: 7, text: `t${op}` })
        if (op === 250) at(op * 1000, 'b1').fault('pause', 'b1', true)
      }
    })
    const lines = tell(events, { ...plan, workload: plan.workload.flatMap((item) => Array.from({ length: 500 }, () => item)) })
    expect(lines).toHaveLength(30 + 1 + 1 + 1 + 30)
    expect(lines[30]).toBe('             … 220 events …')
    expect(lines[31]).toBe('    250.000  b1        pause')
    expect(lines[32]).toBe('             … 220 events …')
  })
})

describe('verdictLines', () => {
  it('says what went wrong in a line each and what was upheld in one', () => {
    expect(
      verdictLines(
        [
          { guarantee: 'ALO-3', verdict: 'upheld' },
          { guarantee: 'DUR-1', verdict: 'allowed', summary: '"first" is lost', reason: 'ASYNC_FLUSH' },
          { guarantee: 'ORD-1', verdict: 'allowed', summary: '"second" went back', reason: 'ASYNC_FLUSH' },
          { guarantee: 'ALO-1', verdict: 'violated', summary: '"second" was never delivered to g' },
          { guarantee: 'TXN-1', verdict: 'not-exercised' },
          { guarantee: 'ORD-2', verdict: 'not-exercised' },
          { guarantee: 'DUR-3', verdict: 'upheld' },
        ],
        ['ORD-2'],
      ),
    ).toEqual([
      '  DUR-1 allowed: "first" is lost',
      '    ASYNC_FLUSH',
      '  ORD-1 allowed: "second" went back',
      '    as for DUR-1',
      '  ALO-1 violated: "second" was never delivered to g',
      '  ORD-2 not-exercised',
      '  upheld: ALO-3, DUR-3',
    ])
  })
})

describe('replayScenario', () => {
  it('fills in golden text, and is content with it afterwards', () => {
    const run = (): { events: Event[]; verdictLines: string[] } => ({ events: sample, verdictLines: ['  upheld: ORD-1'] })
    const first = replayScenario(TEXT, 'x', run)
    expect(first.ok).toBe(false)
    expect(first.expected).toBe('')
    expect(first.updated).toContain('----\nb1 is up; T has queue 0; c1 of g owns T:0\n\nat 0ms')
    expect(first.updated.endsWith(`${SAMPLE.join('\n')}\n  upheld: ORD-1\n`)).toBe(true)
    expect(replayScenario(first.updated, 'x', run).ok).toBe(true)
  })
})
