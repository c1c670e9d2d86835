/** `SET key NX EX` in a cache that all share (C-217): what comes again after the key has expired is new. */
import { anyway, onlyIf, WORK, type ReceiverRecipe } from './recipe.ts'

export const ttlCache: ReceiverRecipe = {
  steps: [
    onlyIf('database', ({ key, keyLifeUs }) => ({ do: 'insert', key, lifeUs: keyLifeUs }), 'done'),
    WORK,
    anyway('database', () => ({ do: 'act' })),
  ],
  atEnd: { ask: anyway('database', ({ key }) => ({ do: 'delete', key })), when: 'failure' },
}
