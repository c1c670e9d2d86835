/** A contract goes by its name in the header; headers from before there was one are read as they were meant. */
import { describe, expect, it } from 'vitest'
import { claimsContract } from './claims.ts'
import { contractOfHeader } from './named.ts'
import { rabbitmqContract } from './rabbitmq.ts'
import { rocketmqContract } from './rocketmq.ts'

describe('the contract of a header', () => {
  it('is the one that it names, whatever the system is called and its configuration holds', () => {
    expect(contractOfHeader({ system: 'my-fork', contract: 'rocketmq', config: { claims: [] } })).toBe(rocketmqContract)
    expect(contractOfHeader({ system: 'rocketmq', contract: 'claims', config: {} })).toBe(claimsContract)
  })

  it('without a name is held to its claims, or is what is known of its system', () => {
    expect(contractOfHeader({ system: 'rocketmq', config: { claims: [] } })).toBe(claimsContract)
    expect(contractOfHeader({ system: 'rabbitmq', config: {} })).toBe(rabbitmqContract)
    expect(contractOfHeader({ system: 'my-queue', config: {} })).toBeNull()
  })

  it('is asked for again when nobody knows its name', () => {
    expect(() => contractOfHeader({ system: 's', contract: 'rabitmq', config: {} })).toThrow(/"rabitmq": did you mean rabbitmq/)
    expect(() => contractOfHeader({ system: 's', contract: 'constructor', config: {} })).toThrow(/one of rocketmq, rabbitmq, claims/)
  })
})
