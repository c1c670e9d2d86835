/** Runs a scenario and compares what is seen with its golden text. Pure; files are the caller's. */
import type { Event } from '../history/event.ts'
import type { Plan } from '../plan/plan.ts'
import { describeSetup } from './describe.ts'
import { parseScenario } from './parse.ts'
import { printScenario } from './print.ts'
import type { Scenario } from './scenario.ts'
import { tell } from './tell.ts'

export interface ScenarioRun {
  readonly events: readonly Event[]
  readonly verdictLines: readonly string[]
}

export interface Replayed {
  readonly scenario: Scenario
  /** The file says exactly what was seen. */
  readonly ok: boolean
  /** The golden transcript of the file, and the one that was seen. */
  readonly expected: string
  readonly actual: string
  /** The whole file as it should be. */
  readonly updated: string
}

const block = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('')

/** For callers whose runs take their time: parse, run, then compare. */
export function compareScenario(text: string, scenario: Scenario, { events, verdictLines }: ScenarioRun): Replayed {
  const transcript = [...tell(events, scenario.plan), ...verdictLines].map((line) => line.trimEnd())
  const updated = printScenario({ ...scenario, setup: describeSetup(scenario.plan), transcript })
  return { scenario, ok: updated === text, expected: block(scenario.transcript), actual: block(transcript), updated }
}

export function replayScenario(text: string, source: string, run: (plan: Plan, scenario: Scenario) => ScenarioRun): Replayed {
  const scenario = parseScenario(text, source)
  return compareScenario(text, scenario, run(scenario.plan, scenario))
}
