/** Rows about the ways in which groups consume. */
import type { Group } from '../../../plan/plan.ts'
import { ms, seconds } from '../../../plan/units.ts'
import type { LiveControl } from '../../control.ts'
import { ASYNC, GROUP, load, planOf, range, send, strike } from './building.ts'

const ORDERLY: Group = { ...GROUP, consumers: ['c1', 'c2'], listener: 'orderly' }

export const GROUPS: readonly LiveControl[] = [
  {
    row: 'RML-020',
    title: 'an orderly consumer is killed and comes back: the lock stays until it runs out, and then it is granted again',
    guarantee: 'RBL-3',
    expect: 'holds',
    config: ASYNC,
    plan: planOf(
      ASYNC,
      4,
      [load(ms(500), seconds(3), 4, ms(20))],
      [strike('processKill', ms(1500), ms(300), 'c1'), strike('gracefulRestart', ms(2500), ms(300), 'c2')],
      ORDERLY,
    ),
    rounds: 1,
    sheet: "after the owner's connection died the lock stayed until expiry, 3.06 s with lockMaxLiveTime=3000",
  },
  {
    row: 'RML-067',
    title: 'orderly listeners fail, and one is killed: a message is begun when all before it are done',
    guarantee: 'ORD-3',
    expect: 'holds',
    config: ASYNC,
    plan: planOf(
      ASYNC,
      4,
      [load(ms(500), seconds(3), 4, ms(20)), ...range(5).map((k) => send(ms(800) + k * ms(300), 1))],
      [strike('processKill', ms(2000), ms(300), 'c1')],
      ORDERLY,
    ),
    rounds: 1,
    sheet: '605 messages on 4 queues: each in its turn, none beside another',
  },
]
