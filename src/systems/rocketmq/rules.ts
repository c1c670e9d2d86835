/** All decisions of the model on which a guarantee depends: the broker's and the clients'. A mutant overrides one of them. */
import { brokerRules, type BrokerRules } from './broker/rules.ts'
import { clientRules, type ClientRules } from './client/rules.ts'

export type Rules = BrokerRules & ClientRules

export const rules: Rules = { ...brokerRules, ...clientRules }
