/** Drivers give up on their brokers before the runner gives up on them. */
import { expect, it } from 'vitest'
import { CALL_LIMITS_MS } from './call-limits.ts'
import { CONNECT_MS } from './rabbitmq/link.ts'
import { ADMIN_MS } from './rabbitmq/target.ts'
import { TEAR_DOWN_MS } from './rocketmq/target.ts'
import { DEADLINES } from './stdio/adapter.ts'

it.each([
  ['rabbitmq', CONNECT_MS + ADMIN_MS, CALL_LIMITS_MS.tearDown],
  ['rocketmq', TEAR_DOWN_MS, CALL_LIMITS_MS.tearDown],
  ['stdio', DEADLINES.answerMs + DEADLINES.graceMs, CALL_LIMITS_MS.tearDown],
  ['stdio, to start', DEADLINES.startMs + DEADLINES.graceMs, CALL_LIMITS_MS.ready],
])('%s', (_, driverMs, limitMs) => {
  expect(driverMs).toBeLessThan(limitMs)
})
