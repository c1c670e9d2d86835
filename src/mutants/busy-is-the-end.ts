/** A sync send that a busy broker refuses is not tried at another one: its caller is told of a failure that was none. */
import { clientRules } from '../systems/rocketmq/client/rules.ts'
import { mutant } from './mutant.ts'

export const busyIsTheEnd = mutant({
  id: 'busy-is-the-end',
  title: 'a client gives up when a broker says that it is busy',
  breaks: 'RTE-4',
  bug: 'compare #3556, 80bcfbc926 (no. 100)',
  rules: { isRetriedAnswer: (status, notStoreOK) => status !== 'SYSTEM_BUSY' && clientRules.isRetriedAnswer(status, notStoreOK) },
  preset: 'busy-brokers',
})
