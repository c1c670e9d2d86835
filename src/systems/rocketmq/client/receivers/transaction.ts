/** The key under a unique index, in the same transaction as the effect (C-214): either both are there or none. */
import { onlyIf, WORK, type ReceiverRecipe } from './recipe.ts'

export const transaction: ReceiverRecipe = {
  steps: [WORK, onlyIf('database', ({ key }) => ({ do: 'insertAndAct', key, unique: true }), 'done')],
  atEnd: null,
}
