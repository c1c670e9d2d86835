/** Follows a drain by its events, in the simulation and on a live target alike: which sentinels are still missing, which queues are still unread. */
import { assignedTo, isBroadcasting } from '../plan/groups.ts'
import type { Group, Plan } from '../plan/plan.ts'
import { queuesOf } from '../plan/queues.ts'
import { QUEUE_CLOSED, SENTINEL_TRIES, type Script } from '../plan/script.ts'
import { wantsOf } from '../plan/subscription.ts'
import type { Event } from './event.ts'

/** Every consumer of a broadcasting group reads for itself. */
const readersOf = (group: Group): readonly string[] => (isBroadcasting(group) ? group.consumers : [group.name])

/** Which sentinels which groups have finished, and which queues the auditor has read. */
export class SentinelWatch {
  private readonly missing: Set<string>
  private readonly unread: Set<string>
  private readonly from: number
  /** Groups, and each consumer of a broadcasting one. */
  private readonly readers: readonly string[]
  private readonly broadcasting: ReadonlySet<string>
  /** Readers that do not run, and that nobody waits for. */
  private readonly away = new Set<string>()

  constructor(script: Script, plan: Plan) {
    this.from = script.sentinelFrom
    this.readers = plan.cluster.groups.flatMap(readersOf)
    this.broadcasting = new Set(plan.cluster.groups.filter(isBroadcasting).map((group) => group.name))
    this.missing = new Set()
    this.unread = new Set(queuesOf(plan).map(({ topic, name }) => `${topic}:${name}`))
    for (const reader of this.readers) if (script.late.has(reader)) this.away.add(reader)
    for (const group of plan.cluster.groups) {
      const wants = wantsOf(group) ?? (() => true)
      const told = assignedTo(plan.cluster.groups, group.name)
      script.sentinels.forEach((step, index) => {
        // Where a group does not want them, its place in the queue has to say that it is at rest.
        if (group.topics.includes(step.topic) && wants(step.labels) && told?.has(step.to?.queue ?? -1) !== false)
          for (const reader of readersOf(group)) this.missing.add(`${reader} ${index}`)
      })
    }
  }

  on(event: Event): void {
    if (event.type === 'fail' && event.f === 'subscribe')
      return void this.away.add(this.broadcasting.has(event.v.group) ? event.p : event.v.group)
    if (event.type === 'fail') return this.closed(event)
    if (event.type !== 'ok') return
    if (event.f === 'churn') this.moved(event.p, event.v.act)
    else if (event.f === 'audit') this.unread.delete(`${event.v.topic}:${event.v.queue}`)
    else if (event.f === 'consume' && event.v.message >= this.from)
      this.missing.delete(
        `${this.broadcasting.has(event.v.group) ? event.p : event.v.group} ${Math.floor((event.v.message - this.from) / SENTINEL_TRIES)}`,
      )
  }

  private moved(consumer: string, act: 'start' | 'stop'): void {
    if (act === 'stop' && this.readers.includes(consumer)) this.away.add(consumer)
    else this.away.delete(consumer)
  }

  /** A queue that is not there to be read: a topic has had more queues than it has now, or has fewer than was tried. */
  private closed(event: Event): void {
    if (event.type !== 'fail') return
    if (event.f === 'audit') this.unread.delete(`${event.v.topic}:${event.v.queue}`)
    else if (event.f === 'send' && event.op >= this.from && event.v.reason === QUEUE_CLOSED) {
      const index = Math.floor((event.op - this.from) / SENTINEL_TRIES)
      for (const reader of this.readers) this.missing.delete(`${reader} ${index}`)
    }
  }

  /** Whether some group has not finished a sentinel of this queue, named by its place in the script. */
  isMissing(index: number): boolean {
    return this.readers.some((reader) => !this.away.has(reader) && this.missing.has(`${reader} ${index}`))
  }

  /** What the drain still waits for, or null. */
  get waitsFor(): string | null {
    const count = this.awaited()
    return count === 0 ? null : `${count} sentinel${count === 1 ? '' : 's'} not yet consumed`
  }

  private awaited(): number {
    if (this.missing.size === 0 || this.away.size === 0) return this.missing.size
    return [...this.missing].filter((one) => !this.away.has(one.slice(0, one.lastIndexOf(' ')))).length
  }

  get audited(): boolean {
    return this.unread.size === 0
  }
}
