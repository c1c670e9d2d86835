/** No deduplication at all (C-211): every delivery has its effect. */
import { anyway, WORK, type ReceiverRecipe } from './recipe.ts'

export const plain: ReceiverRecipe = {
  steps: [WORK, anyway('database', () => ({ do: 'act' }))],
  atEnd: null,
}
