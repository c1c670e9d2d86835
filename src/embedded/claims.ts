/** What the contract of a configuration promises, said as an adapter says it: which guarantees, and under which faults not. */
import type { Claim } from '../live/target.ts'
import { ANOMALIES } from '../contract/anomalies.ts'
import { rocketmqContract } from '../contract/rocketmq.ts'
import { FAULT_KINDS, type FaultKind } from '../plan/faults.ts'
import type { RocketmqConfig } from '../systems/rocketmq/config.ts'

const SOURCE = 'spec/excuses.md'

export function claimsOf(config: RocketmqConfig): Claim[] {
  const terms = (kinds: readonly FaultKind[]): ReturnType<typeof rocketmqContract> => rocketmqContract(config, new Set(kinds))
  const faultless = terms([])
  const struck = FAULT_KINDS.map((kind) => [kind, terms([kind])] as const)
  return [...ANOMALIES.keys()].map((guarantee) => {
    const term = faultless.get(guarantee)
    const promised = !(typeof term === 'object' && 'notApplicable' in term)
    const except = struck.filter(([, under]) => under.get(guarantee) !== 'required').map(([kind]) => kind)
    return { guarantee, promised, except: promised ? except : [], source: SOURCE }
  })
}
