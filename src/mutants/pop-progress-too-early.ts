/** The progress of a group may be on the disk before the checkpoint that would bring its messages again. */
import { mutant } from './mutant.ts'

export const popProgressTooEarly = mutant({
  id: 'pop-progress-too-early',
  title: 'the progress of a pop is saved before its checkpoint is durable',
  breaks: 'ALO-1',
  bug: '#9626, e6a587a82a (no. 68)',
  rules: { mayStorePopProgress: () => true },
  preset: 'pop',
})
