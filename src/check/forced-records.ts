/** Whether a record had really been forced when its broker lost power, from white-box events. */
import type { Append, FaultEvent, SendOk } from '../history/event.ts'
import { recordEnd, type LogMirrors } from './log-mirror.ts'

interface Cut {
  readonly message: number
  readonly forced: boolean
}

/** It was stored when the send was acknowledged: a copy of it that lies in its place comes later. */
const isRecordOf = (record: Append, ok: SendOk): boolean => record.v.message === ok.op && record.i < ok.i

export class ForcedRecords {
  private readonly logs: LogMirrors
  /** broker → position of a record → what recovery cut away there, the last time. */
  private readonly cuts = new Map<string, Map<number, Cut>>()
  /** broker → how much was forced when it last lost power. */
  private readonly atLoss = new Map<string, number>()
  /** Brokers whose disk went, or went bad: what was forced there need not last. */
  private readonly unsound = new Set<string>()

  constructor(logs: LogMirrors) {
    this.logs = logs
  }

  struck({ kind, on, effective }: FaultEvent): void {
    if (!effective) return
    if (kind === 'powerLoss') this.atLoss.set(on, this.logs.of(on).forced)
    else if (kind === 'diskLoss' || kind === 'bitCorruption') this.unsound.add(on)
  }

  /** Recovery has cut these records away. */
  cut(broker: string, gone: readonly Append[]): void {
    const { forced } = this.logs.of(broker)
    for (const record of gone) {
      let cuts = this.cuts.get(broker)
      if (cuts === undefined) this.cuts.set(broker, (cuts = new Map<number, Cut>()))
      // A copy that was sent back later may have taken the very place that its message had lost.
      if (cuts.get(record.v.at)?.message !== record.v.message)
        cuts.set(record.v.at, { message: record.v.message, forced: recordEnd(record) <= forced })
    }
  }

  /** Null: the history does not tell. */
  isForced(ok: SendOk): boolean | null {
    const record = this.logs.of(ok.v.broker).find(ok.v.at)
    if (record !== undefined && isRecordOf(record, ok)) return recordEnd(record) <= this.logs.of(ok.v.broker).forced
    const cut = this.cuts.get(ok.v.broker)?.get(ok.v.at)
    return cut?.message === ok.op ? cut.forced : null
  }

  /** The record met a power loss after it had been forced, on a disk that keeps what is forced. */
  outlastsPowerLoss(ok: SendOk): boolean {
    if (this.unsound.has(ok.v.broker)) return false
    const record = this.logs.of(ok.v.broker).find(ok.v.at)
    if (record !== undefined && isRecordOf(record, ok)) return recordEnd(record) <= (this.atLoss.get(ok.v.broker) ?? 0)
    return this.isForced(ok) === true
  }
}
