/**
 * How often an orderly listener is given a message again where it lies. Its client counts that in its memory, anew whenever it takes up the queue;
 * what has failed once more often than it may come again must be sent back then, and is run again only where that was tried (RMQ-108). What a listener comes to
 * that was at work when its client lost the queue is nobody's to count, also where the same client has taken it up again (RMQ-094).
 */
import type { Assign, ConsumeFail, ConsumeInvoke, GroupPlace, Header } from '../history/event.ts'
import type { SendBack } from '../history/send-back.ts'
import { sendingBack } from './retries.ts'
import { orderlyGroups } from './orderly-groups.ts'

interface Run {
  readonly message: number
  /** The delivery that its client waits for. */
  delivery: number
  failures: number
  sent: boolean
}
interface Taken extends GroupPlace {
  readonly message: number
}

const queueKey = (p: string, { group, topic, queue }: GroupPlace): string => `${p} ${group} ${topic}:${queue}`

export class RunsInPlace {
  /** Orderly groups for which there is an end. */
  private readonly limits: ReadonlyMap<string, number>
  /** process and queue → offset → what its client counts. */
  private readonly runs = new Map<string, Map<number, Run>>()

  constructor(header: Header) {
    const ordered = orderlyGroups(header)
    this.limits = new Map([...sendingBack(header)].filter(([group]) => ordered.has(group)))
  }

  isOf(group: string): boolean {
    return this.limits.has(group)
  }

  assigned({ p, v }: Assign): void {
    if (this.limits.has(v.group)) this.runs.delete(queueKey(p, v))
  }

  delivered({ p, v, op }: ConsumeInvoke): void {
    const run = this.of(p, v)
    if (run !== null) run.delivery = op
  }

  failed({ p, v, op }: ConsumeFail): void {
    const run = this.of(p, v)
    if (run?.delivery === op) run.failures++
  }

  sentBack({ p, v }: SendBack): void {
    const run = this.of(p, v)
    if (run !== null) run.sent = true
  }

  /** How often the message had failed here, where that is too often; else null. */
  tooOften({ p, v }: ConsumeInvoke): number | null {
    const run = this.of(p, v)
    return run !== null && !run.sent && run.failures > (this.limits.get(v.group) ?? 0) ? run.failures : null
  }

  private of(p: string, v: Taken): Run | null {
    if (!this.limits.has(v.group)) return null
    const key = queueKey(p, v)
    let queue = this.runs.get(key)
    if (queue === undefined) this.runs.set(key, (queue = new Map<number, Run>()))
    const known = queue.get(v.offset)
    if (known?.message === v.message) return known
    const made = { message: v.message, delivery: -1, failures: 0, sent: false }
    queue.set(v.offset, made)
    return made
  }
}
