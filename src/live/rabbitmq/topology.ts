/**
 * What was declared, so that it can be declared again: after a power loss a durable queue may be gone although the broker had said that it
 * is there (RAB-141). Then it comes back empty, and its messages are found to be lost.
 */
import type { Channel } from 'amqplib'
import type { GroupSetup, TopicSetup } from '../target.ts'
import { QUEUE_ARGUMENTS, type QueueType } from './config.ts'
import { allQueues, type RealQueue } from './names.ts'

export class Topology {
  private readonly type: QueueType
  private readonly topics = new Map<string, TopicSetup>()
  private readonly groups = new Map<string, GroupSetup>()

  constructor(type: QueueType) {
    this.type = type
  }

  queuesOf(topic: string): number {
    return this.topics.get(topic)?.queues ?? 1
  }

  async add(channel: Channel, topics: readonly TopicSetup[], groups: readonly GroupSetup[]): Promise<void> {
    for (const setup of topics) this.topics.set(setup.topic, setup)
    for (const setup of groups) this.groups.set(setup.group, setup)
    // A topic that comes later has its groups already.
    await this.declare(channel, topics, [...this.groups.values()])
  }

  async declareAgain(channel: Channel): Promise<void> {
    await this.declare(channel, [...this.topics.values()], [...this.groups.values()])
  }

  /** Gives what the groups had of queues that are no more. */
  async remove(channel: Channel, topics: readonly TopicSetup[], groups: readonly GroupSetup[]): Promise<RealQueue[]> {
    const gone = allQueues(this.type, topics, groups)
    for (const { topic } of topics) this.topics.delete(topic)
    for (const { group } of groups) this.groups.delete(group)
    for (const name of new Set(gone.map((queue) => queue.name))) await channel.deleteQueue(name)
    for (const { topic } of topics) await channel.deleteExchange(topic)
    return gone
  }

  private async declare(channel: Channel, topics: readonly TopicSetup[], groups: readonly GroupSetup[]): Promise<void> {
    for (const { topic } of topics) await channel.assertExchange(topic, 'direct', { durable: true })
    for (const { name, topic, queue } of allQueues(this.type, topics, groups)) {
      await channel.assertQueue(name, { durable: true, arguments: QUEUE_ARGUMENTS[this.type] })
      await channel.bindQueue(name, topic, String(queue))
    }
  }
}
