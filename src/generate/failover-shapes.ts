/**
 * What a master does of its own accord, across a change of masters: messages that wait for their time, and what groups send back. Faults come when these
 * are stored as well as when they are due.
 */
import { ms, seconds } from '../plan/units.ts'
import { strike, type Combination } from './combinations.ts'
import { controlled, of, QUICK_ELECTIONS } from './controller-shapes.ts'
import type { Range, Weighted } from './draw.ts'
import { ledgers, QUICK_TERMS } from './ledger-shapes.ts'
import type { Config, Shape } from './shapes.ts'

const ALL: Config = { allAckInSyncStateSet: true }
/** Retries within seconds: the third level and the next ones. */
export const RETRIES: Config = { retry: 'send-back', messageDelayLevel: '1s 1s 1s 2s 4s' }

const AT_WORK: Range = [ms(1), seconds(2)]
const LATER: Range = [ms(1), seconds(12)]

/** A master goes before what waits is due, amid its deliveries, or once more after its successor has begun with them. */
const AROUND_WORK: Weighted<Combination> = [
  [16, [strike('processKill', 'broker', LATER)]],
  [6, [strike('powerLoss', 'broker', LATER)]],
  [6, [strike('gracefulRestart', 'broker', LATER)]],
  [10, [strike('pause', 'broker', LATER)]],
  [12, [strike('cut', 'controller', AT_WORK)]],
  [8, [strike('cut', 'slave', AT_WORK), strike('processKill', 'broker', LATER)]],
  [8, [strike('processKill', 'broker', AT_WORK), strike('processKill', 'slave', LATER)]],
]

const working: Shape = {
  ...controlled,
  configs: [
    [2, of('ASYNC_FLUSH', 'rocketmq-5.5', RETRIES)],
    [2, of('ASYNC_FLUSH', 'rocketmq-5.5', { ...ALL, ...RETRIES })],
    [1, of('SYNC_FLUSH', 'rocketmq-5.5', { ...ALL, ...RETRIES })],
    [5, of('ASYNC_FLUSH', 'hardened', { ...ALL, ...RETRIES })],
    [3, of('SYNC_FLUSH', 'hardened', { ...ALL, ...RETRIES })],
    [3, of('ASYNC_FLUSH', 'hardened', RETRIES)],
  ],
  settings: [
    [20, { routePollUs: seconds(2) }],
    [80, { ...QUICK_ELECTIONS, routePollUs: seconds(2) }],
  ],
  items: [
    [4, 'send'],
    [1, 'transaction'],
  ],
  delays: {
    permille: 350,
    levels: [
      [3, { level: 1, us: seconds(1) }],
      [3, { level: 4, us: seconds(2) }],
      [3, { level: 5, us: seconds(4) }],
    ],
  },
  operations: [
    [40, [2, 6]],
    [60, [5, 14]],
  ],
  failingPermille: 500,
  combinations: AROUND_WORK,
  combinedPermille: 700,
}

/** The same of a group's leaders. */
const led: Shape = {
  ...ledgers,
  configs: ledgers.configs.map(([weight, config]) => [weight, { ...config, ...RETRIES }] as const),
  settings: [
    [20, { routePollUs: seconds(2) }],
    [80, QUICK_TERMS],
  ],
  items: working.items,
  delays: working.delays,
  failingPermille: 500,
  spanUs: [seconds(2), seconds(30)],
}

export const failovers: Weighted<Shape> = [[1, working]]
export const failoversOfGroups: Weighted<Shape> = [[1, led]]
