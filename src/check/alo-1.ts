/**
 * ALO-1: eventual processing. Every acknowledged message was finished by each group that subscribes to its topic and wants it, by the time the run
 * came to rest, and without its consumers being restarted for that. Transactions are TXN-2's, what
 * lies in a queue that an operator has closed is SCL-1's, and on a dead letter its group was given up (RTY-2).
 */
import type { Assign, Commit, ConsumeInvoke, ConsumeOk, Event, Header, Pull, Reset } from '../history/event.ts'
import type { Acked } from './acknowledged.ts'
import { timeAsked } from '../plan/delay-levels.ts'
import type { Anomaly, Checker, Drain, Findings, Judge } from './checker.ts'
import { without } from './edit.ts'
import { clustering, popping } from './groups.ts'
import { checker, evidence, whenDrained } from './judge.ts'
import type { Ledger } from './ledger.ts'
import { NumberMap } from './number-map.ts'
import { isShown, PerGroupQueue, placeFacts, showPlace } from './per-queue.ts'
import { Skips } from './skips.ts'
import { disagreeing, filterFacts, wanting, type Wanting } from './wanting.ts'

const DELIVERED = 1
const FINISHED_LATE = 2
const FINISHED = 3

interface Group {
  readonly name: string
  /** message → how far the group came with it. */
  readonly stage: NumberMap<number>
  /** Messages that were taken back from it, and the broker that has: what is to be delivered from then on is a copy there. */
  readonly returned: Map<number, string>
  readonly deadLetters: Set<number>
  /** Messages that a reset has brought back. */
  readonly repeat: Set<number>
  /** Some queue changed hands after a reset. */
  unsettled: boolean
}

/** How far a group has told the broker that it is with a queue, and when. */
class Progress {
  private readonly offsets: number[] = []
  private readonly seqs: number[] = []

  told(offset: number, seq: number): void {
    if (offset <= (this.offsets[this.offsets.length - 1] ?? 0)) return
    this.offsets.push(offset)
    this.seqs.push(seq)
  }

  /** Had it told more than this offset before event `seq`? O(log n). */
  hadPassed(offset: number, seq: number): boolean {
    let low = 0
    let high = this.offsets.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.offsets[middle] as number) > offset) high = middle
      else low = middle + 1
    }
    return (this.seqs[low] ?? Infinity) < seq
  }
}

class Alo1 implements Judge {
  private readonly ledger: Ledger
  private fresh = false
  private readonly acked: readonly Acked[]
  private readonly groups: readonly Group[]
  private readonly byName: ReadonlyMap<string, Group>
  private readonly byTopic = new Map<string, Group[]>()
  private readonly progress = new PerGroupQueue<Progress>(() => new Progress())
  /** How far each group was moved by brokers that did not have what it asked for. */
  private readonly corrected = new PerGroupQueue<{ to: number }>(() => ({ to: 0 }))
  private readonly skips: Skips
  private readonly showsResets: boolean
  private asked = false
  private readonly pops: ReadonlySet<string>
  private readonly wants: Wanting
  private readonly disagree: ReadonlySet<string>

  constructor(header: Header, ledger: Ledger) {
    this.ledger = ledger
    this.acked = ledger.acknowledged.list
    this.skips = new Skips(header)
    this.showsResets = header.records.includes('white:reset')
    this.pops = popping(header)
    this.wants = wanting(header, ledger)
    this.disagree = disagreeing(header)
    const sharing = clustering(header)
    this.groups = sharing.map(({ name }) => ({
      name,
      stage: new NumberMap<number>(),
      returned: new Map<number, string>(),
      deadLetters: new Set<number>(),
      repeat: new Set<number>(),
      unsettled: false,
    }))
    this.byName = new Map(this.groups.map((group) => [group.name, group]))
    for (const { name, topics } of sharing) {
      const group = this.byName.get(name)
      for (const topic of topics) if (group !== undefined) this.byTopic.set(topic, [...(this.byTopic.get(topic) ?? []), group])
    }
  }

