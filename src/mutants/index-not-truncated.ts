/** After the log was cut the consume queues are not: their entries point past its end, and new messages get offsets behind them. */
import { mutant } from './mutant.ts'

export const indexNotTruncated = mutant({
  id: 'index-not-truncated',
  title: 'consume queues keep entries beyond the recovered end of the log',
  breaks: 'DUR-3',
  bug: '#6609, b410557e87 (no. 3)',
  rules: { keepsQueueEntry: () => true },
  preset: 'async',
})
