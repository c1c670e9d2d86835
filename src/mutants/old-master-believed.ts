/** The old master comes back as a slave with what it alone had, and the slave that was promoted in its place takes it for a copy of its own log. */
import { mutant } from './mutant.ts'

export const oldMasterBelieved = mutant({
  id: 'old-master-believed',
  title: 'a master that was promoted by hand counts on its predecessor, whatever that one holds',
  breaks: 'HA-2',
  bug: 'no. 28, #3015, 5c350af174, after a promotion by hand (RMQ-063, RMQ-070)',
  rules: { isOwnBeginning: () => true },
  preset: 'promotions',
})
