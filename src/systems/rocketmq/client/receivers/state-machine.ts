/** The effect is a change of state that happens from one state only (C-212): looked at first to save the work, decided by the update. */
import { onlyIf, unless, WORK, type ReceiverRecipe } from './recipe.ts'

export const stateMachine: ReceiverRecipe = {
  steps: [unless('database', ({ key }) => ({ do: 'isPaid', key })), WORK, onlyIf('database', ({ key }) => ({ do: 'pay', key }), 'done')],
  atEnd: null,
}
