/**
 * ORD-2: dense, stable queue offsets. An offset of a queue holds one message for ever, with one content, and no offset is left out.
 *
 * A record that was appended and lost before any client or dispatcher saw it leaves no trace: its offset may be given away again. So may that of
 * a record which another process, that has become the queue's master since, never had, whoever is master by now.
 */
import type { QueueName } from '../plan/queues.ts'
import type { Append, Audit, ConsumeInvoke, Dispatch, Event, Place, Pull } from '../history/event.ts'
import type { Anomaly, Checker, Findings, Judge } from './checker.ts'
import { eventAt, replaced } from './edit.ts'
import { checker, evidence } from './judge.ts'
import type { Ledger } from './ledger.ts'
import { NumberMap } from './number-map.ts'
import { isShown, PerQueue, showPlace, showQueue } from './per-queue.ts'

type Witness = 'appended' | 'visible' | 'seen'

/** A message at a place. `older`: those that were found there before it. */
interface Tenant {
  readonly message: number
  /** The process that was the queue's master then. */
  readonly broker: string
  readonly i: number
  readonly seq: number
  witness: Witness
  /** What a client has read there; null: nothing yet. */
  digest: number | null
  readonly older: Tenant | null
}

interface Queue {
  broker: string
  readonly tenants: NumberMap<Tenant>
  /** The offset that the next append must take, once one is known. */
  next: number
  pulled: number[]
}

class Ord2 implements Judge {
  /** A reading that could have shown another message. */
  first: { readonly index: number; readonly place: string } | null = null
  private readonly ledger: Ledger
  private chances = 0
  private readonly queues = new PerQueue<Queue>(() => ({ broker: '', tenants: new NumberMap(), next: 0, pulled: [] }))
  private readonly anomalies: Anomaly[] = []

  constructor(ledger: Ledger) {
    this.ledger = ledger
  }

  on(event: Event): void {
    switch (event.type) {
      case 'invoke':
        if (event.f === 'consume') this.read(event)
        return
      case 'ok':
        if (event.f === 'send') {
          const queue = this.queues.of(event.v.topic, event.v.queue)
          queue.broker = event.v.broker
          // A half, and what is delayed, is acknowledged with its place in an internal queue, which no client reads.
          if (!this.ledger.isElsewhere(event.op) && isShown(event.v)) this.sight(queue, event, event.v, event.op, 'seen')
        } else if (event.f === 'pull') this.read(event)
        else if (event.f === 'audit') this.audited(event)
        return
      case 'white':
        if (event.f === 'append') this.appended(event)
        else if (event.f === 'dispatch') this.dispatched(event)
        else if (event.f === 'recovered') this.recovered()
        return
      default:
        return
    }
  }

  private read(event: ConsumeInvoke | Pull): void {
    const { v } = event
    if (!isShown(v)) return
    const queue = this.queues.of(v.topic, v.queue)
    if (event.f === 'pull') queue.pulled.push(v.offset)
    const known = queue.tenants.get(v.offset)
    if (known !== undefined && !this.mayHaveGone(queue, known)) {
      this.chances++
      this.first ??= { index: this.ledger.seq, place: showPlace(v) }
    }
    const tenant = this.sight(queue, event, v, v.message, 'seen')
    if (tenant.digest === null) tenant.digest = v.digest
    else if (tenant.digest !== v.digest) this.changed(event, queue, tenant)
  }

  /** Takes note that `message` is at a place, and complains when another message was there. */
  private sight(queue: Queue, event: Event, place: Place, message: number, witness: Witness): Tenant {
    const tenant = queue.tenants.get(place.offset)
    if (tenant === undefined) return this.move(queue, event, place, message, witness, null)
    if (tenant.message === message) {
      if (tenant.witness !== 'seen') tenant.witness = witness
      return tenant
    }
    if (this.mayHaveGone(queue, tenant)) return this.move(queue, event, place, message, witness, tenant.older)
    // A client may still hand out what it has read before the offset was given away again: that shows nothing new.
    for (let old = tenant.older; old !== null; old = old.older) if (old.message === message) return old
    this.reused(event, queue, place, tenant, message)
    return this.move(queue, event, place, message, witness, tenant)
  }

  private mayHaveGone(queue: Queue, tenant: Tenant): boolean {
    if (tenant.witness !== 'appended') return false
    if (queue.broker !== tenant.broker || this.ledger.faults.lastLoss(queue.broker, tenant.seq) !== null) return true
    const { elections = [] } = this.ledger.reigns.electing(tenant.broker) ?? {}
    return elections.some(({ seq, master }) => seq > tenant.seq && master !== tenant.broker)
  }

  private move(queue: Queue, event: Event, place: Place, message: number, witness: Witness, older: Tenant | null): Tenant {
    const tenant = { message, broker: queue.broker, i: event.i, seq: this.ledger.seq, witness, digest: null, older }
    queue.tenants.set(place.offset, tenant)
    return tenant
  }

