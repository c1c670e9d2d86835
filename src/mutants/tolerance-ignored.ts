/** Keeps the table of slow and failing brokers, and never looks at it: as if the tolerance were off, as it is shipped. */
import { mutant } from './mutant.ts'

export const toleranceIgnored = mutant({
  id: 'tolerance-ignored',
  title: 'brokers that are to be left alone are chosen as before',
  breaks: 'RTE-5',
  bug: 'demanded violation of RTE-5: sendLatencyFaultEnable off, or without effect',
  rules: { isAvailable: () => true },
  preset: 'latency-tolerance',
})
