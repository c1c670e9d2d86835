/** A broker that has lost messages is convicted without waiting for them in vain. */
import { describe, expect, it } from 'vitest'
import { claimsContract } from '../../contract/claims.ts'
import { runPlan, violated, type RunResult } from '../../harness/run-plan.ts'
import { FakeTarget, type FakeOptions } from '../testing/fake-target.ts'
import { fault, livePlan, load, send } from '../testing/live-plan.ts'
import { LiveExecutor } from './executor.ts'

const LIMIT_MS = 20_000
/** A consumer that was killed makes a round wait for as long as it may. */
const KILLED = livePlan({ workload: [load(100), send(10, { fails: 1 })], faults: [fault('processKill', 'c1', 100, 50)] })

async function timed(options: FakeOptions): Promise<{ readonly result: RunResult; readonly tookMs: number }> {
  const executor = new LiveExecutor(new FakeTarget(options), { version: '0', token: 'test', sendLimitMs: 400, drainLimitMs: LIMIT_MS })
  const startMs = performance.now()
  const result = await runPlan({ system: 'fake', executor, contract: claimsContract }, KILLED)
  return { result, tookMs: performance.now() - startMs }
}

describe.concurrent('messages that are waited for', () => {
  it('are not, once their queues have been read and lack them', async () => {
    const { result, tookMs } = await timed({ quirks: { losesEvery: 10 } })
    expect(result.outcome.drain.drained).toBe(true)
    expect(violated(result).map(({ id }) => id)).toContain('DUR-1')
    expect(tookMs).toBeLessThan(LIMIT_MS / 2)
  })

  it('are not looked for before every sentinel has come: the broker may only be slow', async () => {
    const reads: string[] = []
    const target = new FakeTarget()
    const read = target.read?.bind(target)
    target.read = (topic, queue) => {
      reads.push(`${queue}`)
      return read?.(topic, queue) ?? Promise.reject(new Error('no read'))
    }
    target.broker.join = () => () => undefined
    const executor = new LiveExecutor(target, { version: '0', token: 'test', sendLimitMs: 400, drainLimitMs: 1500 })
    const { outcome } = await runPlan({ system: 'fake', executor, contract: claimsContract }, livePlan({ workload: [send(10)] }))
    expect(outcome.drain.fresh).toBe(true)
    expect(reads).toEqual(['0', '1'])
  })
})
