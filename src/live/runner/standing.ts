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
  /** Groups that want no sentinels, and the topics that they read. */
  private readonly groups: ReadonlyMap<string, readonly string[]>
  /** topic → queue → the offset behind the first sentinel that was acknowledged there. */
  private readonly ends = new Map<string, Map<string, number>>()
  private readonly told = new Map<string, number>()

  constructor({ cluster }: Plan, { sentinelFrom }: Script) {
    this.sentinelFrom = sentinelFrom
    const choosing = cluster.groups.filter((group) => wantsOf(group)?.(NO_LABELS) === false)
    this.groups = new Map(choosing.map(({ name, topics }) => [name, topics]))
  }

  on(event: Event): void {
    if (this.groups.size === 0) return
    if (event.type === 'ok' && event.f === 'send' && event.op >= this.sentinelFrom) this.sentinelAt(event.v)
    else if ((event.type === 'info' && event.f === 'commit') || (event.type === 'ok' && event.f === 'assign')) {
      const { group, topic, queue, offset } = event.v
      const key = `${group} ${topic}:${queue}`
      this.told.set(key, Math.max(offset, this.told.get(key) ?? 0))
    }
  }

  private sentinelAt({ topic, queue, offset }: { readonly topic: string; readonly queue: string; readonly offset: number }): void {
    const ends = this.ends.get(topic) ?? new Map<string, number>()
    this.ends.set(topic, ends)
    if (!ends.has(queue)) ends.set(queue, offset + 1)
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
