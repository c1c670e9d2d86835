/** Every recipe by the name that a plan gives it. `transaction` and `state-machine` are right; the others each break in a way of their own. */
import type { Recipe } from '../../../../plan/plan.ts'
import { checkThenAct } from './check-then-act.ts'
import { inProcessMap } from './in-process-map.ts'
import { insertFirst } from './insert-first.ts'
import { lock } from './lock.ts'
import { plain } from './plain.ts'
import type { ReceiverRecipe } from './recipe.ts'
import { stateMachine } from './state-machine.ts'
import { transaction } from './transaction.ts'
import { ttlCache } from './ttl-cache.ts'

export const RECIPES: Readonly<Record<Recipe, ReceiverRecipe>> = {
  plain,
  transaction,
  'state-machine': stateMachine,
  'insert-first': insertFirst,
  'check-then-act': checkThenAct,
  'in-process-map': inProcessMap,
  'ttl-cache': ttlCache,
  lock,
}
