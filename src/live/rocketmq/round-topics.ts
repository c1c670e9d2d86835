/** What a round needs of a broker: its topics, its groups, and the topics that belong to those. */
import { deadLetterTopic, retryTopic } from '../../plan/group-topics.ts'
import type { GroupSetup, TopicSetup } from '../target.ts'
import type { RocketmqLiveConfig } from './config.ts'
import { createGroup, createTopic, deleteGroup, deleteTopic, type TopicSpec } from './remoting/admin.ts'
import { isOutage, type Connection } from './remoting/connection.ts'
import { Refused } from './remoting/fields.ts'

export interface Making {
  readonly config: RocketmqLiveConfig
  readonly messageType: TopicSpec['messageType']
}

/**
 * A broker makes a retry topic when a consumer announces itself, which ours do not do, and one for dead letters when there is the first: so that it
 * can always be read, it is there from the beginning.
 * @throws ConnectionLost, TimedOut, Refused
 */
export async function makeRound(
  connection: Connection,
  topics: readonly TopicSetup[],
  groups: readonly GroupSetup[],
  { config, messageType }: Making,
  limitMs: number,
): Promise<void> {
  for (const { topic, queues } of topics) await createTopic(connection, { topic, queues, messageType }, limitMs)
  for (const { group, listener, consumption } of groups) {
    const inOrder = listener === 'orderly' && (consumption === 'pop' || config.client === 'sdk')
    await createGroup(connection, { group, retriesMax: config.retryMaxTimes, inOrder }, limitMs)
    if (config.retry === 'local') continue
    for (const topic of [retryTopic(group), deadLetterTopic(group)]) await createTopic(connection, { topic, queues: 1 }, limitMs)
  }
}

interface Limits {
  readonly eachMs: number
  readonly allMs: number
}

/** As far as time allows. A broker that is gone, or whose memory is, has nothing left to remove; what it refuses does not keep the rest. */
export async function removeRound(
  open: () => Promise<Connection>,
  topics: readonly TopicSetup[],
  groups: readonly GroupSetup[],
  { retry }: RocketmqLiveConfig,
  { eachMs, allMs }: Limits,
): Promise<void> {
  const endMs = performance.now() + allMs
  const remove = async (removing: (connection: Connection, limitMs: number) => Promise<void>): Promise<void> => {
    const leftMs = endMs - performance.now()
    if (leftMs <= 0) return
    try {
      await removing(await open(), Math.max(1, Math.min(eachMs, leftMs)))
    } catch (error) {
      if (!isOutage(error) && !(error instanceof Refused)) throw error
    }
  }
  const own = retry === 'local' ? [] : groups.flatMap(({ group }) => [retryTopic(group), deadLetterTopic(group)])
  for (const topic of [...topics.map((one) => one.topic), ...own])
    await remove((connection, limitMs) => deleteTopic(connection, topic, limitMs))
  for (const { group } of groups) await remove((connection, limitMs) => deleteGroup(connection, group, limitMs))
}
