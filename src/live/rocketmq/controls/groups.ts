/** Rows about the ways in which groups consume. */
import type { Group } from '../../../plan/plan.ts'
import { ms, seconds } from '../../../plan/units.ts'
import type { LiveControl } from '../../control.ts'
import { QUICK_LEVELS } from '../config.ts'
import { ASYNC, GROUP, load, planOf, range, send, strike, type ConfigInput } from './building.ts'

const ORDERLY: Group = { ...GROUP, consumers: ['c1', 'c2'], listener: 'orderly' }

const POP: Group = { ...GROUP, consumers: ['c1', 'c2'], consumption: 'pop' }

/** Retries come after a second each. */
const SENT_BACK: ConfigInput = { retry: 'send-back', delayLevels: QUICK_LEVELS }
const TWO_RETRIES: ConfigInput = { retry: 'send-back', delayLevels: QUICK_LEVELS, retryMaxTimes: 2 }

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
  {
    row: 'RML-077',
    title:
      'keys choose their queues, an orderly consumer is killed, then the broker: what has one key is processed in the order of its sends',
    guarantee: 'ORD-4',
    expect: 'holds',
    config: ASYNC,
    plan: planOf(
      ASYNC,
      4,
      [
        { ...load(ms(500), seconds(3), 4, ms(20)), key: 'k', select: 'key' },
        ...range(5).map((k) => ({ ...send(ms(800) + k * ms(300), 1), key: 'k1', select: 'key' as const })),
      ],
      [strike('processKill', ms(1500), ms(300), 'c1'), strike('processKill', ms(2500), ms(300))],
      ORDERLY,
    ),
    rounds: 1,
    sheet: '1,092 messages of eight keys on 4 queues: each in the order of its sends, 125 of them again',
  },
  {
    row: 'RML-068',
    title: 'what listeners fail on is sent back, and comes again from the retry topic until it succeeds',
    guarantee: 'ALO-1',
    expect: 'holds',
    config: SENT_BACK,
    plan: planOf(
      SENT_BACK,
      4,
      [load(ms(500), seconds(2), 2, ms(20)), ...range(20).map((k) => send(ms(600) + k * ms(100), 1 + (k % 3)))],
      [strike('processKill', ms(1500), ms(300), 'c1')],
    ),
    rounds: 1,
    sheet: '39 sent back, each comes again after about a second; 220 of 220 finished',
  },
  {
    row: 'RML-069',
    title: 'what a listener fails on comes again after its delay, to its group, and twice where two retries are configured',
    guarantee: 'RTY-1',
    expect: 'holds',
    config: TWO_RETRIES,
    plan: planOf(TWO_RETRIES, 1, [...range(6).map((k) => send(ms(600) + k * ms(100), 1 + (k % 2)))], []),
    rounds: 1,
    sheet: 'came again at 1.0 and 2.1 s',
  },
  {
    row: 'RML-078',
    title: 'what a listener fails on more often than it may come again lies with the dead letters of its group, and nothing else does',
    guarantee: 'RTY-2',
    expect: 'holds',
    config: TWO_RETRIES,
    plan: planOf(TWO_RETRIES, 1, [...range(12).map((k) => send(ms(600) + k * ms(100), k % 5))], []),
    rounds: 1,
    sheet: '12 of 12: four that failed more than twice lay in %DLQ%g after their third failure, the others were finished',
  },
  {
    row: 'RML-071',
    title: 'a group that names two tags of three is given what has them, and passes the rest, over a kill of the broker',
    guarantee: 'FLT-1',
    expect: 'holds',
    config: ASYNC,
    plan: planOf(
      ASYNC,
      4,
      ['a', 'b', 'c', undefined].map((tag) => ({ ...load(ms(500), seconds(2), 2, ms(20)), ...(tag === undefined ? {} : { tag }) })),
      [strike('processKill', ms(1400), ms(300))],
      { ...GROUP, consumers: ['c1', 'c2'], tags: 'a || b' },
    ),
    rounds: 1,
    sheet: '41 of 41 with its tags were given, none of 44 others; progress at the end of each queue',
  },
  {
    row: 'RML-059',
    title: 'POP: what a listener failed on, and what a killed consumer had not acknowledged, comes again',
    guarantee: 'ALO-1',
    expect: 'holds',
    config: ASYNC,
    plan: planOf(
      ASYNC,
      4,
      [load(ms(500), seconds(2), 2, ms(20)), ...range(10).map((k) => send(ms(600) + k * ms(150), k % 2))],
      [strike('processKill', ms(1400), ms(300), 'c1')],
      POP,
    ),
    rounds: 1,
    sheet: 'exactly the 32 of 64 that were not acknowledged come back, once each',
  },
  {
    row: 'RML-060',
    title: 'POP in order: a queue gives nothing more until what was popped is acknowledged, or to be seen again',
    guarantee: 'ORD-3',
    expect: 'holds',
    config: ASYNC,
    plan: planOf(
      ASYNC,
      2,
      [load(ms(500), seconds(2), 2, ms(50)), ...range(4).map((k) => send(ms(700) + k * ms(300), 1))],
      [strike('processKill', ms(1800), ms(300), 'c1')],
      { ...POP, listener: 'orderly' },
    ),
    rounds: 1,
    sheet: 'nothing is delivered while 4 are unacked; then f5 f6 f7 again, then f8',
  },
]