  private appended(event: Append): void {
    const { v } = event
    if (v.half) return
    const queue = this.queues.of(v.topic, v.queue)
    queue.broker = event.p
    if (v.offset > queue.next) this.gap(event, v.topic, v.queue, queue.next, v.offset, queue.broker)
    queue.next = v.offset + 1
    this.sight(queue, event, v, v.message, 'appended')
  }

  private dispatched(event: Dispatch): void {
    const record = this.ledger.entered
    if (record === undefined || record.v.half) return
    this.sight(this.queues.of(event.v.topic, event.v.queue), event, event.v, record.v.message, 'visible')
  }

  /** The records that recovery has cut away free their offsets. */
  private recovered(): void {
    for (const { v } of this.ledger.gone) {
      if (v.half) continue
      const queue = this.queues.of(v.topic, v.queue)
      queue.next = Math.min(queue.next, v.offset)
    }
  }

  private audited(event: Audit): void {
    const { topic, queue: name, min, max } = event.v
    const queue = this.queues.of(topic, name)
    const pulled = queue.pulled.sort((x, y) => x - y)
    queue.pulled = []
    let next = min
    for (const offset of pulled) {
      if (offset >= max) break
      if (offset > next) this.gap(event, topic, name, next, offset, queue.broker)
      next = Math.max(next, offset + 1)
    }
    if (next < max) this.gap(event, topic, name, next, max, queue.broker)
  }

  private gap(event: Append | Audit, topic: string, queue: QueueName, from: number, to: number, broker: string): void {
    const holes = to - from === 1 ? `offset ${from} holds` : `offsets ${from} to ${to - 1} hold`
    const but = event.type === 'white' ? `and ${to} was given away next` : 'although the queue goes on'
    this.anomalies.push({
      guarantee: 'ORD-2',
      name: 'gap',
      summary: `${showQueue(topic, queue)} has a gap: ${holes} nothing, ${but}`,
      t: event.t,
      facts: { topic, queue, from, to, broker, loss: this.ledger.faults.lossSince(broker, -1) },
      events: [event.i],
    })
  }

  private reused(event: Event, queue: Queue, place: Place, tenant: Tenant, message: number): void {
    const { topic, queue: name, offset } = place
    // Either may have been stored long before it was first seen here, but not before it was sent.
    const since = Math.min(this.ledger.sends.get(tenant.message)?.seq ?? tenant.seq, this.ledger.sends.get(message)?.seq ?? this.ledger.seq)
    this.anomalies.push({
      guarantee: 'ORD-2',
      name: 'offset reused',
      summary: `${showPlace(place)} held ${this.ledger.names.of(tenant.message)} and then ${this.ledger.names.of(message)}`,
      t: event.t,
      facts: {
        topic,
        queue: name,
        offset,
        message,
        earlier: tenant.message,
        witness: tenant.witness,
        broker: queue.broker,
        loss: this.ledger.faults.lossSince(queue.broker, since),
      },
      events: [tenant.i, event.i],
    })
  }

  private changed(event: ConsumeInvoke | Pull, queue: Queue, tenant: Tenant): void {
    const { topic, queue: name, offset, message } = event.v
    this.anomalies.push({
      guarantee: 'ORD-2',
      name: 'changed',
      summary: `${this.ledger.names.of(message)} at ${showPlace(event.v)} was read with another content than before`,
      t: event.t,
      facts: {
        topic,
        queue: name,
        offset,
        message,
        broker: queue.broker,
        loss: this.lossAt(queue.broker, tenant),
        corrupted: this.ledger.faults.isCorrupted(queue.broker),
      },
      events: [tenant.i, event.i],
    })
    tenant.digest = event.v.digest
  }

  /** Where masters are elected, whoever is one now may show what was torn at another process, or at itself before. */
  private lossAt(broker: string, { message, seq }: Tenant): string {
    const { faults, reigns, sends } = this.ledger
    const home = reigns.electing(broker)
    if (home === undefined) return faults.lossSince(broker, seq)
    // Others had it before anybody saw it.
    const since = Math.min(seq, sends.get(message)?.seq ?? seq)
    return home.processes.map((one) => faults.lossSince(one, since)).find((loss) => loss !== 'none') ?? 'none'
  }

  end(): Findings {
    const found = evidence(this.chances, () => `${this.first?.place ?? ''} was read after its message was known`)
    return { anomalies: this.anomalies, evidence: found }
  }
}

const isReading = (event: Event): event is ConsumeInvoke | Pull =>
  (event.type === 'invoke' && event.f === 'consume') || (event.type === 'ok' && event.f === 'pull')

export const ord2: Checker = checker(
  'ORD-2',
  ['send'],
  ['invoke consume', 'ok send', 'ok pull', 'ok audit', 'white append', 'white dispatch', 'white recovered'],
  (_header, ledger) => new Ord2(ledger),
  (judge, events) => {
    const index = judge.first?.index ?? -1
    const reading = eventAt(events, index, isReading)
    const message = 1 + events.reduce((largest, event) => ('op' in event ? Math.max(largest, event.op) : largest), reading.v.message)
    return replaced(
      events,
      index,
      reading.f === 'pull' ? { ...reading, v: { ...reading.v, message } } : { ...reading, v: { ...reading.v, message } },
    )
  },
)
