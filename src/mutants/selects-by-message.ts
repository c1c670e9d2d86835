/** The selector goes by the message instead of its key: related messages are spread over all queues. */
import { mutant } from './mutant.ts'

export const selectsByMessage = mutant({
  id: 'selects-by-message',
  title: "a key's messages go to different queues, since the selector goes by the message",
  breaks: 'ORD-4',
  bug: 'demanded violation of ORD-4: the same order id must go to the same queue',
  rules: { queueOfKey: (_key, queues, message) => message % queues },
  preset: 'ordered-keys',
})
