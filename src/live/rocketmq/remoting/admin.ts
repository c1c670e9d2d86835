/** What operators ask: topics, groups, routes, and whether the broker is there (RML-007, RML-013, RML-022). */
import { z } from 'zod'
import { REQUEST, responseName } from './codes.ts'
import type { Connection } from './connection.ts'
import { accepted, fieldsOf } from './fields.ts'
import { ProtocolError } from './frame.ts'

export interface TopicSpec {
  readonly topic: string
  readonly queues: number
  /** What a proxy takes it for; a broker does not care (RML-013). */
  readonly messageType?: 'TRANSACTION' | undefined
}

/** @throws ConnectionLost, TimedOut, Refused */
export async function createTopic(connection: Connection, { topic, queues, messageType }: TopicSpec, timeoutMs: number): Promise<void> {
  const fields = fieldsOf({
    topic,
    defaultTopic: 'TBW102',
    readQueueNums: queues,
    writeQueueNums: queues,
    perm: 6,
    topicFilterType: 'SINGLE_TAG',
    topicSysFlag: 0,
    order: false,
    ...(messageType === undefined ? {} : { attributes: `+message.type=${messageType}` }),
  })
  accepted(`creating topic ${topic}`, await connection.request(REQUEST.createTopic, fields, null, timeoutMs))
}

export interface GroupSpec {
  readonly group: string
  /** How often what failed may come again. */
  readonly retriesMax: number
  /** For those that take messages without a queue of their own (RMQ-112, RMQ-148): others lock queues. */
  readonly inOrder?: boolean
}

/** @throws ConnectionLost, TimedOut, Refused */
export async function createGroup(
  connection: Connection,
  { group, retriesMax, inOrder = false }: GroupSpec,
  timeoutMs: number,
): Promise<void> {
  const body = JSON.stringify({
    groupName: group,
    consumeEnable: true,
    consumeFromMinEnable: true,
    consumeBroadcastEnable: true,
    consumeMessageOrderly: inOrder,
    retryQueueNums: 1,
    retryMaxTimes: retriesMax,
    brokerId: 0,
    whichBrokerWhenConsumeSlowly: 1,
    notifyConsumerIdsChangedEnable: true,
    groupSysFlag: 0,
    consumeTimeoutMinute: 15,
  })
  accepted(`creating group ${group}`, await connection.request(REQUEST.createGroup, '{}', Buffer.from(body), timeoutMs))
}

/** @throws ConnectionLost, TimedOut, Refused */
export async function deleteTopic(connection: Connection, topic: string, timeoutMs: number): Promise<void> {
  accepted(`deleting topic ${topic}`, await connection.request(REQUEST.deleteTopic, fieldsOf({ topic }), null, timeoutMs))
}

/** @throws ConnectionLost, TimedOut, Refused */
export async function deleteGroup(connection: Connection, group: string, timeoutMs: number): Promise<void> {
  const fields = fieldsOf({ groupName: group, cleanOffset: true })
  accepted(`deleting group ${group}`, await connection.request(REQUEST.deleteGroup, fields, null, timeoutMs))
}

/** Whether the broker's store answers; right after a start it may not yet (RML-022). @throws ConnectionLost, TimedOut */
export async function answersRuntime(connection: Connection, timeoutMs: number): Promise<boolean> {
  const frame = await connection.request(REQUEST.brokerRuntimeInfo, '{}', null, timeoutMs)
  return frame.code === 0 && frame.body.length > 0
}

const HaStatus = z.object({
  masterCommitLogMaxOffset: z.number(),
  haConnectionInfo: z.array(z.object({ slaveAckOffset: z.number(), inSync: z.boolean().default(true) })),
})

/**
 * Whether a slave is connected, has all that its master has, and, where a controller keeps account of that, is in sync. @throws ConnectionLost,
 * TimedOut, ProtocolError
 */
export async function slaveIsThere(connection: Connection, timeoutMs: number, mustBeInSync = false): Promise<boolean> {
  const { code, body } = await connection.request(REQUEST.haStatus, '{}', null, timeoutMs)
  if (code !== 0 || body.length === 0) return false
  const { data } = HaStatus.safeParse(JSON.parse(body.toString()))
  if (data === undefined) throw new ProtocolError(`a master says of its slaves: ${body.toString()}`)
  return data.haConnectionInfo.some(
    ({ slaveAckOffset, inSync }) => slaveAckOffset >= data.masterCommitLogMaxOffset && (inSync || !mustBeInSync),
  )
}

/** Whether a broker, which may be a slave, has heard of the topic. @throws ConnectionLost, TimedOut */
export async function knowsTopic(connection: Connection, topic: string, timeoutMs: number): Promise<boolean> {
  const frame = await connection.request(REQUEST.topicConfig, fieldsOf({ topic }), null, timeoutMs)
  return responseName(frame.code) === 'SEND_OK'
}

/** Whether a NameServer knows where the topic is. @throws ConnectionLost, TimedOut */
export async function hasRoute(connection: Connection, topic: string, timeoutMs: number): Promise<boolean> {
  const frame = await connection.request(REQUEST.routeOfTopic, fieldsOf({ topic, acceptStandardJsonOnly: true }), null, timeoutMs)
  return responseName(frame.code) === 'SEND_OK'
}

const Route = z.object({ brokerDatas: z.array(z.object({ brokerName: z.string(), brokerAddrs: z.record(z.string(), z.string()) })) })
/** RML-034: who is master has this id, whoever it is. */
const MASTER_ID = '0'

/** The port of a broker's master, or null while there is none. @throws ConnectionLost, TimedOut, ProtocolError */
export async function masterPort(connection: Connection, topic: string, broker: string, timeoutMs: number): Promise<number | null> {
  const { code, body } = await connection.request(REQUEST.routeOfTopic, fieldsOf({ topic, acceptStandardJsonOnly: true }), null, timeoutMs)
  if (responseName(code) !== 'SEND_OK') return null
  const { data } = Route.safeParse(JSON.parse(body.toString()))
  if (data === undefined) throw new ProtocolError(`a NameServer says of ${topic}: ${body.toString()}`)
  const address = data.brokerDatas.find(({ brokerName }) => brokerName === broker)?.brokerAddrs[MASTER_ID]
  return address === undefined ? null : Number(address.slice(address.lastIndexOf(':') + 1))
}

/**
 * Makes a broker register at its NameServers at once: changing nothing in its configuration does (RML-007). It rewrites its configuration
 * file at that (RML-009).
 */
export async function registerNow(connection: Connection, timeoutMs: number): Promise<void> {
  await connection.request(REQUEST.updateBrokerConfig, '{}', Buffer.from('brokerPermission=6\n'), timeoutMs)
}
