/**
 * One delivery on its way through a recipe. A handling lies in the memory of the consumer and dies with it; what it has written stays.
 * Everything here is told what happened and gives what to do next; who carries that out is the listener.
 */
import type { Recipe } from '../../../../plan/plan.ts'
import { RECIPES } from './recipes.ts'
import { WORK, type Ask, type ReceiverRecipe, type Terms } from './recipe.ts'

export interface Handling {
  readonly recipe: Recipe
  readonly terms: Terms
  stage: number
  /** Counts statements; the last one is out while there is no answer. */
  asked: number
  isOut: boolean
  /** What will be reported once everything is tidied up. */
  result: boolean | null
}

export const newHandling = (recipe: Recipe, terms: Terms): Handling => ({
  recipe,
  terms,
  stage: 0,
  asked: 0,
  isOut: false,
  result: null,
})

/** What to do next: work, ask, or report. */
export type Move =
  { readonly do: 'work' } | { readonly do: 'ask'; readonly ask: Ask } | { readonly do: 'report'; readonly success: boolean }

const report = (success: boolean): Move => ({ do: 'report', success })
const asking = (handling: Handling, ask: Ask): Move => {
  handling.asked++
  handling.isOut = true
  return { do: 'ask', ask }
}

/** The step that it stands at. */
export function move(handling: Handling): Move {
  const { steps } = RECIPES[handling.recipe]
  const step = steps[handling.stage]
  if (step === undefined) return end(handling, true)
  return step === WORK ? { do: 'work' } : asking(handling, step)
}

/** The work is done, or has failed. */
export function worked(handling: Handling, success: boolean): Move {
  if (!success) return end(handling, false)
  handling.stage++
  return move(handling)
}

/** An answer to the last statement. */
export function answered(handling: Handling, yes: boolean): Move {
  handling.isOut = false
  const step = RECIPES[handling.recipe].steps[handling.stage]
  if (handling.result !== null) return report(handling.result)
  if (step === undefined || step === WORK) throw new Error(`${handling.recipe} asks nothing at step ${handling.stage}`)
  const next = yes ? step.yes : step.no
  if (next !== 'next') return end(handling, next === 'done')
  handling.stage++
  return move(handling)
}

/** No answer came in time: the listener ends as it does after any other exception. */
export function silence(handling: Handling, isDone: boolean): Move {
  handling.isOut = false
  return handling.result === null ? end(handling, isDone) : report(handling.result)
}

function end(handling: Handling, success: boolean): Move {
  const { atEnd }: ReceiverRecipe = RECIPES[handling.recipe]
  if (atEnd === null || handling.stage === 0 || (success && atEnd.when === 'failure')) return report(success)
  handling.result = success
  return asking(handling, atEnd.ask)
}
