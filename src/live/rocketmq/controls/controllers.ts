/**
 * Rows about replicas that a controller elects. Clients know of no other master than theirs until that one is gone, or all is well again: as
 * shipped they ask every thirty seconds (RMQ-101), so that a paused master that wakes finds them there.
 */
import { ms, seconds } from '../../../plan/units.ts'
import type { LiveControl } from '../../control.ts'
import { load, LOAD, planOf, strike, type ConfigInput } from './building.ts'

const DEFAULTS: ConfigInput = { controller: {} }
const ALL_ACK: ConfigInput = { controller: { allAck: true } }
const BOTH: ConfigInput = { controller: { allAck: true, minInSyncReplicas: 2 } }

/** The election takes four seconds; the master then wakes while its senders still wait for it, and goes on to send. */
const KILLED = strike('processKill', ms(2500), ms(500))
const PAUSED = strike('pause', ms(2500), seconds(7))
const WHILE_PAUSED = load(ms(500), seconds(11), 32, ms(5))
/** What reaches it while it sleeps it stores when it wakes, and says so when its set is itself alone (RML-072): nobody waits for that any more. */
const AROUND_THE_PAUSE = [load(ms(500), seconds(4), 8, ms(20)), load(ms(11_500), ms(1500), 8, ms(20))]

export const CONTROLLERS: readonly LiveControl[] = [
  {
    row: 'RML-043',
    title: 'controller, defaults, kill -9 of the master: who is elected lacks what came last',
    guarantee: 'DUR-1',
    expect: 'breaks',
    anomaly: 'lost',
    config: DEFAULTS,
    plan: planOf(DEFAULTS, 4, [LOAD], [KILLED]),
    // The other replica is only milliseconds behind: now and then it has it all.
    rounds: 3,
    sheet: 'failover 98 ms; lost 197 of 22,129',
  },
  {
    row: 'RML-044',
    title: 'controller, defaults, a paused master wakes after the election: what it had alone, and what it acknowledges then, is lost',
    guarantee: 'DUR-1',
    expect: 'breaks',
    anomaly: 'lost',
    config: DEFAULTS,
    plan: planOf(DEFAULTS, 4, [WHILE_PAUSED], [PAUSED]),
    rounds: 3,
    sheet: 'lost 418 of 70,813: 284 acked before the stop, 132 by the old master within 47 ms after it woke',
  },
  {
    row: 'RML-045',
    title:
      'controller, all-ack with one replica in sync at least, a paused master wakes: alone in its set, it acknowledges what is then lost',
    guarantee: 'DUR-1',
    expect: 'breaks',
    anomaly: 'lost',
    config: ALL_ACK,
    plan: planOf(ALL_ACK, 4, [WHILE_PAUSED], [PAUSED]),
    rounds: 3,
    sheet: 'lost 148 of 55,164, all acked by the old master in the 215 ms after it woke',
  },
  {
    row: 'RML-053',
    title: 'controller, all-ack, kill -9 of the master: nothing acknowledged is lost',
    guarantee: 'DUR-1',
    expect: 'holds',
    config: ALL_ACK,
    plan: planOf(ALL_ACK, 4, [LOAD], [KILLED]),
    rounds: 1,
    sheet: 'failover 108 ms, lost 0 of 18,338',
  },
  {
    row: 'RML-054',
    title:
      'controller, all-ack with two replicas in sync at least, a paused master wakes to which nobody has sent for a while: nothing acknowledged is lost',
    // Nothing has crashed that DUR-1 could see.
    guarantee: 'ALO-1',
    expect: 'holds',
    config: BOTH,
    plan: planOf(BOTH, 4, AROUND_THE_PAUSE, [PAUSED]),
    rounds: 1,
    sheet: 'lost 0 of 11,083; no write accepted for the 40 s',
  },
]
