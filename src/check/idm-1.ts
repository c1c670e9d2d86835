/**
 * IDM-1: one effect. What an application does with the messages of one key becomes visible at most once in each group; and what a group
 * has finished has had its effect, by the time the run came to rest. That every acknowledged message is finished is ALO-1's.
 *
 * A message without a key of the application's is about nothing but itself.
 */
import type { ConsumeOk, Effect, Event, Header, SendInvoke } from '../history/event.ts'
import type { Anomaly, Checker, Drain, Findings, Hear, Judge } from './checker.ts'
import { eventAt, withNext } from './edit.ts'
import { checker, ENOUGH, evidence, whenDrained } from './judge.ts'
import type { Ledger } from './ledger.ts'
import { NumberMap } from './number-map.ts'

interface Group {
  readonly name: string
  /** What its listeners do, as far as the source says it: contracts decide by it. */
  readonly recipe: string
  readonly by: string
  /** The source says that it records the effects of this group: then a message without one has had none. */
  readonly recorded: boolean
  /** The first effect of each key, and of each message that has none. */
  readonly byKey: Map<string, Effect>
  readonly byMessage: NumberMap<Effect>
  /** The first time that each message was finished. */
  readonly finished: NumberMap<ConsumeOk>
  readonly order: number[]
}

const groupOf = (name: string, receiver: Header['groups'][number]['receiver']): Group => ({
  name,
  recipe: receiver?.recipe ?? '',
  by: receiver?.by ?? '',
  recorded: receiver !== undefined,
  byKey: new Map(),
  byMessage: new NumberMap(),
  finished: new NumberMap(),
  order: [],
})

class Idm1 implements Judge {
  /** Where the first effect was seen. */
  first: { readonly index: number; readonly effect: Effect } | null = null
  private readonly ledger: Ledger
  private readonly groups: Map<string, Group>
  private readonly keys = new NumberMap<string>()
  private effects = 0
  private readonly repeated: Anomaly[] = []

  constructor(header: Header, ledger: Ledger, hear: Hear) {
    this.ledger = ledger
    this.groups = new Map(header.groups.map(({ name, receiver }) => [name, groupOf(name, receiver)]))
    // What was finished, and under which key, is asked of such groups alone.
    if (header.groups.some(({ receiver }) => receiver !== undefined)) hear('invoke send', 'ok consume')
  }

  on(event: Event): void {
    if (event.type === 'invoke') {
      if (event.f === 'send') this.sent(event)
    } else if (event.type === 'ok') {
      if (event.f === 'effect') this.acted(event)
      else if (event.f === 'consume') this.finished(event)
    }
  }

  private sent({ op, v }: SendInvoke): void {
    if (v.key !== undefined && v.key !== '') this.keys.set(op, v.key)
  }

  private finished(event: ConsumeOk): void {
    const group = this.groups.get(event.v.group)
    if (group?.recorded !== true || group.finished.has(event.v.message)) return
    group.finished.set(event.v.message, event)
    group.order.push(event.v.message)
  }

  private acted(event: Effect): void {
    const { group: name, key, message } = event.v
    let group = this.groups.get(name)
    if (group === undefined) this.groups.set(name, (group = groupOf(name, undefined)))
    this.effects++
    this.first ??= { index: this.ledger.seq, effect: event }
    const before = key === '' ? group.byMessage.get(message) : group.byKey.get(key)
    if (before !== undefined) return this.repeat(group, before, event)
    if (key === '') group.byMessage.set(message, event)
    else group.byKey.set(key, event)
  }

  private about(message: number, key: string): string {
    const name = this.ledger.names.of(message)
    return key === '' ? name : `${name} (${key})`
  }

  private repeat(group: Group, before: Effect, event: Effect): void {
    if (this.repeated.length >= ENOUGH) return
    const { key, message } = event.v
    const sameSend = before.v.message === message
    const after = sameSend ? '' : `, after that of ${this.ledger.names.of(before.v.message)}`
    this.repeated.push({
      guarantee: 'IDM-1',
      name: 'repeated effect',
      summary: `${this.about(message, key)} had a second effect in ${group.name}${after}`,
      t: event.t,
      facts: { group: group.name, recipe: group.recipe, by: group.by, key, message, sameSend },
      events: [before.i, event.i],
    })
  }

  end(drain: Drain): Findings {
    const found = evidence(this.effects, () => {
      const { key, message } = (this.first as NonNullable<Idm1['first']>).effect.v
      return `${this.about(message, key)} had its effect, and could have had another`
    })
    return whenDrained(drain, found, drain.drained ? [...this.repeated, ...this.lost()] : this.repeated)
  }

  private lost(): Anomaly[] {
    const lost: Anomaly[] = []
    for (const group of this.groups.values()) {
      for (const message of group.order) {
        const key = this.keys.get(message) ?? ''
        if (key === '' ? group.byMessage.has(message) : group.byKey.has(key)) continue
        lost.push({
          guarantee: 'IDM-1',
          name: 'lost effect',
          summary: `${this.about(message, key)} was finished by ${group.name}, and never had its effect`,
          t: -1,
          facts: { group: group.name, recipe: group.recipe, by: group.by, key, message },
          events: [group.finished.get(message)?.i ?? -1],
        })
        if (lost.length >= ENOUGH) return lost
      }
    }
    return lost
  }
}

const isEffect = (event: Event): event is Effect => event.type === 'ok' && event.f === 'effect'

export const idm1: Checker = checker(
  'IDM-1',
  ['send', 'consume', 'effect'],
  ['ok effect'],
  (header, ledger, hear) => new Idm1(header, ledger, hear),
  (judge, events) => {
    const index = judge.first?.index ?? -1
    return withNext(events, index, eventAt(events, index, isEffect))
  },
)
