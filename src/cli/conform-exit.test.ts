/** What the end of a campaign on a real broker means to a pipeline. */
import { describe, expect, it } from 'vitest'
import { NO_COUNTS } from '../live/conform/counts.ts'
import type { ConformGuarantee } from '../live/conform/document.ts'
import { conformed as document } from '../live/conform/testing/document.ts'
import { junit } from '../report/junit.ts'
import { conformExit, reported } from './conform-exit.ts'

const guarantee = (id: string, verdict: ConformGuarantee['verdict'], known = false): ConformGuarantee => ({
  id: `DUR-${id.length}`,
  verdict,
  promised: 1,
  exercised: 1,
  violations: 0,
  excused: 0,
  excuses: {},
  unknown: 0,
  reason: id,
  counts: NO_COUNTS,
  anomalies: {},
  known,
  lossRateMax: null,
})

const upheld = guarantee('a', 'upheld')
const violated = guarantee('bb', 'violated')
const listed = guarantee('ccc', 'violated', true)
const down = { run: 1, message: 'its log', dir: '' }

describe('the exit code', () => {
  it.each([
    ['what is upheld is 0', document([upheld]), 0],
    ['something new that is violated is 1', document([upheld, violated, listed]), 1],
    ['what is known turns nothing red', document([upheld, listed]), 0],
    ['nothing exercised is 3', document([guarantee('a', 'not-exercised')]), 3],
    ['something unknown is 3', document([upheld, guarantee('bb', 'unknown')]), 3],
    ['a target that broke is 3, whatever it said before', document([violated], { broken: 'garbage' }), 3],
    ['a broker that never came up is 3', document([], { runs: 0, downs: [down] }), 3],
    ['a broker that did not come up again is 3', document([upheld], { downs: [down] }), 3],
    ['a broker that also broke a promise is 1', document([violated], { downs: [down] }), 1],
  ])('of %s', (_, ended, code) => {
    expect(conformExit(ended)).toBe(code)
  })
})

describe('JUnit', () => {
  it('skips what is known, with the reason', () => {
    const failure = {
      guarantee: listed.id,
      run: 1,
      dir: '',
      traceHash: '',
      operations: 1,
      faults: 1,
      summary: 's',
      anomaly: 'lost',
      known: 'a ticket',
    }
    const xml = junit(reported(document([upheld, listed], { failures: [failure] })))
    expect(xml).toContain('failures="0"')
    expect(xml).toContain('known: a ticket')
  })

  it('has an error for a target that broke before anything was judged', () => {
    expect(junit(reported(document([], { broken: 'garbage' })))).toMatch(/errors="1"[^]*name="fake"[^]*garbage/)
    expect(junit(reported(document([], { runs: 0, downs: [down] })))).toMatch(/errors="1"[^]*name="fake"[^]*its log/)
  })
})
