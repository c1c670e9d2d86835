/** How a run is told: the same lines in a kept story, in `replay --trace` and in the tour. */
import type { Event } from '../history/event.ts'
import type { Plan } from '../plan/plan.ts'
import { storyVerdicts } from '../harness/failure.ts'
import type { RunResult } from '../harness/run-plan.ts'
import { summary } from '../scenario/describe.ts'
import { fromPlan } from '../scenario/from-plan.ts'
import { tell } from '../scenario/tell.ts'

export const transcript = (result: RunResult): string[] => [...tell(result.events, result.plan), ...storyVerdicts(result.judgements)]

/** The story file of a kept failure. */
export const toStory = (plan: Plan, events: readonly Event[], verdicts: readonly string[]): string =>
  fromPlan(plan, `Found and shrunk by mqproof: ${summary(plan)}.`, [...tell(events, plan), ...verdicts])
