/** A broker gives the copy of what it has taken back an id of its own: whoever deduplicates by it takes it for another message. */
import { mutant } from './mutant.ts'

export const retryRenames = mutant({
  id: 'retry-renames',
  title: 'a message that comes again has another id',
  breaks: 'RTY-1',
  bug: 'compare X-46: send-back keeps the unique key',
  rules: { msgIdOfRetry: (msgId, reconsumeTimes) => `${msgId}#${reconsumeTimes + 1}` },
  preset: 'retries',
})
