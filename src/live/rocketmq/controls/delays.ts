/** Rows about delayed messages: by levels, and for any time. */
import { ms, seconds } from '../../../plan/units.ts'
import type { LiveControl } from '../../control.ts'
import { ASYNC, planOf, range, send, strike, type ConfigInput } from './building.ts'

const TIMERS: ConfigInput = { timers: true }

/** One second and five (RMQ-118), ten messages each. */
const DELAYED = range(20).map((k) => ({ ...send(ms(500) + k * ms(20)), delay: { level: 1 + (k % 2) } }))

/** From two seconds to nearly eight: some are due before the broker is gone, some while it is, and some when it is back. */
const TIMED = range(30).map((k) => ({ ...send(ms(500) + k * ms(20)), delay: { afterUs: seconds(2) + k * ms(200) } }))

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
    title: 'delay levels and timers without faults: none comes early',
    guarantee: 'DLY-1',
    expect: 'holds',
    config: TIMERS,
    plan: planOf(TIMERS, 1, [...DELAYED, ...TIMED], []),
    rounds: 1,
    sheet: '0 lost, 0 twice, 0 early; late 2–127 ms (levels), 35–1,073 ms (timers)',
  },
  {
    row: 'RML-058',
    title: 'timers, kill -9 while the first are due: none is lost, and those that are overdue come when the broker is back',
    guarantee: 'DLY-4',
    expect: 'holds',
    config: TIMERS,
    plan: planOf(TIMERS, 1, TIMED, [strike('processKill', ms(4500), ms(2000))]),
    rounds: 1,
    sheet: '0 of 30 lost, 0 twice, overdue ones right after the restart; twice what came in the second before (RML-075)',
  },
]
