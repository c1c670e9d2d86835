/** What a transcript calls the messages of a run: by their text, else m1, m2, ... by operation. */
import type { Event, Place } from '../history/event.ts'
import { script } from '../plan/script.ts'
import type { Plan } from '../plan/plan.ts'
import { listed } from './describe.ts'

/** Stands for all sentinels: several are told as one. */
const SENTINELS = -1
/** How long names may be in all; otherwise they are counted. */
const NAMES_MAX = 80

export class Messages {
  private readonly texts = new Map<number, string>()
  private readonly digests = new Map<number, number>()
  private readonly uses = new Map<string, number>()
  private readonly sentinelFrom: number
  /** Copies that an application sent on, and what they are copies of. */
  private readonly copies = new Map<number, number>()
  /** Which message lies at a physical offset of a broker's log, and at a queue's offset; index entries and commits name only these. */
  private readonly places = new Map<string, number>()
  private readonly entries = new Map<string, number>()

  constructor(events: readonly Event[], plan: Plan) {
    this.sentinelFrom = script(plan).sentinelFrom
    for (const event of events) {
      if (event.type !== 'invoke' || event.f !== 'send' || this.texts.has(event.op)) continue
      if (event.v.of !== undefined) this.copies.set(event.op, event.v.of)
      this.texts.set(event.op, event.v.text)
      this.digests.set(event.op, event.v.digest)
      this.uses.set(event.v.text, (this.uses.get(event.v.text) ?? 0) + 1)
    }
  }

  isSentinel(message: number): boolean {
    return (this.copies.get(message) ?? message) >= this.sentinelFrom
  }

  /** One of many, such as a load sends: nobody cares for it in particular. */
  isNameless(message: number): boolean {
    return message > 0 && !this.isSentinel(message) && !this.copies.has(message) && (this.texts.get(message) ?? '') === ''
  }

  name(message: number): string {
    if (this.isSentinel(message)) return 'the sentinel'
    const original = this.copies.get(message)
    if (original !== undefined) return `the copy of ${this.name(original)}`
    const text = this.texts.get(message) ?? ''
    if (text === '') return message > 0 ? `m${message}` : 'an internal record'
    return (this.uses.get(text) ?? 0) > 1 ? `${JSON.stringify(text)} (m${message})` : JSON.stringify(text)
  }

  /** What was read is not what was sent. */
  isAltered(message: number, digest: number): boolean {
    return (this.digests.get(message) ?? digest) !== digest
  }

  /** Several, in the order given: "first" and m2..m9. */
  names(messages: readonly number[]): string {
    const runs: { first: number; last: number }[] = []
    for (const one of messages) {
      const message = this.isSentinel(one) ? SENTINELS : one
      const run = runs[runs.length - 1]
      if (run !== undefined && this.goesOn(run.last, message)) run.last = message
      else runs.push({ first: message, last: message })
    }
    const names = listed(runs.map((run) => this.run(run)))
    return names.length > NAMES_MAX ? `${messages.length} messages` : names
  }

  private goesOn(last: number, message: number): boolean {
    if (message === SENTINELS) return last === SENTINELS
    return message === last + 1 && this.isNameless(last) && this.isNameless(message)
  }

  private run({ first, last }: { first: number; last: number }): string {
    if (first === SENTINELS) return 'the sentinel'
    return first === last ? this.name(first) : `${this.name(first)}..${this.name(last)}`
  }

  stored(broker: string, at: number, place: Place, message: number): void {
    this.places.set(`${broker} ${at}`, message)
    this.entries.set(entryKey(place), message)
  }

  /** What lies at a physical offset. */
  at(broker: string, at: number): number | undefined {
    return this.places.get(`${broker} ${at}`)
  }

  /** Progress up to `place` says nothing but that a sentinel was read. */
  isBehindSentinel(place: Place): boolean {
    const message = this.entries.get(entryKey({ ...place, offset: place.offset - 1 }))
    return message !== undefined && this.isSentinel(message)
  }
}

const entryKey = ({ topic, queue, offset }: Place): string => `${topic}:${queue}@${offset}`
