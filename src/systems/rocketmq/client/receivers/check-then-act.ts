/** The key is looked up first and recorded after success (C-215): two deliveries may both look before either records. */
import { anyway, unless, WORK, type ReceiverRecipe } from './recipe.ts'

export const checkThenAct: ReceiverRecipe = {
  steps: [
    unless('database', ({ key }) => ({ do: 'find', key })),
    WORK,
    anyway('database', () => ({ do: 'act' })),
    anyway('database', ({ key }) => ({ do: 'insert', key, lifeUs: null })),
  ],
  atEnd: null,
}
