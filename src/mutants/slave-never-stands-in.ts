/** A NameServer that knows of a broker's slave alone leaves its clients without a master, where it was to show the slave in its place. */
import { mutant } from './mutant.ts'

export const slaveNeverStandsIn = mutant({
  id: 'slave-never-stands-in',
  title: 'no slave is shown in the place of its master, supportActingMaster or not',
  breaks: 'HA-1',
  bug: 'RMQ-010 left out; compare bug no. 46 of facts/rocketmq.md (#9717), by which nobody took the place of a dead master',
  rules: { standsIn: () => -1 },
  preset: 'acting-masters',
})
