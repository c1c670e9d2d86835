/**
 * RET-2: deletion rules. A file of the log goes only when it has had its time, and then at the hour of `deleteWhen` or where space is short, or
 * because the disk is nearly full; the oldest first, so many in a round, never the one that is being written. What is due goes in the next round, and
 * while the disk counts as full nothing is stored.
 *
 * What the cleaner saw is told by the broker; how old a file really is, and what lies in it, is known from its appends.
 */
import type { Append, Event, Header } from '../history/event.ts'
import type { Cleaned, OldFile, Retention } from '../history/retention.ts'
import { hours, showMs } from '../plan/units.ts'
import type { Anomaly, Checker, Findings, Judge } from './checker.ts'
import { eventAt, replaced } from './edit.ts'
import { checker, evidence } from './judge.ts'
import type { Ledger } from './ledger.ts'

const NEVER: Retention = {
  reservedUs: Infinity,
  deleteHours: [],
  cleanPermille: 1000,
  forcePermille: 1000,
  fullPermille: 1000,
  filesMax: 0,
}
const HOUR = hours(1)

/** What the rules say of one round. */
interface Round {
  readonly forcibly: boolean
  readonly mayClean: boolean
}

class Ret2 implements Judge {
  /** A round in which files went. */
  first = -1
  private readonly ledger: Ledger
  private readonly rules: Retention
  private chances = 0
  /** broker → whether its disk counts as full, by what its rounds have seen. */
  private readonly full = new Map<string, boolean>()
  private readonly anomalies: Anomaly[] = []

  constructor({ retention = NEVER }: Header, ledger: Ledger) {
    this.ledger = ledger
    this.rules = retention
  }

  on(event: Event): void {
    if (event.type !== 'white') return
    if (event.f === 'cleaned') this.cleaned(event)
    else if (event.f === 'append') this.appended(event)
    else if (event.f === 'up') this.full.delete(event.p)
  }

  private cleaned(event: Cleaned): void {
    const { p, v } = event
    const { cleanPermille, forcePermille, fullPermille, deleteHours, filesMax } = this.rules
    const full = v.usedPermille > fullPermille || (this.full.get(p) === true && v.usedPermille > forcePermille)
    this.full.set(p, full)
    const isHour = deleteHours.includes(Math.floor(v.nowUs / HOUR) % 24)
    const round = { forcibly: v.usedPermille > forcePermille, mayClean: isHour || v.usedPermille > cleanPermille }
    if (v.files.length === 0) return this.kept(event, round)
    this.chances += v.files.length
    if (this.first < 0) this.first = this.ledger.seq
    if (v.files.length > filesMax) this.report('too many', event, `${p} deleted ${v.files.length} files in one round: ${filesMax} may go`)
    let start = v.start
    for (const file of v.files) {
      if (file.from !== start)
        this.report('not the oldest', event, `${p} deleted its log's ${show(file)}, although older records lay at ${start}`)
      start = file.to
      this.judgeAge(event, file, round)
    }
    const last = v.files[v.files.length - 1] as OldFile
    const { records } = this.ledger.logs.of(p)
    if ((records[records.length - 1]?.v.at ?? 0) < last.to)
      this.report('being written', event, `${p} deleted its log's ${show(last)}, behind which it had written nothing`)
  }

  private judgeAge(event: Cleaned, file: OldFile, { forcibly, mayClean }: Round): void {
    const { p, v, t } = event
    if (forcibly) return
    const { reservedUs } = this.rules
    const age = v.nowUs - file.writtenUs
    const by = `its last write was ${showMs(age)} ms before, of ${showMs(reservedUs)}`
    if (!mayClean || age < reservedUs)
      return this.report(
        'not due',
        event,
        `${p} deleted its log's ${show(file)}, which was not due: ${by}, the disk ${v.usedPermille} ‰ full`,
      )
    const since = this.ledger.swept.findLast((record) => record.v.at >= file.from && record.v.at < file.to)?.t ?? -Infinity
    if (t - since >= reservedUs) return
    this.report(
      'expired early',
      event,
      `${p} deleted its log's ${show(file)} ${showMs(t - since)} ms after it was last written to, by true time`,
    )
  }

  private kept(event: Cleaned, { forcibly, mayClean }: Round): void {
    const { nowUs, oldestUs } = event.v
    if (oldestUs === null) return
    this.chances++
    const isDue = forcibly || (mayClean && nowUs - oldestUs >= this.rules.reservedUs)
    if (isDue)
      this.report(
        'kept',
        event,
        `${event.p} deleted nothing, although its oldest file was due: last written ${showMs(nowUs - oldestUs)} ms before`,
      )
  }

  private appended(event: Append): void {
    if (this.full.size === 0 || this.full.get(event.p) !== true) return
    this.report(
      'stored when full',
      event,
      `${event.p} has stored ${this.ledger.names.of(event.v.message)}, although its disk counted as full`,
    )
  }

  private report(name: string, event: Cleaned | Append, summary: string): void {
    const facts = { broker: event.p, ...(event.f === 'cleaned' ? { usedPermille: event.v.usedPermille } : {}) }
    this.anomalies.push({ guarantee: 'RET-2', name, summary, t: event.t, facts, events: [event.i] })
  }

  end(): Findings {
    const found = this.first < 0 ? null : evidence(this.chances, () => 'files of a log were deleted')
    return { anomalies: this.anomalies, evidence: found }
  }
}

const show = ({ from, to }: OldFile): string => `${from}..${to}`
const isCleaned = (event: Event): event is Cleaned => event.type === 'white' && event.f === 'cleaned'

/** Why there is nothing to see of deletions, or null. */
export const nothingDeleted = ({ retention }: Header): string | null =>
  retention === undefined ? 'no run can fill a file of the log, or the history does not say by which rules files are deleted' : null

export const ret2: Checker = checker(
  'RET-2',
  ['white:append', 'white:cleaned'],
  ['white append', 'white cleaned', 'white up'],
  (header, ledger) => new Ret2(header, ledger),
  (judge, events) => {
    const round = eventAt(events, judge.first, isCleaned)
    return replaced(events, judge.first, { ...round, v: { ...round.v, start: round.v.start - 1 } })
  },
  nothingDeleted,
)
