/** Rows about delayed messages. The sheet's timers, which wait for any time and not by a level, are left out. */
import { ms, seconds } from '../../../plan/units.ts'
import type { LiveControl } from '../../control.ts'
import { ASYNC, planOf, range, send, strike } from './building.ts'

/** One second and five (RMQ-118), ten messages each. */
const DELAYED = range(20).map((k) => ({ ...send(ms(500) + k * ms(20)), delay: { level: 1 + (k % 2) } }))

export const DELAYS: readonly LiveControl[] = [
  {
    row: 'RML-047',
    title: 'delay levels, kill -9 within ten seconds of delivery: messages come again, and none is lost',
    guarantee: 'DLY-4',
    expect: 'holds',
    config: ASYNC,
    plan: planOf(ASYNC, 1, DELAYED, [strike('processKill', seconds(8), ms(500))]),
    rounds: 1,
    sheet: '10 of 10 of level 1 and of level 2 delivered twice, 0 lost',
  },
  {
    row: 'RML-057',
    title: 'delay levels without faults: none comes early',
    guarantee: 'DLY-1',
    expect: 'holds',
    config: ASYNC,
    plan: planOf(ASYNC, 1, DELAYED, []),
    rounds: 1,
    sheet: '0 lost, 0 twice, 0 early; late 2–127 ms (levels)',
  },
]
