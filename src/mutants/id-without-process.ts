/** Nothing in a msgId tells one process from another: two producers, or one that was restarted, count the same ids. */
import { mutant } from './mutant.ts'

export const idWithoutProcess = mutant({
  id: 'id-without-process',
  title: 'the process is missing from the msgId',
  breaks: 'IDM-2',
  bug: '#1751, PR 1758: the pid in the msgId was erased; compare #6919',
  rules: { newMsgId: (_sender, counter) => `${counter}` },
  preset: 'default',
})
