/** One broker's log as the white-box events tell it: which records it holds, and how much of it is really on stable storage. */
import type { Append } from '../history/event.ts'

export const recordEnd = (record: Append): number => record.v.at + record.v.size

export class LogMirror {
  /** In the order of their positions, which is the order of their appends. */
  readonly records: Append[] = []
  /** Where each of them begins: to look through these, nothing has to be fetched from far away. */
  private readonly starts: number[] = []
  /** Everything below was really forced. */
  forced = 0

  append(record: Append): void {
    // Only after a cut that nobody reported can a record start below the end.
    while (this.end > record.v.at && this.records.length > 0) this.pop()
    // What was forced behind a cut is gone; a new record there is not forced by that.
    this.forced = Math.min(this.forced, record.v.at)
    this.records.push(record)
    this.starts.push(record.v.at)
  }

  private pop(): Append {
    this.starts.pop()
    return this.records.pop() as Append
  }

  get end(): number {
    const last = this.records[this.records.length - 1]
    return last === undefined ? 0 : recordEnd(last)
  }

  force(to: number): void {
    this.forced = Math.max(this.forced, Math.min(to, this.end))
  }

  /** Cuts the log at `end`; gives the records that are gone, the last one first. To be found by recovery does not force a record. */
  recover(end: number): Append[] {
    const gone: Append[] = []
    while (this.records.length > 0 && this.end > end) gone.push(this.pop())
    return gone
  }

  /** The broker has deleted the file that held [from, to); gives its records. */
  forget(from: number, to: number): Append[] {
    const first = this.records.findIndex(({ v }) => v.at >= from)
    if (first < 0) return []
    const after = this.records.findIndex(({ v }) => v.at >= to)
    const count = (after < 0 ? this.records.length : after) - first
    this.starts.splice(first, count)
    return this.records.splice(first, count)
  }

  /** The record at position `at`. Near the end mostly, so it looks there first; O(log n). */
  find(at: number): Append | undefined {
    const { starts } = this
    let low = starts.length
    for (let step = 1; low > 0 && (starts[low - 1] as number) >= at; step *= 2) low = Math.max(0, low - step)
    let high = starts.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((starts[middle] as number) < at) low = middle + 1
      else high = middle
    }
    return starts[low] === at ? this.records[low] : undefined
  }
}

/** The logs of all brokers. */
export class LogMirrors {
  private readonly mirrors = new Map<string, LogMirror>()

  of(broker: string): LogMirror {
    let mirror = this.mirrors.get(broker)
    if (mirror === undefined) {
      mirror = new LogMirror()
      this.mirrors.set(broker, mirror)
    }
    return mirror
  }
}
