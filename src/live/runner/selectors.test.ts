/** Groups that bring selectors in live rounds: what is true of a message is given, and who is refused is waited for by nobody. */
import { describe, expect, it } from 'vitest'
import { claimsContract } from '../../contract/claims.ts'
import { judgementOf, runPlan, type RunResult } from '../../harness/run-plan.ts'
import type { Item } from '../../plan/plan.ts'
import { livePlans } from '../plans.ts'
import { FakeTarget, type FakeOptions } from '../testing/fake-target.ts'
import { livePlan, load, send } from '../testing/live-plan.ts'
import { LiveExecutor } from './executor.ts'
import { misfit } from './fits.ts'

const SELECTING = { capabilities: { selectors: true } } as const
const sends = ['5', '50', '500', 'many', undefined].flatMap((amount, k): Item[] =>
  Array.from({ length: 6 }, (_, n) => send(10 * n + k, amount === undefined ? {} : { properties: { amount } })),
)
const planOf = (selector: string): ReturnType<typeof livePlan> =>
  livePlan({
    cluster: {
      groups: [
        { name: 'g', topics: ['T'], consumers: ['c1', 'c2'], selector },
        { name: 'h', topics: ['T'], consumers: ['c3'] },
      ],
    },
    workload: [load(50), ...sends],
  })
const PLAN = planOf('amount > 10')

function round(plan = PLAN, fake: FakeOptions = {}): Promise<RunResult> {
  const executor = new LiveExecutor(new FakeTarget({ ...SELECTING, ...fake }), {
    version: '0',
    token: 'test',
    sendLimitMs: 400,
    drainLimitMs: 800,
  })
  return runPlan({ system: 'fake', executor, contract: claimsContract }, plan)
}

describe.concurrent('a group that brings a selector', () => {
  it('is given what the selector is true of', async () => {
    const result = await round()
    expect(result.outcome.drain).toEqual({ drained: true, fresh: false, reason: '' })
    expect(judgementOf(result, 'FLT-2')?.verdict).toBe('upheld')
    const given = result.events.filter((event) => event.type === 'ok' && event.f === 'consume' && event.v.group === 'g')
    expect(given).toHaveLength(12)
  })

  it('that is given what it does not want convicts its broker of it', async () => {
    expect(judgementOf(await round(PLAN, { quirks: { givesUnwanted: true } }), 'FLT-2')?.verdict).toBe('violated')
  })

  it('that can not be meant is refused, and its group waited for by nobody', async () => {
    const result = await round(planOf('amount >'))
    expect(result.outcome.drain).toEqual({ drained: true, fresh: false, reason: '' })
    expect(judgementOf(result, 'FLT-2')?.verdict).toBe('upheld')
    expect(result.events.some((event) => event.type === 'fail' && event.f === 'subscribe')).toBe(true)
  })

  it('is refused where the target knows no properties, and drawn where it does', () => {
    expect(misfit(PLAN, new FakeTarget())).toContain('selector: such a group of this target does not choose by properties')
    const target = new FakeTarget(SELECTING)
    const drawn = Array.from({ length: 30 }, (_, k) => livePlans(target, { seed: 'selectors', version: '0' })(k + 1))
    expect(drawn.filter(({ cluster }) => cluster.groups.some(({ selector }) => selector !== undefined)).length).toBeGreaterThan(8)
    for (const plan of drawn) expect(misfit(plan, target)).toBeNull()
  })
})
