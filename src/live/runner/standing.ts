/**
 * Groups that choose messages are not given sentinels. That they have passed one they say themselves, when they tell the broker their progress:
 * then their place in its queue says that it is at rest.
 */
import type { Event } from '../../history/event.ts'
import { NO_LABELS } from '../../plan/labels.ts'
import type { Plan } from '../../plan/plan.ts'
import type { Script } from '../../plan/script.ts'
import { wantsOf } from '../../plan/subscription.ts'

export class Standing {
  private readonly sentinelFrom: number
  /** Groups that want no sentinels, and the topics that they read; one whose selector is refused reads nothing. */
  private readonly groups: Map<string, readonly string[]>
  /** topic → queue → the offset behind the first sentinel that was acknowledged there, and behind what came later than that. */
  private readonly ends = new Map<string, Map<string, number>>()
  /** Delayed messages, whose offsets are those of another queue. */
  private readonly waiting = new Set<number>()
  private readonly told = new Map<string, number>()

  constructor({ cluster }: Plan, { sentinelFrom }: Script) {
    this.sentinelFrom = sentinelFrom
    const choosing = cluster.groups.filter((group) => wantsOf(group)?.(NO_LABELS) === false)
    this.groups = new Map(choosing.map(({ name, topics }) => [name, topics]))
  }

  on(event: Event): void {
    if (this.groups.size === 0) return
    if (event.type === 'fail' && event.f === 'subscribe') this.groups.delete(event.v.group)
    else if (event.type === 'invoke' && event.f === 'send' && event.v.delay !== undefined) this.waiting.add(event.op)
    else if (event.type === 'ok' && event.f === 'send' && !this.waiting.has(event.op)) this.stored(event.v, event.op >= this.sentinelFrom)
    else if ((event.type === 'info' && event.f === 'commit') || (event.type === 'ok' && event.f === 'assign')) {
      const { group, topic, queue, offset } = event.v
      const key = `${group} ${topic}:${queue}`
      this.told.set(key, Math.max(offset, this.told.get(key) ?? 0))
    }
  }

  /** Before its first sentinel a queue may still lose what it holds: from then on, nothing is lost any more. */
  private stored(
    { topic, queue, offset }: { readonly topic: string; readonly queue: string; readonly offset: number },
    marks: boolean,
  ): void {
    const ends = this.ends.get(topic) ?? new Map<string, number>()
    this.ends.set(topic, ends)
    const end = ends.get(queue)
    if (end === undefined ? marks : !marks && offset >= end) ends.set(queue, offset + 1)
  }

  /** Which group has not passed a sentinel, or null. Asked once each queue has one. */
  get waitsFor(): string | null {
    for (const [group, topics] of this.groups) {
      for (const topic of topics) {
        for (const [queue, end] of this.ends.get(topic) ?? [])
          if ((this.told.get(`${group} ${topic}:${queue}`) ?? 0) < end)
            return `${group} has not told that it has passed the sentinel of ${topic}:${queue}`
      }
    }
    return null
  }
}
