/** The reference under the live executor, in virtual time: rounds as `conform` runs them, with less load. */
import { rocketmqContract } from '../../contract/rocketmq.ts'
import { runPlan, type RunResult } from '../../harness/run-plan.ts'
import { livePlans } from '../../live/plans.ts'
import { LiveExecutor } from '../../live/runner/executor.ts'
import type { Target } from '../../live/target.ts'
import type { FaultKind } from '../../plan/faults.ts'
import type { Plan } from '../../plan/plan.ts'
import { VERSION } from '../../version.ts'
import { ReferenceConfig } from '../config.ts'
import { reference } from '../factory.ts'
import { inProcess } from './in-process.ts'
import { VirtualTime } from './virtual-time.ts'

export interface Campaign {
  /** Of the reference, as the command line takes it. */
  readonly config: object
  readonly faults?: readonly FaultKind[]
  readonly rounds: number
  /** Messages of one load at the most. */
  readonly messages: number
}

function lighter(plan: Plan, messages: number): Plan {
  const workload = plan.workload.map((item) =>
    item.do === 'load' ? { ...item, everyUs: Math.max(item.everyUs, Math.floor((item.workers * item.durationUs) / messages)) } : item,
  )
  return { ...plan, workload }
}

/** Everything in `work` takes place in a time of its own. */
export async function inVirtualTime<T>(work: (time: VirtualTime) => Promise<T>): Promise<T> {
  const time = new VirtualTime()
  time.install()
  try {
    return await work(time)
  } finally {
    time.uninstall()
  }
}

export async function withReference<T>(config: object, work: (target: Target, time: VirtualTime) => Promise<T>): Promise<T> {
  return inVirtualTime(async (time) => {
    const machine = inProcess()
    const target = await time.during(reference.open(ReferenceConfig.parse(config), { machine, faults: new Set() }))
    try {
      return await time.during(work(target, time))
    } finally {
      await time.during(target.close())
      await machine.close()
    }
  })
}

/** Runs rounds until one of them satisfies the test; gives the rounds that were run. */
export function rounds({ config, faults, rounds: most, messages }: Campaign, until: (result: RunResult) => boolean): Promise<RunResult[]> {
  return withReference(config, async (target) => {
    const executor = new LiveExecutor(target, { version: VERSION, token: 'test' })
    const plans = livePlans(target, { seed: '1', version: VERSION, faults: faults === undefined ? undefined : new Set(faults) })
    const results: RunResult[] = []
    while (results.length < most) {
      const plan = lighter(plans(results.length + 1), messages)
      const result = await runPlan({ system: plan.system, executor, contract: rocketmqContract }, plan)
      results.push(result)
      if (until(result)) break
    }
    return results
  })
}
