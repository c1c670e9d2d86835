/** A broker that has lost its master is shown with a slave in its place, which takes what it is sent. */
import { mutant } from './mutant.ts'

export const slaveTakenForMaster = mutant({
  id: 'slave-taken-for-master',
  title: 'a slave stands in for its master, for writers too',
  breaks: 'HA-1',
  bug: 'RMQ-010 turned round: what supportActingMaster presents is to be read from only',
  rules: { standsIn: (slaves) => slaves[0] ?? -1, slaveRefusesSends: () => false },
  preset: 'slave-reads',
})
