/** The listener is shown the place of the record as the msgId, as old clients did. */
import { mutant } from './mutant.ts'

export const placeShownAsId = mutant({
  id: 'place-shown-as-id',
  title: 'a listener is shown the offsetMsgId as the msgId',
  breaks: 'IDM-2',
  bug: '#1863: msgId and unique key confused',
  rules: { msgIdShown: (_msgId, broker, at) => `${broker}@${at}` },
  preset: 'default',
})
