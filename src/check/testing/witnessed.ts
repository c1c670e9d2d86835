/** What a broker and a NameServer tell of themselves in a history told by hand. */
import type { Event, Released, UnregisteredWhy } from '../../history/event.ts'
import type { Cleaned } from '../../history/retention.ts'
import type { QueueName } from '../../plan/queues.ts'
import { ms, seconds, type Us } from '../../plan/units.ts'

/** Every record has this size, so the record of log position n begins at n * SIZE. */
export const SIZE = 100

export interface Where {
  readonly topic?: string
  readonly queue?: QueueName
  readonly p?: string
}
/** A part of an event: what every event has is added by the story. */
export type Part<E> = E extends Event ? Omit<E, 'i' | 't'> : never

/** One event a millisecond, in the order in which they are told. */
export class Witnessed {
  readonly events: Event[] = []
  protected now: Us = 0

  protected add(part: Part<Event>): this {
    this.now += ms(1)
    this.events.push({ i: this.events.length, t: this.now, ...part })
    return this
  }

  append(message: number, offset: number, where: Where & { nth?: number; half?: boolean } = {}): this {
    const { topic = 'T', queue = '0', p = 'b1', nth = offset, half = false } = where
    return this.add({ p, type: 'white', f: 'append', v: { topic, queue, offset, message, at: nth * SIZE, size: SIZE, half } })
  }

  /** Really forced: this many records. */
  force(records: number, p = 'b1'): this {
    return this.add({ p, type: 'white', f: 'force', v: { to: records * SIZE } })
  }

  dispatch(offset: number, { topic = 'T', queue = '0', p = 'b1', nth = offset }: Where & { nth?: number } = {}): this {
    return this.add({ p, type: 'white', f: 'dispatch', v: { topic, queue, offset, at: nth * SIZE } })
  }

  /** The log goes on to `end` bytes after recovery, and the queue to `max`. */
  recovered(end: number, max = end / SIZE): this {
    this.add({ p: 'b1', type: 'white', f: 'recovered', v: { end, clean: false } })
    return this.add({ p: 'b1', type: 'white', f: 'recoveredQueue', v: { topic: 'T', queue: '0', min: 0, max } })
  }

  keys(from: number, to: number): this {
    return this.add({ p: 'b1', type: 'white', f: 'recoveredIndex', v: { from, to } })
  }

  stored(offset: number, durable: boolean): this {
    return this.add({ p: 'b1', type: 'white', f: 'storedOffset', v: { group: 'g', topic: 'T', queue: '0', offset, durable } })
  }

  /** A message of a level, stored at `storedUs` by the broker's clock, is taken for due; it waited at the place of its own number. */
  released(message: number, offset: number, v: Partial<Released['v']> & { p?: string } = {}): this {
    const { p = 'b1', ...more } = v
    const due = { topic: 'T', queue: '0', level: 1, from: message, storedUs: 0, dueUs: seconds(1), nowUs: seconds(1) }
    return this.add({ p, type: 'white', f: 'released', v: { ...due, message, offset, ...more } })
  }

  /** A message, or what recalls one (0), comes too late onto the wheel of b1. */
  missedSlot(message: number, dueUs: Us): this {
    return this.add({ p: 'b1', type: 'white', f: 'missedSlot', v: { message, dueUs, nowUs: dueUs } })
  }

  discarded(message: number, checks: number): this {
    return this.add({ p: 'b1', type: 'white', f: 'discarded', v: { message, checks } })
  }

  registered(broker = 'b1', p = 'n1', topics: readonly string[] = ['T']): this {
    return this.add({ p, type: 'white', f: 'registered', v: { broker, topics } })
  }

  unregistered(why: UnregisteredWhy, broker = 'b1', p = 'n1'): this {
    return this.add({ p, type: 'white', f: 'unregistered', v: { broker, why } })
  }

  expired(broker = 'b1', p = 'n1'): this {
    return this.add({ p, type: 'white', f: 'expired', v: { broker } })
  }

  cleaned(v: Cleaned['v']): this {
    return this.add({ p: 'b1', type: 'white', f: 'cleaned', v })
  }

  /** A controller has made it the master of b1. */
  elected(master: string, epoch: number): this {
    return this.add({ p: 'k1', type: 'white', f: 'elected', v: { broker: 'b1', master, epoch } })
  }

  life(f: 'up' | 'down', p: string): this {
    return this.add({ p, type: 'white', f, v: {} })
  }
}
