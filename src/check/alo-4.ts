/** ALO-4: no invention, no corruption. Whatever is delivered or read was sent before, to that topic, with that content. */
import type { ConsumeInvoke, Event, Pull, SendInvoke } from '../history/event.ts'
import type { Anomaly, Checker, Findings } from './checker.ts'
import { eventAt, replaced } from './edit.ts'
import { FaultLog } from './fault-log.ts'
import { checker, evidence, type Judge } from './judge.ts'
import { MessageNames } from './message-names.ts'
import { NumberMap } from './number-map.ts'
import { placeFacts, showPlace } from './per-queue.ts'

/** RocketMQ delivers what is tried again, or was given up, from topics of the group's own. */
const isGroupTopic = (topic: string): boolean => topic.startsWith('%RETRY%') || topic.startsWith('%DLQ%')

class Alo4 implements Judge {
  first: { readonly index: number; readonly place: string } | null = null
  private index = -1
  private chances = 0
  private readonly sent = new NumberMap<SendInvoke>()
  private readonly faults = new FaultLog()
  private readonly names = new MessageNames()
  private readonly anomalies: Anomaly[] = []

  on(event: Event): void {
    this.index++
    if (event.type === 'invoke') {
      if (event.f === 'send') {
        this.names.note(event)
        this.sent.set(event.op, event)
      } else if (event.f === 'consume') this.read(event)
    } else if (event.type === 'ok') {
      if (event.f === 'pull') this.read(event)
    } else if (event.type === 'fault') {
      this.faults.note(event, this.index)
    }
  }

  private read(event: ConsumeInvoke | Pull): void {
    const { v } = event
    this.chances++
    this.first ??= { index: this.index, place: showPlace(v) }
    const send = this.sent.get(v.message)
    if (send === undefined) {
      return this.report('invented', event, `${showPlace(v)} holds ${this.names.of(v.message)}, which nobody had sent`, [event.i])
    }
    const events = [send.i, event.i]
    if (send.v.digest !== v.digest) {
      this.report('corrupted', event, `${this.names.of(v.message)} was read at ${showPlace(v)} with another content than was sent`, events)
    }
    if (send.v.topic !== v.topic && !isGroupTopic(v.topic)) {
      this.report('wrong topic', event, `${this.names.of(v.message)} was sent to ${send.v.topic} and read at ${showPlace(v)}`, events)
    }
  }

  private report(name: string, event: ConsumeInvoke | Pull, summary: string, events: number[]): void {
    const { v } = event
    const facts = {
      message: v.message,
      ...placeFacts(v),
      group: event.f === 'consume' ? event.v.group : '',
      effectiveFaults: this.faults.effective,
    }
    this.anomalies.push({ guarantee: 'ALO-4', name, summary, t: event.t, facts, events })
  }

  end(): Findings {
    return { anomalies: this.anomalies, evidence: evidence(this.chances, () => `${this.first?.place ?? ''} was read`) }
  }
}

const isReading = (event: Event): event is ConsumeInvoke | Pull =>
  (event.type === 'invoke' && event.f === 'consume') || (event.type === 'ok' && event.f === 'pull')

export const alo4: Checker<Alo4> = checker(
  'ALO-4',
  ['send', 'consume'],
  () => new Alo4(),
  (judge, events) => {
    const index = judge.first?.index ?? -1
    const reading = eventAt(events, index, isReading)
    const digest = reading.v.digest + 1
    return replaced(
      events,
      index,
      reading.f === 'pull' ? { ...reading, v: { ...reading.v, digest } } : { ...reading, v: { ...reading.v, digest } },
    )
  },
)
