/** What people and CI servers read of a run: the tables, JUnit, the progress line. */
import { describe, expect, it } from 'vitest'
import { coloursFor } from './colours.ts'
import { controlsTable } from './controls-table.ts'
import type { GuaranteeResult, RunDocument } from './document.ts'
import { faultsTable } from './faults-table.ts'
import { junit } from './junit.ts'
import { killTable } from './kill-table.ts'
import { renderMarkdown } from './markdown.ts'
import { grouped, short, span } from './numbers.ts'
import { Progress, progressLine } from './progress.ts'
import { verdictTable } from './terminal-table.ts'

const plain = coloursFor(false)

const result = (change: Partial<GuaranteeResult>): GuaranteeResult => ({
  id: 'DUR-1',
  verdict: 'upheld',
  promised: 480,
  exercised: 431,
  violations: 0,
  excused: 3,
  unknown: 0,
  excuses: {},
  reason: '',
  ...change,
})

const document: RunDocument = {
  mqproof: '0.1.0',
  command: 'run',
  seed: '7',
  runs: 500,
  steps: 1000,
  simulatedMs: 5,
  wallMs: 1500,
  traceHash: 'a1',
  faults: {},
  guarantees: [
    result({}),
    result({ id: 'ALO-1', verdict: 'violated', violations: 2 }),
    result({ id: 'TXN-1', verdict: 'not-exercised', reason: 'no transaction was sent' }),
    result({ id: 'TXN-2', verdict: 'unknown', reason: 'the run did not drain' }),
  ],
  failures: [
    { guarantee: 'ALO-1', run: 3, dir: 'out/x', traceHash: 'b', operations: 1, faults: 1, summary: '"m1" <T:0@0> & never\u0001 delivered' },
  ],
}

describe('the verdict table', () => {
  it('shows the numbers beside the verdict, and no reasons where there are none', () => {
    expect(verdictTable([result({})], 100, plain)).toBe(
      '  guarantee  verdict  promised  exercised  violations  excused  unknown\n  DUR-1      upheld        480        431           0        3        0',
    )
  })

  it('wraps reasons at the edge of the terminal', () => {
    const text = verdictTable(
      [result({ reason: 'a reason that is a good deal longer than what is left of the line at one hundred columns' })],
      100,
      plain,
    )
    expect(text.split('\n').length).toBeGreaterThan(3)
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100)
  })

  it('leaves out what was not exercised, and says of it why, once for all of one reason', () => {
    const idle = { verdict: 'not-exercised', reason: 'no group pops' } as const
    expect(verdictTable([result({ ...idle }), result({ ...idle, id: 'PUL-1' })], 100, plain)).toBe(
      '  not exercised\n  DUR-1, PUL-1: no group pops',
    )
  })

  it('says where to read about an excuse', () => {
    expect(verdictTable([result({ excuses: { 'async-flush': 3 } })], 100, plain)).toContain('mqproof explain async-flush')
  })
})

describe('the other tables', () => {
  it('show faults that never took effect', () => {
    expect(faultsTable({ powerLoss: { injected: 210, effective: 0 } }, 80, plain)).toContain('powerLoss       210          0')
  })

  it('show who else saw a planted bug, most often first', () => {
    const mutant = {
      id: 'ack-early',
      guarantee: 'DUR-1',
      bug: '',
      killed: true,
      killedBy: { 'DUR-1': 9, 'ALO-1': 2, 'DUR-4': 5 },
      runs: 4,
      shrunk: { operations: 1, faults: 2 },
      wallMs: 3,
      blackBox: false,
    }
    expect(killTable([mutant], 120, plain)).toMatch(/ack-early {4}DUR-1 {3}killed {6}4 {9}1 \+ 2 {2}no {9}DUR-4, ALO-1/)
    expect(killTable([{ ...mutant, killed: false, runs: null, shrunk: null }], 120, plain)).toContain('survived')
  })

  it('show a control that failed', () => {
    const control = {
      guarantee: 'DUR-1',
      control: 'breaks' as const,
      preset: 'async',
      cell: 'ASYNC_FLUSH',
      fault: 'powerLoss',
      ok: false,
      runs: 200,
      reason: 'no anomaly in 200 runs',
      dir: '',
      summary: '',
    }
    expect(controlsTable([control], 100, plain)).toMatch(
      /DUR-1 {6}breaks {2}not so {4}200 {2}ASYNC_FLUSH; powerLoss\n +no anomaly in 200 runs$/,
    )
  })
})

describe('JUnit', () => {
  const xml = junit(document)

  it('counts', () => {
    expect(xml).toContain('<testsuite name="mqproof run" tests="4" failures="1" errors="1" skipped="1" time="1.500">')
  })

  it('escapes what XML cannot hold', () => {
    expect(xml).toContain('run 3: &quot;m1&quot; &lt;T:0@0&gt; &amp; never delivered')
  })

  it('skips what was not exercised and reports what is unknown as an error', () => {
    expect(xml).toContain('<skipped message="not-exercised: no transaction was sent">')
    expect(xml).toContain('<error message="unknown: the run did not drain">')
  })
})

describe('progress', () => {
  const state = { runs: 12_345, steps: 6_000_000, simulatedMs: 7_200_000, wallMs: 6_000, failures: 1 }

  it('says how far and how fast', () => {
    expect(progressLine(state)).toBe('12,345 runs · 2,058 runs/s · 1.00 M steps/s · 2.0 h simulated · 1 failure')
  })

  const collect = (live: boolean): { written: string[]; progress: Progress } => {
    const written: string[] = []
    return { written, progress: new Progress({ write: (text) => written.push(text) }, live, 80) }
  }

  it('writes a plain line every five seconds where output is kept', () => {
    const { written, progress } = collect(false)
    for (const wallMs of [1_000, 5_000, 6_000, 10_001]) progress.update({ ...state, wallMs })
    progress.end()
    expect(written.length).toBe(2)
    expect(written.join('')).not.toContain('\r')
  })

  it('redraws one line on a terminal and takes it away at the end', () => {
    const { written, progress } = collect(true)
    for (const wallMs of [100, 150, 200]) progress.update({ ...state, wallMs })
    progress.end()
    expect(written.length).toBe(3)
    expect(written[2]).toBe('\r\u001b[2K')
  })
})

describe('numbers', () => {
  it('are grouped, short, or spans', () => {
    expect([
      grouped(1234567),
      grouped(12),
      short(1_234_567),
      short(12_345),
      span(90),
      span(90_000),
      span(600_000),
      span(3 * 86_400_000),
    ]).toEqual(['1,234,567', '12', '1.23 M', '12.3 k', '90 ms', '90.0 s', '10.0 min', '3.0 days'])
  })
})

describe('Markdown', () => {
  it('joins and wraps paragraphs, keeps literal blocks, drops the marks', () => {
    const text = renderMarkdown(
      '# A: b\n\nOne **bold**\nword and `code` [link](x.md).\n\n- item that\n  goes on\n\n```\n a  b\n```',
      20,
      plain,
    )
    expect(text).toBe('A: b\n\nOne bold word and\ncode link.\n\n  - item that goes\n    on\n\n     a  b')
  })
})
