/**
 * Orderly pops (RMQ-112): what was popped of a queue and is neither acknowledged nor visible again blocks the queue, and the group stands at
 * the first message that is not acknowledged. Known in memory, saved every ten seconds.
 *
 * Left out: entering a blocked queue again with the same `attemptId`.
 */
import type { Us } from '../../../plan/units.ts'
import { cellValue } from '../../../sim/disk.ts'
import type { Env } from '../../../sim/system.ts'
import type { AckRequest, ChangeInvisible } from '../pop-messages.ts'
import { toGrid } from './grid.ts'
import { storedOffset, storeOffset } from './offsets.ts'
import type { OrderEntry, OrderInfo, PopState } from './pop-state.ts'
import type { BrokerRules } from './rules.ts'
import type { BrokerState, QueueState } from './state.ts'

type BrokerEnv = Env<BrokerRules>
export const ORDER_FILE = 'config/consumerOrderInfo.json'
interface OrderFile {
  readonly orders: readonly OrderInfo[]
}

const infoOf = (own: PopState, group: string, { topic, queue }: Pick<OrderInfo, 'topic' | 'queue'>): OrderInfo | undefined =>
  own.orders.find((one) => one.queue === queue && one.group === group && one.topic === topic)

const isHidden = ({ acked, visibleAt }: OrderEntry, now: Us): boolean => !acked && visibleAt > now

export function isQueueBlocked(env: BrokerEnv, own: PopState, group: string, queue: QueueState): boolean {
  const waiting = infoOf(own, group, queue)?.entries.filter((entry) => isHidden(entry, env.now)).length ?? 0
  return env.rules.isBlocked(waiting)
}

/** Notes what was given away; gives how often each was given away before. */
export function noteOrderlyPop(
  state: BrokerState,
  env: BrokerEnv,
  own: PopState,
  group: string,
  { topic, queue }: QueueState,
  popTime: Us,
  visibleAt: Us,
  offsets: readonly number[],
): number[] {
  const before = infoOf(own, group, { topic, queue })
  const attemptOf = (offset: number): number => {
    const known = before?.entries.find((entry) => entry.offset === offset)
    return known === undefined ? 0 : known.attempt + 1
  }
  const attempts = offsets.map(attemptOf)
  const entries = offsets.map((offset, k): OrderEntry => ({ offset, acked: false, visibleAt, attempt: attempts[k] ?? 0 }))
  replace(state, env, own, { group, topic, queue, popTime, entries })
  return attempts
}

function replace(state: BrokerState, env: BrokerEnv, own: PopState, info: OrderInfo): void {
  const others = own.orders.filter((one) => one.queue !== info.queue || one.group !== info.group || one.topic !== info.topic)
  own.orders = [...others, info]
  if (!own.ordersChanged) env.timer('popOrders', toGrid(env.uptime, state.shape.parameters.popOrderSaveUs))
  own.ordersChanged = true
}

/** Acknowledges one of the messages that were last popped; an older taking is refused. */
export function ackInOrder(state: BrokerState, env: BrokerEnv, own: PopState, { group, receipt }: AckRequest): boolean {
  const info = infoOf(own, group, receipt)
  if (info === undefined || info.popTime !== receipt.popTime) return false
  const entries = info.entries.map((entry) => (entry.offset === receipt.offset ? { ...entry, acked: true } : { ...entry }))
  const first = entries.find(({ acked }) => !acked)?.offset ?? Math.max(...entries.map(({ offset }) => offset)) + 1
  replace(state, env, own, { ...info, entries })
  const { topic, queue } = receipt
  if (first > (storedOffset(state, group, topic, queue) ?? -1)) storeOffset(state, env, group, topic, queue, first)
  return true
}

/** One of the messages that were last popped is visible again at another time. */
export function hideInOrder(state: BrokerState, env: BrokerEnv, own: PopState, { group, receipt }: ChangeInvisible, until: Us): boolean {
  const info = infoOf(own, group, receipt)
  if (info === undefined || info.popTime !== receipt.popTime) return false
  const entries = info.entries.map((entry) => (entry.offset === receipt.offset ? { ...entry, visibleAt: until } : { ...entry }))
  replace(state, env, own, { ...info, entries })
  return true
}

/** Held orderly pops look again when something is visible again. */
export function armOrderWake(state: BrokerState, env: BrokerEnv): void {
  const hidden = state.pop?.orders.flatMap(({ entries }) => entries.filter((entry) => isHidden(entry, env.now))) ?? []
  const next = hidden.reduce((first, { visibleAt }) => Math.min(first, visibleAt), Infinity)
  if (next !== Infinity) env.timer('popOrderWake', Math.max(1, next - env.now))
}

export function saveOrders(env: BrokerEnv, own: PopState): number {
  own.ordersChanged = false
  const orders = own.orders.map((info) => ({ ...info, entries: info.entries.map((entry) => ({ ...entry })) }))
  return env.save(ORDER_FILE, { orders } satisfies OrderFile)
}

export function loadOrders(env: BrokerEnv, own: PopState): void {
  own.orders = ((cellValue(env.disk, ORDER_FILE) as OrderFile | null)?.orders ?? []).slice()
}
