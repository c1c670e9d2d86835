/** A NameServer forgets what a broker has together with its master, though a slave is still there. */
import { mutant } from './mutant.ts'

export const brokerGoesWithItsMaster = mutant({
  id: 'broker-goes-with-its-master',
  title: 'a NameServer drops the topics of a broker whose master is gone',
  breaks: 'HA-1',
  bug: 'compare #5374, debd7b62b6 (no. 45): a master that goes takes more of the table along than its own',
  rules: { topicsStayWithSlave: () => false },
  preset: 'slave-reads',
})
