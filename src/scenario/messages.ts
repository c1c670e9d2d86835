/** What a transcript calls the messages of a run: by their text, else m1, m2, ... by operation. */
import type { Event } from '../history/event.ts'
import { script } from '../plan/script.ts'
import type { Plan } from '../plan/plan.ts'

export class Messages {
  private readonly texts = new Map<number, string>()
  private readonly uses = new Map<string, number>()
  private readonly sentinelFrom: number
  /** Which message lies at a physical offset of a broker's log; index entries name only that. */
  private readonly places = new Map<string, number>()

  constructor(events: readonly Event[], plan: Plan) {
    this.sentinelFrom = script(plan).sentinelFrom
    for (const event of events) {
      if (event.type !== 'invoke' || event.f !== 'send' || this.texts.has(event.op)) continue
      this.texts.set(event.op, event.v.text)
      this.uses.set(event.v.text, (this.uses.get(event.v.text) ?? 0) + 1)
    }
  }

  isSentinel(message: number): boolean {
    return message >= this.sentinelFrom
  }

  name(message: number): string {
    if (this.isSentinel(message)) return 'the sentinel'
    const text = this.texts.get(message) ?? ''
    if (text === '') return message > 0 ? `m${message}` : 'an internal record'
    return (this.uses.get(text) ?? 0) > 1 ? `${JSON.stringify(text)} (m${message})` : JSON.stringify(text)
  }

  stored(broker: string, at: number, message: number): void {
    this.places.set(`${broker} ${at}`, message)
  }

  at(broker: string, at: number): number | undefined {
    return this.places.get(`${broker} ${at}`)
  }
}
