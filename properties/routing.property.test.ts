/** RTE-1 to RTE-3: NameServers know who is up, clients know what NameServers know, and both go on where some of them are gone. */
import { describe, it } from 'vitest'
import { keeps } from './keeps.ts'

describe('routes', () => {
  it('are registered, polled and outlive NameServers', () => {
    keeps('cluster', ['RTE-1', 'RTE-2', 'RTE-3'], 250)
  })
})
