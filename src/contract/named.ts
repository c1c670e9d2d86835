/** By which contract a broker is judged: the header of a history says it by name, and this is the one place that looks it up. */
import { InputError } from '../plan/input-error.ts'
import { nearest } from '../plan/nearest.ts'
import { claimsContract } from './claims.ts'
import type { Contract } from './contract.ts'
import { rabbitmqContract } from './rabbitmq.ts'
import { rocketmqContract } from './rocketmq.ts'

/** `claims` holds a broker to what its configuration says that it claims; the others to what is known of that system. */
const CONTRACTS = { rocketmq: rocketmqContract, rabbitmq: rabbitmqContract, claims: claimsContract } as const satisfies Record<
  string,
  Contract<unknown>
>
export type ContractName = keyof typeof CONTRACTS
export const CONTRACT_NAMES = Object.keys(CONTRACTS) as [ContractName, ...ContractName[]]

/** What a header says of it. */
export interface Declared {
  readonly system: string
  readonly contract?: string | undefined
  readonly config: unknown
}

const isName = (text: string): text is ContractName => Object.hasOwn(CONTRACTS, text)

/** Histories were written before headers named their contract: one with claims was held to them, others to what is known of their system. */
const assumed = ({ system, config }: Declared): string | null => {
  if (typeof config === 'object' && config !== null && 'claims' in config) return 'claims'
  return isName(system) ? system : null
}

/** Null where a header names none, and nobody has written down what its system promises. @throws InputError for a name that nobody knows */
export function contractOfHeader(declared: Declared): Contract<unknown> | null {
  const name = declared.contract ?? assumed(declared)
  if (name === null) return null
  if (isName(name)) return CONTRACTS[name]
  const near = nearest(name, CONTRACT_NAMES)
  const meant = near.length === 0 ? '' : `did you mean ${near.join(', ')}? `
  throw new InputError(`contract: there is none called "${name}": ${meant}It is one of ${CONTRACT_NAMES.join(', ')}`)
}
