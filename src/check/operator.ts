/**
 * What an operator did to the queues of topics, and whether he closed a queue in an order in which nothing can be left behind: writers first,
 * then a wait in which they hear of it and every group reads to the end, and only then readers.
 */
import type { Audit, NoAudit, Resize, SendOk } from '../history/event.ts'
import { numberOfQueue } from '../plan/queues.ts'
import { seconds, type Us } from '../plan/units.ts'
import { PerQueue } from './per-queue.ts'

/** RMQ-004, RMQ-012: a registration may come 30 s late, and a client looks every 30 s; and some time for the answers. */
export const HEARD_WITHIN: Us = seconds(65)

/**
 * right: nothing may be unreachable. Else why a message may be: in doubt, a change that the queue needs may not have been made; not read yet, its
 * queue is written and not read; not lowered, writers were not stopped before readers; no wait, they had not had the time to hear of it; still
 * chosen, somebody went on to name the queue himself; not drained, some group had not come so far.
 */
export type Order = 'right' | 'in doubt' | 'not read yet' | 'not lowered' | 'no wait' | 'still chosen' | 'not drained'

interface Message {
  readonly ackedAt: Us
  readonly chosen: boolean
}

/** One change of a topic's numbers; `certain`: all brokers have said yes. */
export interface Change {
  readonly op: number
  readonly v: Resize['v']
  readonly begunAt: Us
  endedAt: Us
  certain: boolean
}

export class Operator {
  private changes: Change[] = []
  private readonly closedQueues = new PerQueue<{ closed: boolean }>(() => ({ closed: false }))
  private anyClosed = false

  on(event: Resize): void {
    const { op, v, t } = event
    if (event.type === 'invoke') {
      this.changes.push({ op, v, begunAt: t, endedAt: Infinity, certain: false })
      return
    }
    // Who gave up has told nobody anything.
    if (event.type === 'fail') this.changes = this.changes.filter((one) => one.op !== op)
    const change = this.changes.find((one) => one.op === op)
    if (change === undefined) return
    change.endedAt = t
    change.certain = event.type === 'ok'
  }

  /** The auditor has read a queue, or was told that there is none to read. */
  audited({ type, v }: Audit | NoAudit): void {
    if (type === 'ok' && !this.anyClosed) return
    this.closedQueues.of(v.topic, v.queue).closed = type === 'fail'
    this.anyClosed = true
  }

  isClosed(topic: string, queue: string): boolean {
    return this.anyClosed && this.closedQueues.of(topic, queue).closed
  }

  /** In order; those that were given up had no effect. */
  changesOf(topic: string, broker: string): readonly Change[] {
    return this.changes.filter(({ v }) => v.topic === topic && v.brokers.includes(broker))
  }

  /** How the queue of a message that some group has not finished came to be closed. `chosen`: whoever sent it has named the queue. */
  orderFor({ t, v }: SendOk, chosen: boolean): Order {
    const queue = numberOfQueue(v.queue)
    const changes = this.changesOf(v.topic, v.broker)
    const last = changes[changes.length - 1]
    if (last === undefined) return 'right'
    if (last.v.readQueues > queue) return last.certain ? 'right' : 'in doubt'
    const opened = changes.findLastIndex((one) => one.v.readQueues > queue)
    const since = changes.slice(opened + 1)
    if (since.some((one) => one.v.writeQueues > queue)) return 'not read yet'
    return this.closing(queue, since[0] as Change, changes.slice(0, opened + 1), { ackedAt: t, chosen })
  }

  private closing(queue: number, close: Change, before: readonly Change[], message: Message): Order {
    const lowered = before.slice(before.findLastIndex((one) => one.v.writeQueues > queue) + 1)[0]
    if (lowered === undefined) return 'not lowered'
    if (!lowered.certain) return 'in doubt'
    if (close.begunAt - lowered.endedAt < HEARD_WITHIN) return 'no wait'
    if (message.chosen && message.ackedAt > lowered.begunAt) return 'still chosen'
    return close.v.drained || message.ackedAt >= close.begunAt ? 'right' : 'not drained'
  }
}
