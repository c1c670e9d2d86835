/** Turns a plan into a story file: every failure that is kept becomes a scenario that anyone can read, edit and replay. */
import type { Plan } from '../plan/plan.ts'
import { describeSetup } from './describe.ts'
import { printScenario } from './print.ts'
import type { Scenario } from './scenario.ts'

/** `comment` is the story, with line ends; `twin:` and `guarantees:` lines in it keep their meaning. */
export function scenarioOf(plan: Plan, comment: string, transcript: readonly string[]): Scenario {
  const story = comment === '' ? [] : comment.split('\n').map((line) => line.trimEnd())
  const setup = describeSetup(plan)
  return { story, twins: [], guarantees: [], plan, setup, transcript: transcript.map((line) => line.trimEnd()) }
}

export const fromPlan = (plan: Plan, comment: string, transcript: readonly string[]): string =>
  printScenario(scenarioOf(plan, comment, transcript))
