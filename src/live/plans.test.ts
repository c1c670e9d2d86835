/** Plans for live rounds: they ask for nothing that the target lacks, they are enough to see rare losses, and good brokers survive them. */
import { describe, expect, it } from 'vitest'
import { claimsContract } from '../contract/claims.ts'
import { runPlan, violated } from '../harness/run-plan.ts'
import type { FaultKind } from '../plan/faults.ts'
import { Plan } from '../plan/plan.ts'
import { healTime, script } from '../plan/script.ts'
import { ms, seconds } from '../plan/units.ts'
import { livePlans } from './plans.ts'
import { LiveExecutor } from './runner/executor.ts'
import { misfit } from './runner/fits.ts'
import type { TargetCapabilities } from './target.ts'
import { FakeTarget } from './testing/fake-target.ts'

const OPTIONS = { seed: 'live', version: '0' }
const POOR: Partial<TargetCapabilities> = {
  modes: ['sync'],
  offsets: false,
  read: false,
  commits: false,
  transactions: 'none',
  queuesMax: 1,
  bytesMax: 256,
}
const PLAIN: Partial<TargetCapabilities> = { transactions: 'plain' }

const rounds = (count: number, target: FakeTarget, faults?: ReadonlySet<FaultKind>): Plan[] => {
  const draw = livePlans(target, { ...OPTIONS, faults })
  return Array.from({ length: count }, (_, k) => draw(k + 1))
}

describe('live plans', () => {
  it('fit the target, however little it can do', () => {
    for (const target of [new FakeTarget(), new FakeTarget({ capabilities: PLAIN }), new FakeTarget({ capabilities: POOR })]) {
      for (const plan of rounds(100, target)) {
        expect(Plan.safeParse(plan).error).toBeUndefined()
        expect(misfit(plan, target)).toBeNull()
      }
    }
  })

  it('are short, and hold hundreds to thousands of messages', () => {
    const plans = rounds(200, new FakeTarget())
    const sizes = plans.map((plan) => script(plan).threads.reduce((sum, { steps }) => sum + steps.length, 0))
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(200)
    expect(sizes.reduce((sum, size) => sum + size, 0) / sizes.length).toBeGreaterThan(1000)
    expect(Math.max(...plans.map(healTime))).toBeLessThan(seconds(10))
  })

  it('have only the faults that are wanted, and none when none is', () => {
    const target = new FakeTarget()
    const kinds = (plans: readonly Plan[]): string[] => [...new Set(plans.flatMap((plan) => plan.faults.map((fault) => fault.kind)))].sort()
    expect(kinds(rounds(100, target))).toEqual(['gracefulRestart', 'pause', 'processKill'])
    expect(kinds(rounds(100, target, new Set<FaultKind>(['pause', 'powerLoss'])))).toEqual(['pause'])
    expect(kinds(rounds(20, target, new Set()))).toEqual([])
  })

  it('mostly have transactions where there are some, and listeners at work in vain where somebody dies', () => {
    const plans = rounds(200, new FakeTarget())
    const withTransactions = plans.filter(({ workload }) => workload.some((item) => item.do === 'transaction'))
    expect(withTransactions.length).toBeGreaterThan(140)
    const deadly = plans.filter(({ faults }) => faults.some(({ kind }) => kind !== 'pause'))
    const inHand = deadly.filter(({ faults, workload }) =>
      workload.some(
        (item) => item.do === 'send' && item.fails === 1 && faults.some(({ atUs }) => item.atUs <= atUs && item.atUs > atUs - ms(300)),
      ),
    )
    expect(inHand.length).toBeGreaterThan(deadly.length * 0.6)
  })

  it('are the same for the same seed and round', () => {
    expect(rounds(5, new FakeTarget())).toEqual(rounds(5, new FakeTarget()))
  })
})

describe('a good broker', () => {
  it('is never accused, in fifty rounds', async () => {
    const plans = rounds(50, new FakeTarget())
    const results = await Promise.all(
      plans.map(async (plan, k) => {
        const target = new FakeTarget({ startMs: 100, capabilities: k % 2 === 0 ? {} : { offsets: false, read: false, commits: false } })
        const executor = new LiveExecutor(target, { version: '0', token: `law${k}`, sendLimitMs: 5000 })
        return runPlan({ system: 'fake', executor, contract: claimsContract }, plan)
      }),
    )
    expect(results.flatMap((result) => violated(result).map(({ id, reason }) => `${id}: ${reason}`))).toEqual([])
    expect(results.filter((result) => !result.outcome.drain.drained).map((result) => result.outcome.drain.reason)).toEqual([])
    expect(results.some((result) => result.judgements.some(({ id, verdict }) => id === 'DUR-1' && verdict === 'upheld'))).toBe(true)
  })
})
