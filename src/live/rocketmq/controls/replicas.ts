/**
 * Rows about a master with a slave. When the master's disk is lost, its slave is started again in its place, and is what the audit reads. Each
 * row has a pair of its own: a pair that has lost its master is none any more.
 */
import { ms, seconds, type Us } from '../../../plan/units.ts'
import type { Fault } from '../../../plan/faults.ts'
import type { LiveControl } from '../../control.ts'
import { BROKER } from '../config.ts'
import { load, LOAD, planOf, powerLoss, TWENTY, type ConfigInput } from './building.ts'

const diskLoss = (atUs: Us): Fault => ({ kind: 'diskLoss', on: BROKER, atUs, salt: 0, forUs: ms(500) })

const ASYNC_MASTER: ConfigInput = { slave: { role: 'ASYNC_MASTER' } }
const ONE_REPLICA: ConfigInput = { slave: { role: 'SYNC_MASTER', inSyncReplicas: 1 } }
/** The pass that forces everything must not come between the sends and the cut. */
const TWO_REPLICAS: ConfigInput = { slave: { role: 'SYNC_MASTER', inSyncReplicas: 2 }, flushThoroughMs: 60_000 }

export const REPLICAS: readonly LiveControl[] = [
  {
    row: 'RML-038',
    title: 'ASYNC_MASTER, the master and its disk are lost under load: the slave lacks what came last',
    guarantee: 'DUR-1',
    expect: 'breaks',
    anomaly: 'lost',
    config: ASYNC_MASTER,
    fresh: true,
    plan: planOf(ASYNC_MASTER, 4, [LOAD], [diskLoss(ms(2500))]),
    // The slave is only milliseconds behind: now and then it has it all.
    rounds: 3,
    sheet: 'lost 179 of 7,518; 526 of 17,958 (last 47, 81 ms)',
  },
  {
    row: 'RML-039',
    title: 'SYNC_MASTER with inSyncReplicas 1, as shipped: the slave lacks what came last, as under ASYNC_MASTER',
    guarantee: 'DUR-1',
    expect: 'breaks',
    anomaly: 'lost',
    config: ONE_REPLICA,
    fresh: true,
    plan: planOf(ONE_REPLICA, 4, [LOAD], [diskLoss(ms(2500))]),
    rounds: 3,
    sheet: 'lost 678 of 13,410',
  },
  {
    row: 'RML-040',
    title: 'SYNC_MASTER with inSyncReplicas 2, the master alone loses power: what it acknowledges then, its slave never stores',
    guarantee: 'DUR-1',
    expect: 'breaks',
    anomaly: 'lost',
    config: TWO_REPLICAS,
    fresh: true,
    plan: planOf(TWO_REPLICAS, 1, [TWENTY, load(seconds(20), ms(150), 1, ms(10))], [powerLoss(ms(1000)), diskLoss(seconds(23))]),
    rounds: 1,
    sheet: '30 sends acked SEND_OK in 131 ms although the slave never stores them',
  },
  {
    row: 'RML-052',
    title: 'SYNC_MASTER with inSyncReplicas 2, the master and its disk are lost under load: the slave has all that was acknowledged',
    guarantee: 'DUR-1',
    expect: 'holds',
    config: TWO_REPLICAS,
    fresh: true,
    plan: planOf(TWO_REPLICAS, 4, [LOAD], [diskLoss(ms(2500))]),
    rounds: 1,
    sheet: 'lost 0 of 11,160; 0 of 11,021',
  },
]
