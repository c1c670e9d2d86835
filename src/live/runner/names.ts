/** A round's topics and groups have real names that were never used before; histories keep the plan's. */
import type { Plan } from '../../plan/plan.ts'
import type { QueueName } from '../../plan/queues.ts'
import type { GroupSetup, TopicSetup } from '../target.ts'

/** How a history calls a queue that a target shows by its number, or does not show. */
export const shownQueue = (queue: number): QueueName => (queue < 0 ? '' : `${queue}`)

/** Brokers differ in what a name may hold; these letters suit them all. */
const readable = (name: string): string => name.replace(/[^A-Za-z0-9_-]/g, '_')

/** A real name for each: the plan's, as far as it may be, behind a prefix. */
function realNames(prefix: string, names: Iterable<string>): Map<string, string> {
  const real = new Map<string, string>()
  const taken = new Set<string>()
  for (const name of new Set(names)) {
    const plain = `${prefix}-${readable(name)}`
    const free = taken.has(plain) ? `${plain}-${taken.size}` : plain
    taken.add(free)
    real.set(name, free)
  }
  return real
}

type Names = ReadonlyMap<string, string>

/** Topics that belong to a group, by their real names: what is tried again comes from there, or, where it was popped, from one for each topic. */
const groupTopics = (groups: Names, topics: Names): [string, string][] =>
  [...groups].flatMap(([name, real]): [string, string][] => [
    [`%RETRY%${real}`, `%RETRY%${name}`],
    [`%DLQ%${real}`, `%DLQ%${name}`],
    ...[...topics].map(([topic, realTopic]): [string, string] => [`%RETRY%${real}_${realTopic}`, `%RETRY%${name}_${topic}`]),
  ])

export class RoundNames {
  readonly topics: readonly TopicSetup[]
  readonly groups: readonly GroupSetup[]
  /** The group that reads everything at the end, where queues can't be read otherwise. */
  readonly auditGroup: GroupSetup
  private readonly realTopics: ReadonlyMap<string, string>
  private readonly realGroups: ReadonlyMap<string, string>
  private readonly planTopics: ReadonlyMap<string, string>

  /** `round` names the round among all that any broker ever saw. */
  constructor(round: string, { cluster, workload }: Plan) {
    const created = workload.flatMap((item) => (item.do === 'createTopic' ? [item.topic] : []))
    this.realTopics = realNames(`mq${round}`, [...cluster.topics.map((topic) => topic.name), ...created])
    this.realGroups = realNames(`mq${round}-g`, [...cluster.groups.map((group) => group.name), ''])
    this.planTopics = new Map([
      ...groupTopics(this.realGroups, this.realTopics),
      ...[...this.realTopics].map(([name, real]) => [real, name] as const),
    ])
    this.topics = cluster.topics.map(({ name, queues }) => ({ topic: this.topic(name), queues }))
    this.groups = cluster.groups.map(({ name, topics, listener, consumption }) => ({
      group: this.group(name),
      topics: topics.map((topic) => this.topic(topic)),
      listener,
      consumption,
    }))
    this.auditGroup = { group: this.group(''), topics: this.topics.map(({ topic }) => topic) }
  }

  topic(name: string): string {
    return this.realTopics.get(name) ?? name
  }

  group(name: string): string {
    return this.realGroups.get(name) ?? name
  }

  /** The plan's name of a real topic; a topic that is not the round's keeps its name. */
  planTopic(real: string): string {
    return this.planTopics.get(real) ?? real
  }
}
