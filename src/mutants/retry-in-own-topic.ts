/** A broker puts what one group has failed on back into its own topic, where every group is given it again. */
import { mutant } from './mutant.ts'

export const retryInOwnTopic = mutant({
  id: 'retry-in-own-topic',
  title: 'what a group has failed on goes back to everybody',
  breaks: 'RTY-1',
  bug: "the retry topic is the group's (C-228)",
  rules: { topicOfRetry: (_group, original) => original },
  preset: 'retries',
})
