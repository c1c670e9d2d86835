/** The one-line descriptions of setups and plans. */
import { describe, expect, it } from 'vitest'
import { describeSetup, summary } from './describe.ts'
import { parseScenario } from './parse.ts'
import { toPlan } from './scenario.ts'

const plan = toPlan(
  parseScenario(
    `cluster
brokers b1 b2
topic T queues=4
topic U queues=1
group g consumers=c1,c2
group h topics=U consumers=c3
----

at 0ms p1 send T
at 0ms p1 load T workers=4 for=1000ms every=10ms
at 1ms b1 power-loss for=1ms keep=torn
at 1ms cut p1>b1 for=1ms
at 3ms cut p1>b1 for=1ms
at 1ms b1 clock-jump by=-5000ms
drain
----
`,
    'x',
  ),
)

describe('describe', () => {
  it('says what a setup amounts to', () => {
    expect(describeSetup(plan)).toEqual([
      'b1 and b2 are up; T has queues 0..3; U has queue 0; c1 and c2 of g share T:0..3 and U:0',
      'c3 of h owns U:0',
    ])
  })

  it('says who comes later', () => {
    const start = (client: string, atUs: number) => ({ do: 'start' as const, client, atUs, salt: 1 })
    const stop = { ...start('c3', 1), do: 'stop' as const }
    expect(describeSetup({ ...plan, workload: [start('c1', 9), start('c3', 5), stop] })).toEqual([
      'b1 and b2 are up; T has queues 0..3; U has queue 0; c2 of g owns T:0..3 and U:0, and c1 comes later',
      'c3 of h owns U:0',
    ])
    expect(describeSetup({ ...plan, workload: [start('c3', 5)] })[1]).toBe('c3 of h comes later, for U:0')
  })

  it('sums a plan up', () => {
    expect(summary(plan)).toBe('1 send, 1 load, power loss of b1 (keep torn), 2 × cut p1 → b1, clock jump of b1 by -5000ms')
    expect(summary({ ...plan, workload: [], faults: [] })).toBe('nothing happens')
  })
})