  on(event: Event): void {
    switch (event.type) {
      case 'invoke':
        if (event.f === 'consume') this.delivered(event)
        else if (event.f === 'resetOffset') this.asked = true
        return
      case 'ok':
        if (event.f === 'consume') this.finished(event)
        else if (event.f === 'pull') this.found(event)
        else if (event.f === 'sendBack') this.byName.get(event.v.group)?.returned.set(event.v.message, event.v.broker ?? '')
        else if (event.f === 'assign') this.assigned(event)
        return
      case 'info':
        if (event.f === 'commit') this.committed(event)
        return
      case 'phase':
        if (event.phase === 'fresh') this.fresh = true
        return
      case 'white':
        if (event.f === 'reset') this.reset(event)
        return
      default:
        return
    }
  }

  private found({ v }: Pull): void {
    const owner = this.ledger.ownTopics.deadLettersOf(v.topic)
    if (owner !== null) this.byName.get(owner)?.deadLetters.add(v.message)
  }

  private assigned(event: Assign): void {
    const { v } = event
    this.skips.assigned(event, this.ledger.seq)
    if (v.from === 'corrected') {
      const corrected = this.corrected.of(v.group, v.topic, v.queue)
      corrected.to = Math.max(corrected.to, v.offset)
      return
    }
    const group = this.byName.get(v.group)
    if (group !== undefined && group.repeat.size > 0) group.unsettled = true
  }

  /** What lies from there on is to be finished once more, or for the first time if an earlier reset had passed it over. */
  private reset(event: Reset): void {
    const { v } = event
    const group = this.byName.get(v.group)
    for (const acked of group === undefined ? [] : this.acked) {
      const { ok } = acked
      if (ok.v.topic !== v.topic || ok.v.queue !== v.queue || ok.v.offset < v.offset) continue
      const over = (group?.stage.get(ok.op) ?? 0) > DELIVERED || this.skips.passes(v.group, ok.v, acked)
      if (!over) continue
      group?.stage.delete(ok.op)
      group?.repeat.add(ok.op)
    }
    this.skips.reset(event, this.ledger.seq)
  }

  private committed({ v }: Commit): void {
    this.progress.of(v.group, v.topic, v.queue).told(v.offset, this.ledger.seq)
  }

  /** It was acknowledged at an offset which the group had already passed. */
  private passed({ name }: Group, { ok, seq }: Acked): boolean {
    const { op, v } = ok
    return isShown(v) && !this.ledger.isElsewhere(op) && this.progress.of(name, v.topic, v.queue).hadPassed(v.offset, seq)
  }

  private delivered({ v }: ConsumeInvoke): void {
    const stage = this.byName.get(v.group)?.stage
    if (stage !== undefined && !stage.has(v.message)) stage.set(v.message, DELIVERED)
  }

  private finished({ v }: ConsumeOk): void {
    const stage = this.byName.get(v.group)?.stage
    if (stage !== undefined && stage.get(v.message) !== FINISHED) stage.set(v.message, this.fresh ? FINISHED_LATE : FINISHED)
  }

  /** The groups that must finish an acknowledged message: none where an operator has closed its queue. */
  private groupsOf(acked: Acked): readonly Group[] {
    const { topic, queue } = acked.ok.v
    if (this.ledger.operator.isClosed(topic, queue)) return []
    const all = this.byTopic.get(topic) ?? []
    return all.every((group) => this.owes(group, acked)) ? all : all.filter((group) => this.owes(group, acked))
  }

  /**
   * What a start or a reset passed over is no duty, and neither is what the group does not want. What a reset brought back is one where nothing
   * disturbed it: it is noted in memory alone, handed out once, and forgotten with whoever was told (RMQ-098).
   */
  private owes(group: Group, acked: Acked): boolean {
    if (group.deadLetters.has(acked.ok.op)) return false
    if (!this.wants(group.name, acked.ok.op)) return false
    const disturbed = group.unsettled || this.ledger.faults.effective > 0
    return !(disturbed && group.repeat.has(acked.ok.op)) && !this.skips.passes(group.name, acked.ok.v, acked)
  }

