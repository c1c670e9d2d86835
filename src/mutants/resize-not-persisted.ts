/** A broker keeps new numbers of queues in memory alone: after a restart it has the old ones, and what the new queues hold can not be read. */
import { mutant } from './mutant.ts'

export const resizeNotPersisted = mutant({
  id: 'resize-not-persisted',
  title: 'a broker that starts again has forgotten the new numbers of queues',
  breaks: 'SCL-1',
  bug: 'compare no. 27: a change of a topic that does not arrive where it must',
  rules: { savesUpdates: () => false },
  preset: 'queue-resize',
})
