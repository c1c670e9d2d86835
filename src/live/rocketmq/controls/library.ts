/** Rows about RocketMQ's own library. */
import { ms, seconds } from '../../../plan/units.ts'
import type { LiveControl } from '../../control.ts'
import { EARLY, GROUP, load, planOf, range, send, transaction, type ConfigInput } from './building.ts'

/** RocketMQ's own library, through the proxy. A commit is written down before the first check comes, also on a slow machine. */
const SDK: ConfigInput = { client: 'sdk', transactions: EARLY }

/** Rows about the library: messages without faults, and the three ends of transactions. */
export const LIBRARY: readonly LiveControl[] = [
  {
    row: 'RML-023',
    title: 'the library through the proxy: each message is delivered once',
    guarantee: 'ALO-5',
    expect: 'holds',
    config: SDK,
    plan: planOf(SDK, 1, [load(ms(500), seconds(2), 4, ms(80))], []),
    rounds: 1,
    sheet: '100 of 100 sent are received, and acknowledged',
  },
  {
    row: 'RML-027',
    title: 'the library through the proxy: open transactions are asked for, and end as they were decided',
    guarantee: 'TXN-2',
    expect: 'holds',
    config: SDK,
    plan: planOf(
      SDK,
      1,
      range(20).map((k) =>
        k % 2 === 0
          ? transaction(k, k % 4 === 0 ? 'commit' : 'rollback', k % 4 === 0 ? 'commit' : 'rollback', ms(100))
          : transaction(k, 'unknown', k % 4 === 1 ? 'commit' : 'rollback', ms(100)),
      ),
      [],
    ),
    rounds: 1,
    sheet: '10 of 10 open halves resolved rightly, one check each',
  },
  {
    row: 'RML-070',
    title: 'the library through the proxy: a push consumer of a group that keeps order takes one message after the other',
    // None fails: that would be a dead letter at once (RML-074), for which a round waits in vain.
    guarantee: 'ORD-3',
    expect: 'holds',
    config: SDK,
    plan: planOf(SDK, 1, [load(ms(500), seconds(2), 2, ms(100)), ...range(3).map((k) => send(ms(800) + k * ms(400)))], [], {
      ...GROUP,
      listener: 'orderly',
    }),
    rounds: 1,
    sheet: 'one message after the other',
  },
]
