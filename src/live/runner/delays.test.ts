/** Delayed messages in live rounds: a round waits for the last one, and a broker that does not keep to its levels is convicted. */
import { describe, expect, it } from 'vitest'
import { claimsContract } from '../../contract/claims.ts'
import { runPlan, type RunResult } from '../../harness/run-plan.ts'
import { ms } from '../../plan/units.ts'
import { livePlans } from '../plans.ts'
import { FakeTarget, type FakeOptions } from '../testing/fake-target.ts'
import { fault, livePlan, load, send } from '../testing/live-plan.ts'
import { LiveExecutor } from './executor.ts'
import { misfit } from './fits.ts'

const LEVELS = { capabilities: { delayLevels: [ms(50), ms(1500)] } } as const
const PLAN = livePlan({
  workload: [load(100), ...[10, 20, 30].map((atMs) => send(atMs, { delay: { level: 1 } })), send(40, { delay: { level: 2 } })],
})

const round = (fake: FakeOptions, plan = PLAN): Promise<RunResult> => {
  const executor = new LiveExecutor(new FakeTarget({ ...LEVELS, ...fake }), {
    version: '0',
    token: 'test',
    sendLimitMs: 400,
    drainLimitMs: 400,
  })
  return runPlan({ system: 'fake', executor, contract: claimsContract }, plan)
}
const verdicts = (result: RunResult): Record<string, string> =>
  Object.fromEntries(result.judgements.filter(({ id }) => id.startsWith('DLY')).map(({ id, verdict }) => [id, verdict]))

describe.concurrent('delayed messages', () => {
  it('are waited for, and judged by how long the levels are', async () => {
    const result = await round({})
    expect(result.outcome.drain.drained).toBe(true)
    expect(verdicts(result)).toMatchObject({ 'DLY-1': 'upheld', 'DLY-2': 'upheld', 'DLY-3': 'upheld' })
    expect(result.outcome.header.delayLevels).toEqual([ms(50), ms(1500)])
  })

  it('that come at once break DLY-1', async () => {
    expect(verdicts(await round({ delayed: 'at once' }))['DLY-1']).toBe('violated')
  })

  it('that never come break DLY-2', async () => {
    expect(verdicts(await round({ delayed: 'never' }))['DLY-2']).toBe('violated')
  })

  it('are waited for and judged, too, where they wait for any time, or until one', async () => {
    const workload = [load(100), send(10, { delay: { afterUs: ms(700) } }), send(20, { delay: { atUs: ms(900) } })]
    const timed = (fake: FakeOptions): Promise<RunResult> => round({ capabilities: { timers: true }, ...fake }, livePlan({ workload }))
    const [honest, early] = await Promise.all([timed({}), timed({ delayed: 'at once' })])
    expect(verdicts(honest)).toMatchObject({ 'DLY-1': 'upheld', 'DLY-2': 'upheld' })
    expect(verdicts(early)['DLY-1']).toBe('violated')
  })

  it('are not judged where none was sent', async () => {
    const result = await round({}, livePlan({ workload: [load(50)], faults: [fault('pause', 'b1', 50, 50)] }))
    expect(new Set(Object.values(verdicts(result)))).toEqual(new Set(['not-exercised']))
    expect(result.outcome.header.delayLevels).toBeUndefined()
  })

  it('are refused where the target has no levels, and drawn where it has short ones', () => {
    const plain = new FakeTarget()
    expect(misfit(PLAN, plain)).toContain('workload[1].delay: the target delays no messages by levels')
    const timed = livePlan({ workload: [send(10, { delay: { afterUs: 1 } })] })
    expect(misfit(timed, plain)).toContain('workload[0].delay: the target delays no messages for any time')
    const target = new FakeTarget({ capabilities: { ...LEVELS.capabilities, timers: true } })
    const drawn = Array.from({ length: 60 }, (_, k) => livePlans(target, { seed: 'delays', version: '0' })(k + 1))
    const delayed = drawn.filter(({ workload }) => workload.some((item) => item.do === 'send' && item.delay !== undefined))
    expect(delayed.length).toBeGreaterThan(6)
    for (const plan of drawn) expect(misfit(plan, target)).toBeNull()
  })
})
