/** What HA-3 remembers: how a consumer reads a queue, from whom, and what it has gone past; and how a group's progress has gone. */
import type { GroupPlace, Place } from '../history/event.ts'
import type { Us } from '../plan/units.ts'
import { PerQueue } from './per-queue.ts'

/** A place that lies behind a consumer who reads at a slave; `message` is what it was given there, or -1. */
export interface Passed extends GroupPlace {
  readonly slave: string
  readonly message: number
}

/** A consumer and one queue. From one beginning to the next it goes forward, but for what is tried again. */
export class Reading {
  /** The slave that is asked, or null: the master is. */
  slave: string | null = null
  private next = -1
  private last: Passed | null = null

  begin(offset: number): void {
    this.next = offset
    this.last = null
  }

  /** The places that are passed at a slave by going on to this message: those without one, and that of the message before it, if a slave showed that too. */
  take({ group, topic, queue, offset, message }: GroupPlace & { readonly message: number }): readonly Passed[] {
    const { slave, next, last } = this
    if (next < 0 || offset < next) return []
    this.next = offset + 1
    this.last = slave === null ? null : { group, topic, queue, offset, slave, message }
    if (slave === null) return []
    const gap = Array.from({ length: offset - next }, (_, k) => ({ group, topic, queue, offset: next + k, slave, message: -1 }))
    return last === null ? gap : [last, ...gap]
  }
}

interface Stored {
  readonly t: Us
  readonly offset: number
}

/** Groups' progress, at any time, as their masters knew it. */
export class ProgressLog {
  private readonly groups = new Map<string, PerQueue<Stored[]>>()

  stored({ group, topic, queue, offset }: GroupPlace, t: Us): void {
    let queues = this.groups.get(group)
    if (queues === undefined) this.groups.set(group, (queues = new PerQueue<Stored[]>(() => [])))
    queues.of(topic, queue).push({ t, offset })
  }

  /** What was stored last between two moments, or null. */
  between(group: string, { topic, queue }: Pick<Place, 'topic' | 'queue'>, from: Us, to: Us): number | null {
    const log = this.groups.get(group)?.of(topic, queue) ?? []
    for (let k = log.length - 1; k >= 0; k--) {
      const { t, offset } = log[k] as Stored
      if (t <= to) return t > from ? offset : null
    }
    return null
  }
}
