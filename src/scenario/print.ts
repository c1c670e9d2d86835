/** Writes a scenario file. Commands stand in the order of time; operations keep their own order, which numbers them. */
import type { Fault } from '../plan/faults.ts'
import type { Item, Plan } from '../plan/plan.ts'
import { showFault, showItem } from './commands.ts'
import { RULE } from './parse.ts'
import { Salts } from './salts.ts'
import type { Scenario } from './scenario.ts'
import { showSetup } from './setup.ts'
import { quoted } from './syntax.ts'

/** Merges two lists by time, each in its own order. */
function merged(items: readonly Item[], faults: readonly Fault[], visit: { item(item: Item): void; fault(fault: Fault): void }): void {
  let next = 0
  for (const item of items) {
    for (let fault = faults[next]; fault !== undefined && fault.atUs < item.atUs; fault = faults[++next]) visit.fault(fault)
    visit.item(item)
  }
  for (const fault of faults.slice(next)) visit.fault(fault)
}

function showRun(plan: Plan): string[] {
  const lines: string[] = []
  const salts = new Salts()
  merged(plan.workload, plan.faults, {
    item: (item) => lines.push(showItem(item, salts)),
    fault: (fault) => lines.push(showFault(fault, salts)),
  })
  for (const { label, key, nth, value } of plan.noise ?? []) lines.push(`noise ${quoted(label)} ${key} ${nth} ${value}`)
  if (plan.noise?.length === 0) lines.push('noise none')
  return [...lines, 'drain']
}

const list = (key: string, values: readonly string[]): string[] => (values.length === 0 ? [] : [`${key}: ${values.join(', ')}`])

export function printScenario(scenario: Scenario): string {
  const comment = [...scenario.story, ...list('twin', scenario.twins), ...list('guarantees', scenario.guarantees)]
  const lines = [
    ...comment.map((line) => (line === '' ? '#' : `# ${line}`)),
    ...showSetup(scenario.plan),
    RULE,
    ...scenario.setup,
    '',
    ...showRun(scenario.plan),
    RULE,
    ...scenario.transcript,
  ]
  return `${lines.join('\n')}\n`
}
