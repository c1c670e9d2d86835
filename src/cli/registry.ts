/** The one place that knows every system, contract, mutant and target, and joins them into what the harness can test. */
import { contractOfHeader, type ContractName } from '../contract/named.ts'
import { rocketmqContract } from '../contract/rocketmq.ts'
import { reference as referenceTarget } from '../embedded/factory.ts'
import type { Executor, Outcome, RunOptions, Subject } from '../harness/executor.ts'
import { KINDS, type Event, type Header } from '../history/event.ts'
import { liveRoot } from '../live/machine/places.ts'
import { Workplace } from '../live/machine/workplace.ts'
import { recipes } from '../live/recipes.ts'
import { rabbitmqTarget } from '../live/rabbitmq/factory.ts'
import { rocketmqTarget } from '../live/rocketmq/factory.ts'
import { stdioTarget } from '../live/stdio/factory.ts'
import { mutants } from '../mutants/index.ts'
import { FAULT_KINDS } from '../plan/faults.ts'
import type { Plan } from '../plan/plan.ts'
import { simulate } from '../sim/run.ts'
import type { Rules } from '../systems/rocketmq/rules.ts'
import { rules } from '../systems/rocketmq/rules.ts'
import { rocketmq } from '../systems/rocketmq/system.ts'
import { VERSION } from '../version.ts'
import type { Registry } from './context.ts'
import { newWorker } from './new-worker.ts'
import { unknownName } from './suggest.ts'

/** The rules that a plan asks for: the shipped ones, or a mutant's. */
export function rulesOf(plan: Plan): Rules {
  if (plan.mutant === undefined) return rules
  const planted = mutants.find((one) => one.id === plan.mutant)
  if (planted === undefined)
    throw unknownName(
      'mutant',
      plan.mutant,
      mutants.map((one) => one.id),
      'mqproof list mutants',
    )
  return { ...rules, ...planted.rules }
}

const CONTRACT: ContractName = 'rocketmq'

/** Runs a plan in the simulation. @throws InputError when the plan does not fit the system, or names one that does not exist. */
export function runReference(plan: Plan, sink: (event: Event) => void, options: RunOptions = {}): Outcome {
  if (plan.system !== rocketmq.id) throw unknownName('system', plan.system, [rocketmq.id], 'mqproof list presets')
  const recordNoise = options.recordNoise === true
  const result = simulate(rocketmq, plan, sink, { rules: rulesOf(plan), version: VERSION, recordNoise })
  const { steps, simulatedUs, traceHash, noise, drained, fresh, reason } = result
  const header: Header = { ...result.header, contract: CONTRACT }
  return { header, drain: { drained, fresh, reason }, steps, simulatedUs, traceHash, noise }
}

const simulated: Executor = { capabilities: { faults: FAULT_KINDS, records: KINDS }, run: runReference }

const reference: Subject = { system: rocketmq.id, executor: simulated, contract: rocketmqContract }

export const registry: Registry = {
  systems: [rocketmq.id],
  mutants: mutants.map(({ id, title, breaks, bug, preset }) => ({ id, title, guarantee: breaks, bug, preset })),
  subjectOf: () => reference,
  newWorker,
  targets: [referenceTarget, rocketmqTarget, rabbitmqTarget],
  stdioTarget,
  contractOf: contractOfHeader,
  recipes,
  openMachine: (cwd) => Workplace.open(liveRoot(cwd)),
}
