/** Recovery goes on behind a hole: what was lost is no suffix of the log any more. */
import { mutant } from './mutant.ts'

export const holesKept = mutant({
  id: 'holes-kept',
  title: 'recovery skips a bad record and keeps the valid ones behind it',
  breaks: 'DUR-2',
  bug: 'demanded violation of DUR-2; RMQ-157',
  rules: { stopsAtBadRecord: () => false },
  preset: 'async',
})
