/**
 * What every judge may look up: one account of a history, kept once for all of them. It hears each event before they do, so that they
 * find the event's own traces there.
 */
import type { Cleaned } from '../history/retention.ts'
import type { Append, Audit, Event, Header, SendInvoke, WhiteEvent } from '../history/event.ts'
import { isDelayed } from '../plan/delay-levels.ts'
import { labelsOf } from '../plan/labels.ts'
import { Acknowledged, type Acked } from './acknowledged.ts'
import { FaultLog } from './fault-log.ts'
import { ForcedRecords } from './forced-records.ts'
import { LogMirrors } from './log-mirror.ts'
import { MessageNames } from './message-names.ts'
import { NumberMap } from './number-map.ts'
import { Operator } from './operator.ts'
import { OwnTopics } from './own-topics.ts'
import { Recalls } from './recalls.ts'
import { Reigns } from './reigns.ts'
import type { Sent } from './sent.ts'

export class Ledger {
  readonly ownTopics: OwnTopics
  /** The place of the present event in this history; its own `i` may be another, in a history that was edited. */
  seq = -1
  /** By operation; the last one where a number comes twice. */
  readonly sends = new NumberMap<Sent>()
  readonly names = new MessageNames()
  /** Groups and selectors that a broker did not take: nobody reads for them. */
  readonly refused = new Set<string>()
  readonly faults = new FaultLog()
  readonly logs = new LogMirrors()
  readonly forced = new ForcedRecords(this.logs)
  readonly reigns: Reigns
  readonly operator = new Operator()
  readonly recalls = new Recalls()
  readonly acknowledged = new Acknowledged(this.faults, this.operator, this.recalls)
  /** What the present event, an answer to a send, acknowledges for the first time; never a half, or a delayed message. */
  acked: Acked | null = null
  /** What the present event, a recovery, has cut away, the last record first. */
  gone: readonly Append[] = []
  /** The record for which the present event, a dispatch, has built an entry, if the log holds one there. */
  entered: Append | undefined = undefined
  /** Messages of which a record went with its file, by the broker's cleaner. */
  readonly deleted = new Set<number>()
  /** The records of the files that the present event, a round of a cleaner, has deleted. */
  swept: readonly Append[] = []

  constructor(header: Pick<Header, 'groups' | 'groupTopics' | 'brokers' | 'slaves'>) {
    this.ownTopics = new OwnTopics(header)
    this.reigns = new Reigns(this.faults, header)
  }

  on(event: Event): void {
    this.seq++
    if (event.type === 'white') {
      this.white(event)
    } else if (event.type === 'invoke') {
      if (event.f === 'send') this.sent(event)
      else if (event.f === 'resize') this.operator.on(event)
      else if (event.f === 'recall') this.recalls.on(event)
    } else if (event.type === 'ok') {
      if (event.f === 'send') this.acked = this.acknowledged.acked(event, this.sends.get(event.op), this.seq)
      else if (event.f === 'pull') this.acknowledged.pulled(event)
      else if (event.f === 'audit') this.audited(event)
      else if (event.f === 'resize') this.operator.on(event)
      else if (event.f === 'recall') this.recalls.on(event)
    } else if (event.type === 'fail') {
      if (event.f === 'audit') this.operator.audited(event)
      else if (event.f === 'resize') this.operator.on(event)
      else if (event.f === 'recall') this.recalls.on(event)
      else if (event.f === 'subscribe') this.refused.add(`${event.v.group} ${event.v.selector}`)
    } else if (event.type === 'info') {
      if (event.f === 'resize') this.operator.on(event)
    } else if (event.type === 'fault') {
      this.faults.note(event, this.seq)
      this.forced.struck(event)
    } else if (event.type === 'phase') {
      if (event.phase === 'end' && event.note !== '') this.acknowledged.unfinished()
    }
  }

  private audited(event: Audit): void {
    this.acknowledged.audited(event)
    this.operator.audited(event)
  }

  private sent(event: SendInvoke): void {
    this.names.note(event)
    const { i, t, op, v } = event
    const { topic, digest, half, queue } = v
    const labels = labelsOf(v.tag, v.properties)
    this.sends.set(op, {
      seq: this.seq,
      i,
      t,
      topic,
      digest,
      half,
      queue,
      labels,
      delay: isDelayed(v.delay) ? (v.delay ?? null) : null,
      open: true,
    })
  }

  private white(event: WhiteEvent): void {
    if (event.f === 'append') this.logs.of(event.p).append(event)
    else if (event.f === 'dispatch') this.entered = this.logs.of(event.p).find(event.v.at)
    else if (event.f === 'copied') this.logs.of(event.p).append({ ...event, f: 'append', v: { ...event.v, half: false } })
    else if (event.f === 'force') this.logs.of(event.p).force(event.v.to)
    else if (event.f === 'recovered' || event.f === 'copyRecovered') {
      this.gone = this.logs.of(event.p).recover(event.v.end)
      this.forced.cut(event.p, this.gone)
    } else if (event.f === 'cleaned') this.cleaned(event)
    else if (event.f === 'elected') this.reigns.elected(event, this.seq)
    else if (event.f === 'leads') this.reigns.led(event, this.seq)
    else if (event.f === 'inSync') this.reigns.inSync(event)
    else if (event.f === 'role') this.reigns.took(event, this.seq)
    else if (event.f === 'up') this.faults.started(event, this.seq)
  }

  private cleaned({ p, v }: Cleaned): void {
    this.swept = v.files.flatMap(({ from, to }) => this.logs.of(p).forget(from, to))
    for (const record of this.swept) this.deleted.add(record.v.message)
  }

  /** A transactional message: it is acknowledged with its place in an internal queue, which no client reads. */
  isHalf(message: number): boolean {
    return this.sends.get(message)?.half === true
  }

  /** It is acknowledged with its place in an internal queue: a half, or a message that is delayed. */
  isElsewhere(message: number): boolean {
    const sent = this.sends.get(message)
    return sent !== undefined && (sent.half || sent.delay !== null)
  }
}
