/** Groups that choose messages by their tags: they are given no sentinels, and what they have told of their progress stands for them. */
import { describe, expect, it } from 'vitest'
import { claimsContract } from '../../contract/claims.ts'
import { judgementOf, runPlan, type RunResult } from '../../harness/run-plan.ts'
import type { Item } from '../../plan/plan.ts'
import { livePlans } from '../plans.ts'
import { FakeTarget, type FakeOptions } from '../testing/fake-target.ts'
import { fault, livePlan, load, send } from '../testing/live-plan.ts'
import { LiveExecutor } from './executor.ts'
import { misfit } from './fits.ts'

const TAGGED = { capabilities: { tags: true } } as const
const sends = (['a', 'b', 'c', undefined] as const).flatMap((tag, k): Item[] =>
  Array.from({ length: 10 }, (_, n) => send(10 * n + k, { fails: n % 2, ...(tag === undefined ? {} : { tag }) })),
)
const PLAN = livePlan({
  cluster: {
    groups: [
      { name: 'g', topics: ['T'], consumers: ['c1', 'c2'], tags: 'a || b' },
      { name: 'h', topics: ['T'], consumers: ['c3'] },
    ],
  },
  workload: [load(100), ...sends],
  faults: [fault('processKill', 'b1', 120, 50)],
})

async function round(fake: FakeOptions = {}): Promise<RunResult> {
  const target = new FakeTarget({ ...TAGGED, ...fake })
  const executor = new LiveExecutor(target, { version: '0', token: 'test', sendLimitMs: 400, drainLimitMs: 1500 })
  return runPlan({ system: 'fake', executor, contract: claimsContract }, PLAN)
}

describe.concurrent('a group that chooses by tags', () => {
  it('is at rest when it has told that it has passed the sentinels', async () => {
    const result = await round()
    expect(result.outcome.drain).toEqual({ drained: true, fresh: false, reason: '' })
    expect(judgementOf(result, 'FLT-1')?.verdict).toBe('upheld')
    expect(judgementOf(result, 'ALO-1')?.verdict).toBe('upheld')
    // A killed broker gives some of them again.
    const given = result.events.flatMap((event) =>
      event.type === 'ok' && event.f === 'consume' && event.v.group === 'g' ? [event.v.message] : [],
    )
    expect(new Set(given).size).toBe(20)
  })

  it('that is given what it does not want convicts its broker of it', async () => {
    expect(judgementOf(await round({ quirks: { givesUnwanted: true } }), 'FLT-1')?.verdict).toBe('violated')
  })

  it('is not judged before it has told so', async () => {
    const target = new FakeTarget(TAGGED)
    const open = target.openConsumer.bind(target)
    // What it tells never arrives.
    target.openConsumer = (spec, events) =>
      open(spec, { delivered: (one) => events.delivered(one), assigned: () => undefined, committed: () => undefined })
    const executor = new LiveExecutor(target, { version: '0', token: 'test', sendLimitMs: 400, drainLimitMs: 500 })
    const { outcome } = await runPlan({ system: 'fake', executor, contract: claimsContract }, PLAN)
    expect(outcome.drain.reason).toMatch(/g has not told that it has passed the sentinel of T:/)
  })

  it('is refused where the target knows no tags, and drawn where it does', () => {
    expect(misfit(PLAN, new FakeTarget())).toContain('tags: such a group of this target takes every message')
    const target = new FakeTarget(TAGGED)
    const drawn = Array.from({ length: 40 }, (_, k) => livePlans(target, { seed: 'tags', version: '0' })(k + 1))
    const choosing = drawn.filter(({ cluster }) => cluster.groups.some(({ tags }) => tags !== undefined))
    expect(choosing.length).toBeGreaterThan(4)
    expect(choosing.some(({ workload }) => workload.some((item) => 'tag' in item && item.tag !== undefined))).toBe(true)
    for (const plan of drawn) expect(misfit(plan, target)).toBeNull()
  })
})