  /** A delayed message, too, in its time. */
  private all(): readonly Acked[] {
    const { delayed } = this.ledger.acknowledged
    return delayed.length === 0 ? this.acked : [...this.acked, ...delayed]
  }

  /** The first acknowledged message that a group must finish, and that group. */
  firstDuty(): { readonly acked: Acked; readonly group: Group } | null {
    for (const acked of this.all()) for (const group of this.groupsOf(acked)) return { acked, group }
    return null
  }

  end(drain: Drain): Findings {
    let chances = 0
    const anomalies: Anomaly[] = []
    for (const acked of this.all()) {
      const groups = this.groupsOf(acked)
      chances += groups.length
      if (drain.drained) for (const group of groups) this.judge(acked, group, anomalies)
    }
    const example = (): string => this.ledger.names.of(this.firstDuty()?.acked.ok.op ?? -1)
    const found = evidence(chances, () => `${example()} was acknowledged, and a group subscribes to its topic`)
    // A reset passes over messages and brings others back: which ones, only the broker knows.
    if (this.asked && !this.showsResets)
      return { anomalies: [], evidence: found, unknown: 'an administrator moved a group, and nobody saw where to' }
    return whenDrained(drain, found, anomalies)
  }

  private judge(acked: Acked, group: Group, anomalies: Anomaly[]): void {
    const stage = group.stage.get(acked.ok.op) ?? 0
    if (stage === FINISHED) return
    if (stage === FINISHED_LATE) {
      anomalies.push(this.anomaly(acked, group, 'needs restart', 'was finished only after the clients were restarted, by'))
    } else if (group.repeat.has(acked.ok.op)) {
      anomalies.push(this.anomaly(acked, group, 'not repeated', 'lies where a reset has sent the group, and was not finished again by'))
    } else if (stage === DELIVERED) anomalies.push(this.anomaly(acked, group, 'not delivered', 'was acknowledged and never finished by'))
    else anomalies.push(this.anomaly(acked, group, 'not delivered', 'was acknowledged and never delivered to'))
  }

  private anomaly(acked: Acked, group: Group, name: string, what: string): Anomaly {
    const { ok, began } = acked
    const broker = group.returned.get(ok.op) ?? ok.v.broker
    const start = this.skips.startBehind(group.name, ok.v, acked)
    return {
      guarantee: 'ALO-1',
      name,
      summary: `${this.ledger.names.of(ok.op)} (${showPlace(ok.v)}) ${what} ${group.name}`,
      t: -1,
      facts: {
        group: group.name,
        pop: this.pops.has(group.name),
        message: ok.op,
        ...placeFacts(ok.v),
        broker,
        inAudit: this.ledger.acknowledged.wasRead(ok.op),
        delivered: group.stage.has(ok.op),
        passed: this.passed(group, acked),
        correctedBeyond: ok.v.offset < this.corrected.of(group.name, ok.v.topic, ok.v.queue).to,
        ...(this.ledger.isElsewhere(ok.op) || group.returned.has(ok.op) ? { delayed: true } : {}),
        ...(timeAsked(this.ledger.sends.get(ok.op)?.delay) === null ? {} : { timer: true }),
        ...(group.returned.has(ok.op) ? { returned: true } : {}),
        ...(start === null ? {} : { start }),
        ...filterFacts(this.disagree, group.name),
        lastCrash: this.ledger.faults.culprit(broker, began)?.kind ?? 'none',
      },
      events: [ok.i],
    }
  }
}

export const alo1: Checker = checker(
  'ALO-1',
  ['send', 'consume'],
  ['invoke consume', 'invoke resetOffset', 'ok consume', 'ok sendBack', 'ok pull', 'ok assign', 'info commit', 'phase', 'white reset'],
  (header, ledger) => new Alo1(header, ledger),
  (judge, events) => {
    const duty = judge.firstDuty()
    if (duty === null) return [...events]
    const { acked, group } = duty
    return without(
      events,
      (event) => event.type === 'ok' && event.f === 'consume' && event.v.group === group.name && event.v.message === acked.ok.op,
    )
  },
)
