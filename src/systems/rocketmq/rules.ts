/** All decisions of the model on which a guarantee depends: the broker's, the clients', the NameServer's and the controller's. A mutant overrides one of them. */
import { invariant } from '../../plan/invariant.ts'
import { brokerRules, type BrokerRules } from './broker/rules.ts'
import { clientRules, type ClientRules } from './client/rules.ts'
import { controllerRules, type ControllerRules } from './controller/rules.ts'
import { nameServerRules, type NameServerRules } from './nameserver/rules.ts'

export type Rules = BrokerRules & ClientRules & NameServerRules & ControllerRules

const parts = [brokerRules, clientRules, nameServerRules, controllerRules]
export const rules: Rules = { ...brokerRules, ...clientRules, ...nameServerRules, ...controllerRules }

invariant(
  Object.keys(rules).length === parts.reduce((sum, part) => sum + Object.keys(part).length, 0),
  () => 'two rules of RocketMQ have one name, and the later would stand for both',
)
