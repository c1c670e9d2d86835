/** Listeners finish in any order, and progress follows the one that is furthest ahead. */
import { mutant } from './mutant.ts'

export const commitLargestFinished = mutant({
  id: 'commit-largest-finished',
  title: 'a consumer reports the largest finished offset, not the smallest unfinished',
  breaks: 'ALO-2',
  bug: 'demanded violation of ALO-2; RMQ-093 turned round',
  rules: { nextCommitOffset: ({ largestFinished }) => (largestFinished === null ? null : largestFinished + 1) },
  preset: 'default',
})
