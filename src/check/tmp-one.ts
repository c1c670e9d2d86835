import { registry } from '/work/main/src/cli/registry.ts'
import { runPlan } from '/work/main/src/harness/run-plan.ts'
import { planArbitrary, planOf } from '/work/main/src/generate/plans.ts'
import { presetOf } from '/work/main/src/generate/presets.ts'
const [preset = 'default', seed = '0'] = process.argv.slice(2)
const plan = planOf(planArbitrary(presetOf(preset), { system: 'rocketmq', version: '0.1.0' }), Number(seed))
const r = await runPlan(registry.subjectOf('rocketmq'), plan)
console.log(JSON.stringify(plan.cluster), JSON.stringify(plan.workload), JSON.stringify(plan.faults))
for (const e of r.events) console.log(JSON.stringify(e))
console.log(JSON.stringify(r.outcome.drain))
for (const j of r.judgements) console.log(JSON.stringify(j))
