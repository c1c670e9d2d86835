/** HA-2: masters that controllers elect. */
import { describe, it } from 'vitest'
import { keeps } from './keeps.ts'

describe('elected masters', () => {
  it('are one at a time, and what they acknowledge outlives them', () => {
    keeps('controller', ['HA-2'], 120)
    keeps('controller-quorum', ['HA-2'], 60)
    keeps('controller-successions', ['HA-2'], 40)
  })

  it('go on with what waits for its time, and with what was sent back', () => {
    keeps('failover-workloads', ['DLY-1', 'DLY-2', 'DLY-4', 'RTY-1', 'RTY-2', 'TXN-1', 'TXN-2', 'TXN-3', 'TXN-4'], 60)
    keeps('dledger-workloads', ['DLY-1', 'DLY-2', 'DLY-4', 'RTY-1', 'RTY-2', 'TXN-1', 'TXN-2', 'TXN-3', 'TXN-4'], 80)
  })
})
