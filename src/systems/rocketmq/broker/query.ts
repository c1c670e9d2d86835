/**
 * Messages that somebody looks for (RMQ-140): the index says where they may lie, and what lies there is the answer, whatever its key is. A place in the
 * log is looked up as it is: what lies there now may not be what lay there when the id was given.
 *
 * Left out: the second and third look further back, where nothing at all of what the index led to was still in the log.
 */
import type { Env, NodeId } from '../../../sim/system.ts'
import { salted } from '../messages.ts'
import type { FoundMessage, QueryMessage, QueryMessageAnswer, ViewMessage } from '../query-messages.ts'
import { placesOf } from './key-index.ts'
import { recordAt } from './log.ts'
import { soundness, type LogRecord } from './record.ts'
import type { BrokerRules } from './rules.ts'
import type { BrokerState } from './state.ts'
import { TraceRecord } from './trace-record.ts'

type BrokerEnv = Env<BrokerRules>

function viewed(state: BrokerState, env: BrokerEnv, at: number): FoundMessage[] {
  const extent = recordAt(env.disk, state.log, at)
  if (extent === null || !soundness(extent).framed) return []
  const { body } = extent
  const { message, msgId, key, topic, queue, offset, storeTime } = body
  const lines = body instanceof TraceRecord ? { lines: body.lines } : {}
  return [{ message, msgId, key, topic, queue, offset, at, storeTime, ...lines }]
}

function answer(env: BrokerEnv, from: NodeId, asked: QueryMessage | ViewMessage, messages: readonly FoundMessage[]): void {
  const told: QueryMessageAnswer = {
    type: 'queryMessageAnswer',
    salt: salted('queryMessageAnswer', asked.salt),
    op: asked.op,
    messages,
    denied: false,
  }
  env.send(from, told)
}

const hasKey = (record: LogRecord, key: string, unique: boolean): boolean =>
  record instanceof TraceRecord ? record.msgIds.includes(key) : (unique ? record.msgId : record.key) === key

export function onQueryMessage(state: BrokerState, env: BrokerEnv, from: NodeId, asked: QueryMessage): void {
  const { topic, key, unique, since, until } = asked
  const compares = state.shape.repairs.has('compareIndexedKeys')
  const places = placesOf(env, asked, { since, until }, env.rules.mostFound(asked.max, unique), (record) => {
    return !compares || (record.topic === topic && hasKey(record, key, unique))
  })
  places.sort((x, y) => x - y)
  answer(
    env,
    from,
    asked,
    places.flatMap((at) => viewed(state, env, at)),
  )
}

export const onViewMessage = (state: BrokerState, env: BrokerEnv, from: NodeId, asked: ViewMessage): void =>
  answer(env, from, asked, viewed(state, env, asked.at))
