/** All decisions of the model on which a guarantee depends: the broker's, the clients', the NameServer's and the controller's. A mutant overrides one of them. */
import { brokerRules, type BrokerRules } from './broker/rules.ts'
import { clientRules, type ClientRules } from './client/rules.ts'
import { controllerRules, type ControllerRules } from './controller/rules.ts'
import { nameServerRules, type NameServerRules } from './nameserver/rules.ts'

export type Rules = BrokerRules & ClientRules & NameServerRules & ControllerRules

export const rules: Rules = { ...brokerRules, ...clientRules, ...nameServerRules, ...controllerRules }
