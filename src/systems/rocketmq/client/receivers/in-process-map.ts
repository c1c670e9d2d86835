/** `putIfAbsent` on a map in memory (C-216): it knows nothing of other processes, nor of the time before a restart. */
import { anyway, onlyIf, WORK, type ReceiverRecipe } from './recipe.ts'

export const inProcessMap: ReceiverRecipe = {
  steps: [onlyIf('process', ({ key }) => ({ do: 'insert', key, lifeUs: null }), 'done'), WORK, anyway('database', () => ({ do: 'act' }))],
  atEnd: { ask: anyway('process', ({ key }) => ({ do: 'delete', key })), when: 'failure' },
}
