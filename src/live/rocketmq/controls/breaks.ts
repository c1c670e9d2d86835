/** Rows in which a violation must be seen. */
import { ms, seconds } from '../../../plan/units.ts'
import type { LiveControl } from '../../control.ts'
import { ASYNC, BUSY, GHOSTS, LATE_ENDS, LOAD, load, planOf, powerLoss, range, strike, transaction, TWENTY } from './building.ts'

export const BREAKS: readonly LiveControl[] = [
  {
    row: 'RML-035',
    title: 'ASYNC_FLUSH under load, power loss: the last interval is lost',
    guarantee: 'DUR-1',
    expect: 'breaks',
    anomaly: 'lost',
    config: ASYNC,
    plan: planOf(ASYNC, 4, [LOAD], [powerLoss(BUSY)]),
    rounds: 2,
    sheet: 'lost 2,521 of 13,537; 1,962 of 17,563; 966 of 11,423',
  },
  {
    row: 'RML-036',
    title: 'ASYNC_FLUSH, twenty messages, power loss: all of them are lost',
    guarantee: 'DUR-1',
    expect: 'breaks',
    anomaly: 'lost',
    config: ASYNC,
    plan: planOf(ASYNC, 1, [TWENTY], [powerLoss(ms(1000))]),
    // One time in twenty the pass that comes every ten seconds falls between the sends and the cut.
    rounds: 3,
    sheet: '20 of 20 lost',
  },
  {
    row: 'RML-037',
    title: 'ASYNC_FLUSH, a group that has committed, power loss: it skips new messages',
    guarantee: 'ALO-1',
    expect: 'breaks',
    anomaly: 'not delivered',
    config: GHOSTS,
    plan: planOf(
      GHOSTS,
      1,
      [{ ...TWENTY, atUs: ms(10_500) }, load(seconds(22), seconds(8), 1, ms(40))],
      [strike('processKill', ms(14_000), ms(16_500), 'c1'), powerLoss(ms(14_200))],
    ),
    rounds: 3,
    sheet: 'the group resumes at 25 and skips 20 of 23 new acked messages',
  },
  {
    row: 'RML-042',
    title: 'ASYNC_FLUSH, the disk dies under the running broker: what it acknowledges is lost',
    guarantee: 'DUR-1',
    expect: 'breaks',
    anomaly: 'lost',
    config: ASYNC,
    plan: planOf(ASYNC, 4, [load(ms(500), seconds(4), 16, ms(5))], [strike('forceFails', ms(1000), seconds(4)), powerLoss(ms(3500))]),
    rounds: 2,
    sheet: '38,141 acked on the dead disk; lost 38,346 of 38,731 after remount',
  },
  {
    row: 'RML-046',
    title: 'late ends of transactions, no fault, checker tells the truth: committed messages come twice',
    guarantee: 'TXN-2',
    expect: 'breaks',
    anomaly: 'delivered twice',
    config: LATE_ENDS,
    plan: planOf(
      LATE_ENDS,
      1,
      range(30).map((k) => transaction(k, 'commit', 'commit', ms(150))),
      [],
    ),
    rounds: 3,
    sheet: '6 of 30 committed messages delivered twice',
  },
]
