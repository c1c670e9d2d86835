/** The rule from anomalies and terms to verdicts, for one run and for many. */
import { describe, expect, it } from 'vitest'
import type { Anomaly, Findings } from '../check/checker.ts'
import type { RunFacts, Term } from '../contract/contract.ts'
import { judgeOne, judgeRun, type Judgement } from './judge.ts'
import { Tally } from './tally.ts'

const facts: RunFacts = { effective: new Set(), faults: [] }
const anomaly = (name: string): Anomaly => ({ guarantee: 'DUR-1', name, summary: `a message is ${name}`, t: 0, facts: {}, events: [] })
const found = (names: readonly string[], more: Partial<Findings> = {}): Findings => ({
  anomalies: names.map(anomaly),
  evidence: { chances: 1, example: '' },
  ...more,
})
const excusing: Term = {
  excuses: ({ name }) => (name === 'lost' ? { reason: 'ASYNC_FLUSH', rows: ['async-flush', 'failed-force'] } : null),
}
const none: Term = { notApplicable: 'not promised here' }

describe('one run', () => {
  it.each<[string, Findings, Term, Judgement['verdict'], string]>([
    ['a required guarantee that was tested holds', found([]), 'required', 'upheld', ''],
    ['an anomaly violates it', found(['lost']), 'required', 'violated', 'a message is lost'],
    ['an excused anomaly does not', found(['lost']), excusing, 'allowed', 'a message is lost: ASYNC_FLUSH'],
    ['an excuse covers its own anomaly only', found(['lost', 'torn']), excusing, 'violated', 'a message is torn'],
    [
      'without evidence nothing is upheld',
      found([], { evidence: null }),
      'required',
      'not-exercised',
      'nothing in the run could have broken it',
    ],
    ['what the history lacks is named', found([], { evidence: null, notExercised: 'no pulls' }), 'required', 'not-exercised', 'no pulls'],
    ['what can not be judged is unknown', found([], { unknown: 'not drained' }), 'required', 'unknown', 'not drained'],
    ['a violation is certain all the same', found(['lost'], { unknown: 'not drained' }), 'required', 'violated', 'a message is lost'],
    ['what is not promised is not judged', found(['lost']), none, 'not-exercised', 'not promised here'],
  ])('%s', (_, findings, term, verdict, reason) => {
    expect(judgeOne('DUR-1', findings, term, facts)).toMatchObject({ verdict, reason })
  })

  it('relies on nothing that a broken source has told', () => {
    const judged = judgeRun(new Map([['DUR-1', found(['lost'])]]), new Map([['DUR-1', 'required']]), facts, { broken: 'line 3: no JSON' })
    expect(judged).toMatchObject([{ verdict: 'unknown', reason: 'line 3: no JSON', violations: [] }])
  })

  it('promises nothing that the contract does not mention', () => {
    expect(judgeRun(new Map([['DUR-1', found(['lost'])]]), new Map(), facts)).toMatchObject([{ verdict: 'not-exercised', promise: 'none' }])
  })
})

const upheld = judgeOne('DUR-1', found([]), 'required', facts)
const upheldWithExcuses = judgeOne('DUR-1', found([]), excusing, facts)
const violation = judgeOne('DUR-1', found(['lost']), 'required', facts)
const excused = judgeOne('DUR-1', found(['lost']), excusing, facts)
const unknown = judgeOne('DUR-1', found([], { unknown: 'not drained' }), 'required', facts)
const idle = judgeOne('DUR-1', found([], { evidence: null }), 'required', facts)
const unpromised = judgeOne('DUR-1', found(['lost']), none, facts)

function after(...judgements: readonly Judgement[]) {
  const tally = new Tally()
  for (const judgement of judgements) tally.add([judgement])
  return tally.results()[0]
}
const times = (n: number, judgement: Judgement): Judgement[] => Array.from({ length: n }, () => judgement)

describe('many runs', () => {
  it('are violated by one of them', () => {
    expect(after(...times(500, upheld), violation)).toMatchObject({ verdict: 'violated', violations: 1, promised: 501, exercised: 501 })
  })

  it('are unknown when more than one in a hundred is', () => {
    expect(after(...times(98, upheld), unknown)).toMatchObject({
      verdict: 'unknown',
      unknown: 1,
      reason: '1 of 99 runs could not be judged: not drained',
    })
    expect(after(...times(99, upheld), unknown)).toMatchObject({ verdict: 'upheld', unknown: 1 })
  })

  it('are upheld by one required run that tested it, and say what was excused elsewhere', () => {
    expect(after(excused, upheld, idle)).toMatchObject({
      verdict: 'upheld',
      excused: 1,
      excuses: { 'async-flush': 1 },
      reason: 'excused in 1 of 3 runs (async-flush 1): a message is lost: ASYNC_FLUSH',
    })
  })

  it('show what the most frequent excuse was about', () => {
    const rare: Judgement = { ...excused, reason: 'a rare thing', excused: excused.excused.map((one) => ({ ...one, rows: ['rare'] })) }
    expect(after(rare, excused, excused)).toMatchObject({
      reason: 'excused in 3 of 3 runs (async-flush 2, rare 1): a message is lost: ASYNC_FLUSH',
    })
  })

  it('are allowed when it broke, excused, and no required run tested it', () => {
    expect(after(excused, upheldWithExcuses, idle)).toMatchObject({ verdict: 'allowed', excused: 1 })
  })

  it('are not exercised when nothing broke where a break would have been excused', () => {
    expect(after(upheldWithExcuses, idle)).toMatchObject({
      verdict: 'not-exercised',
      reason: 'whatever could have broken it would have been excused, in 1 of 2 runs',
    })
  })

  it('are not exercised otherwise, and count nothing that is not promised', () => {
    expect(after(idle)).toMatchObject({ verdict: 'not-exercised', promised: 1, exercised: 0 })
    expect(after(unpromised)).toMatchObject({
      verdict: 'not-exercised',
      promised: 0,
      exercised: 0,
      violations: 0,
      reason: 'not promised here',
    })
  })
})
