/** Answers a send once it is stored here, whether a slave has it or not. */
import { mutant } from './mutant.ts'

export const replicaNeverAwaited = mutant({
  id: 'replica-never-awaited',
  title: 'a SYNC_MASTER that is to wait for a slave waits for its own disk alone',
  breaks: 'DUR-5',
  bug: 'alibaba/rocketmq #421 (no. 44): one latch for flush and replica, and the replica is never awaited',
  rules: { hasEnoughCopies: () => true },
  preset: 'sync-replicated',
})
