/** On a full disk files go without an order: here every other one. */
import { mutant } from './mutant.ts'

export const tenAtRandom = mutant({
  id: 'ten-at-random',
  title: 'on a full disk files go at random, not the oldest first',
  breaks: 'RET-2',
  bug: 'what notes say of a full disk: ten files are deleted at random (C-318, X-07)',
  rules: { filesToDelete: (due, most) => due.filter((_, k) => k % 2 === 1).slice(0, most) },
  preset: 'full-disk',
})
