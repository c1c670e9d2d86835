/**
 * The key is inserted under a unique index before the work, in a transaction of its own (C-213). A listener that throws removes it again;
 * a process that dies in between does not, and the effect is lost.
 */
import { anyway, onlyIf, WORK, type ReceiverRecipe } from './recipe.ts'

export const insertFirst: ReceiverRecipe = {
  steps: [onlyIf('database', ({ key }) => ({ do: 'insert', key, lifeUs: null }), 'done'), WORK, anyway('database', () => ({ do: 'act' }))],
  atEnd: { ask: anyway('database', ({ key }) => ({ do: 'delete', key })), when: 'failure' },
}
