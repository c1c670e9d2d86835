/** What is known of a broker's slaves: which records they have taken over, what of that is still in their logs, and what was read there in the end. */
import type { Event, Header } from '../history/event.ts'
import type { Copied, ReplicaAudit, ReplicaPull } from '../history/replicas.ts'
import { NumberMap } from './number-map.ts'
import { PerQueue } from './per-queue.ts'

/** Which of a queue's offsets hold what, at the end. */
interface Read {
  readonly found: NumberMap<number>
  audited: boolean
}

export class Copy {
  readonly slave: string
  readonly master: string
  /** In the order of their positions. */
  readonly records: Copied[] = []
  /** By position: what it took there last, and in which event. */
  private readonly taken = new NumberMap<{ readonly message: number; readonly seq: number }>()
  private readonly queues = new PerQueue<Read>(() => ({ found: new NumberMap(), audited: false }))

  constructor(slave: string, master: string) {
    this.slave = slave
    this.master = master
  }

  get end(): number {
    const last = this.records[this.records.length - 1]
    return last === undefined ? 0 : last.v.at + last.v.size
  }

  copied(event: Copied, seq: number): void {
    while (this.records.length > 0 && this.end > event.v.at) this.records.pop()
    this.records.push(event)
    this.taken.set(event.v.at, { message: event.v.message, seq })
  }

  cut(end: number): void {
    while (this.records.length > 0 && this.end > end) this.records.pop()
  }

  /** Whether it took a message at its place, before an event. */
  took({ at }: { readonly at: number }, message: number, before = Infinity): boolean {
    const taken = this.taken.get(at)
    return taken?.message === message && taken.seq < before
  }

  /** "not audited": nobody has read the queue here. */
  fateOf(
    place: { readonly topic: string; readonly queue: string; readonly offset: number },
    message: number,
  ): 'found' | 'gone' | 'not audited' {
    const queue = this.queues.of(place.topic, place.queue)
    if (!queue.audited) return 'not audited'
    return queue.found.get(place.offset) === message ? 'found' : 'gone'
  }

  pulled({ v }: ReplicaPull): void {
    this.queues.of(v.topic, v.queue).found.set(v.offset, v.message)
  }

  audited({ v }: ReplicaAudit): void {
    this.queues.of(v.topic, v.queue).audited = true
  }
}

export class Copies {
  /** The event with which the run had come to rest: what slaves had by then, they show. */
  restedIn = -1
  private readonly bySlave: ReadonlyMap<string, Copy>
  private readonly byMaster = new Map<string, Copy[]>()

  constructor({ slaves = [] }: Header) {
    this.bySlave = new Map(slaves.map(({ name, of }) => [name, new Copy(name, of)]))
    for (const copy of this.bySlave.values()) this.byMaster.set(copy.master, [...(this.byMaster.get(copy.master) ?? []), copy])
  }

  of(slave: string): Copy | undefined {
    return this.bySlave.get(slave)
  }

  ofMaster(broker: string): readonly Copy[] {
    return this.byMaster.get(broker) ?? []
  }

  on(event: Event, seq: number): void {
    if (event.type === 'white') {
      if (event.f === 'copied') this.of(event.p)?.copied(event, seq)
      else if (event.f === 'copyRecovered') this.of(event.p)?.cut(event.v.end)
    } else if (event.type === 'phase') {
      if (event.phase === 'drained') this.restedIn = seq
    } else if (event.type === 'ok') {
      if (event.f === 'replicaPull') this.of(event.v.slave)?.pulled(event)
      else if (event.f === 'replicaAudit') this.of(event.v.slave)?.audited(event)
    }
  }
}

export const NO_SLAVES = 'no broker has slaves'
export const withoutSlaves = ({ slaves = [] }: Header): string | null => (slaves.length === 0 ? NO_SLAVES : null)
