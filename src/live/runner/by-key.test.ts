/** Sends whose queue is chosen by a key, in live rounds: what has one key goes to one queue, and its order is judged. */
import { describe, expect, it } from 'vitest'
import { claimsContract } from '../../contract/claims.ts'
import { judgementOf, runPlan, type RunResult } from '../../harness/run-plan.ts'
import type { Item } from '../../plan/plan.ts'
import { ms } from '../../plan/units.ts'
import { livePlans } from '../plans.ts'
import { FakeTarget, type FakeOptions } from '../testing/fake-target.ts'
import { fault, livePlan, send } from '../testing/live-plan.ts'
import { LiveExecutor } from './executor.ts'
import { misfit } from './fits.ts'

const ORDERLY = { capabilities: { orderly: true, locks: true } } as const
const KEYED = { key: 'k', select: 'key' } as const
const load: Item = {
  do: 'load',
  client: 'p1',
  atUs: 0,
  salt: 1,
  topic: 'T',
  bytes: 50,
  workers: 1,
  durationUs: ms(200),
  everyUs: ms(5),
  ...KEYED,
}
const PLAN = livePlan({
  cluster: { groups: [{ name: 'g', topics: ['T'], consumers: ['c1', 'c2'], listener: 'orderly' }] },
  workload: [load, send(20), send(40, { key: 'other', select: 'key' })],
  // Messages wait for their consumers: what lies in the wrong order is then given in it.
  faults: [fault('processKill', 'c1', 10, 300), fault('processKill', 'c2', 10, 300)],
})

function round(fake: FakeOptions = {}): Promise<RunResult> {
  const limits = { version: '0', token: 'test', sendLimitMs: 400, drainLimitMs: 800 }
  return runPlan(
    { system: 'fake', executor: new LiveExecutor(new FakeTarget({ ...ORDERLY, ...fake }), limits), contract: claimsContract },
    PLAN,
  )
}

function queuesByKey({ events }: RunResult): Map<string, Set<string>> {
  const keys = new Map(
    events.flatMap((event) => (event.type === 'invoke' && event.f === 'send' ? [[event.op, event.v.key ?? ''] as const] : [])),
  )
  const queues = new Map<string, Set<string>>()
  for (const event of events) {
    if (event.type !== 'ok' || event.f !== 'send') continue
    const key = keys.get(event.op) ?? ''
    queues.set(key, (queues.get(key) ?? new Set<string>()).add(event.v.queue))
  }
  return queues
}

describe.concurrent('a send with a key', () => {
  it('goes to the queue of its key, and the order of each key is put to the test', async () => {
    const result = await round()
    const queues = queuesByKey(result)
    expect([...queues.keys()].sort()).toEqual(['', 'k.0', 'other'])
    for (const [key, used] of queues) expect(used.size, key).toBe(key === '' ? 2 : 1)
    expect(result.findings.get('ORD-4')).toMatchObject({ anomalies: [], evidence: { chances: expect.any(Number) as number } })
  })

  it('whose broker swaps neighbours convicts it', async () => {
    const result = await round({ quirks: { swapsEvery: 3 } })
    expect(judgementOf(result, 'ORD-4')?.verdict).toBe('violated')
  })

  it('is drawn for targets whose groups listen in order, and refused where nothing goes by the key', () => {
    const target = new FakeTarget(ORDERLY)
    const drawn = Array.from({ length: 30 }, (_, k) => livePlans(target, { seed: 'keys', version: '0' })(k + 1))
    expect(drawn.filter(({ workload }) => workload.some((item) => 'select' in item && item.select === 'key')).length).toBeGreaterThan(4)
    for (const plan of drawn) expect(misfit(plan, target)).toBeNull()
    expect(misfit(livePlan({ workload: [send(0, { key: 'k' })] }), target)).toContain('have the queue chosen by it')
  })
})
