/** Progress passes a message as soon as its listener has it: a crash before the end, and nobody processes it. */
import { mutant } from './mutant.ts'

export const commitBeforeProcessing = mutant({
  id: 'commit-before-processing',
  title: 'a consumer counts a message as finished when its listener is given it',
  breaks: 'ALO-2',
  bug: 'demanded violation of ALO-2',
  rules: { mayForget: () => true },
  preset: 'default',
})
