/** Who is who in a cluster without a plan: a fault may name a client that nobody has opened yet. */
import { expect, it } from 'vitest'
import { pause } from '../live/waits.ts'
import type { Fault } from '../plan/faults.ts'
import { ms } from '../plan/units.ts'
import { modelOf, ReferenceConfig, rulesOf } from './config.ts'
import { BROKER, OpenWorld } from './open-world.ts'
import { inVirtualTime } from './testing/round.ts'

const kill = (on: string): Fault => ({ kind: 'processKill', on, atUs: 0, salt: 1, forUs: ms(100) })

it('a client that a fault starts before anybody has opened it is not taken for the administrator', async () => {
  let told = 0
  const outlet = { checked: () => undefined, answered: () => undefined, lost: () => void told++ }
  const config = ReferenceConfig.parse({})
  await inVirtualTime((time) => {
    const world = new OpenWorld(modelOf(config), rulesOf(config), () => undefined, outlet)
    const work = async (): Promise<void> => {
      world.strike(kill('p1'))()
      world.strike(kill(BROKER))
      await pause(100)
      world.stop()
    }
    return time.during(work())
  })
  // The administrator has lost its connection, once.
  expect(told).toBe(1)
})
