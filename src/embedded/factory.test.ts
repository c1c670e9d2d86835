/** The reference as `conform` starts it: a process of its own, by the wall clock. What it says of itself is what its contract says. */
import { describe, expect, it } from 'vitest'
import { rocketmqContract } from '../contract/rocketmq.ts'
import { runPlan } from '../harness/run-plan.ts'
import { openBench } from '../live/stdio/testing/bench.ts'
import { LiveExecutor } from '../live/runner/executor.ts'
import { PLAN_FORMAT, type Item, type Plan } from '../plan/plan.ts'
import { ms } from '../plan/units.ts'
import { rocketmq } from '../systems/rocketmq/system.ts'
import { VERSION } from '../version.ts'
import { claimsOf } from './claims.ts'
import { CONFIGS, modelOf, ReferenceConfig } from './config.ts'
import { reference } from './factory.ts'

const send = (k: number): Item => ({
  do: 'send',
  client: 'p1',
  atUs: ms(20 * k),
  salt: k,
  topic: 'T',
  bytes: 100,
  queue: k % 2,
  mode: 'sync',
})

/** Ten messages, and a broker that dies under them. */
const plan: Plan = {
  format: PLAN_FORMAT,
  version: VERSION,
  system: rocketmq.id,
  seed: 0,
  policy: 'calm',
  cluster: {
    nameservers: ['n1'],
    brokers: ['b1'],
    producers: ['p1'],
    topics: [{ name: 'T', queues: 2 }],
    groups: [{ name: 'g', topics: ['T'], consumers: ['c1'] }],
    config: {},
  },
  workload: Array.from({ length: 10 }, (_, k) => send(k)),
  faults: [{ kind: 'processKill', on: 'b1', atUs: ms(90), salt: 1, forUs: ms(100) }],
}

describe('the reference', () => {
  it('runs in a child process, and is judged by the contract of RocketMQ', async () => {
    const machine = openBench()
    try {
      const target = await reference.open(ReferenceConfig.parse({}), { machine, faults: new Set(['processKill']) })
      const executor = new LiveExecutor(target, { version: VERSION, token: 'test' })
      const { judgements, outcome, facts } = await runPlan({ system: rocketmq.id, executor, contract: rocketmqContract }, plan)
      await target.close()
      expect([outcome.drain.drained, facts.effective]).toEqual([true, new Set(['processKill'])])
      expect(judgements.filter(({ verdict }) => verdict === 'violated' || verdict === 'unknown')).toEqual([])
      expect(judgements.filter(({ verdict }) => verdict === 'upheld').map(({ id }) => id)).toEqual(
        expect.arrayContaining(['ALO-1', 'DUR-2']),
      )
    } finally {
      await machine.close()
    }
  })

  it('claims what its contract promises, and under which faults not', () => {
    const claims = claimsOf(modelOf(ReferenceConfig.parse({ flushDiskType: 'ASYNC_FLUSH' })))
    const of = (guarantee: string): object | undefined => claims.find((claim) => claim.guarantee === guarantee)
    expect(of('DUR-4')).toMatchObject({ promised: false, except: [] })
    expect(of('DUR-1')).toMatchObject({ promised: true, except: ['powerLoss', 'diskLoss', 'bitCorruption'] })
    expect(of('TXN-1')).toMatchObject({ promised: true, except: [] })
  })

  it('has a configuration by each name, whose resolved form the simulation takes too', () => {
    for (const input of Object.values(CONFIGS)) {
      const model = modelOf(ReferenceConfig.parse(input))
      expect(rocketmq.config.parse(model)).toEqual(model)
    }
  })
})
