/** A producer does not look at a topic's order configuration: it goes by the brokers that are registered. */
import { mutant } from './mutant.ts'

export const orderConfIgnored = mutant({
  id: 'order-conf-ignored',
  title: 'goes by the registered brokers although the topic has an order configuration',
  breaks: 'ORD-4',
  bug: 'demanded violation of ORD-4: normal order during a broker loss (RMQ-144)',
  rules: { goesByOrderConf: () => false },
  preset: 'ordered-keys',
})
