/**
 * What a broker would answer when it is asked for a group's progress in a queue, over time, as the white-box events tell it: the value in
 * memory while the process lives, the one on disk after it has died. -1: none is stored.
 */
export class StoredProgress {
  broker = ''
  /** The event of the last change. */
  storedAt = -1
  private durable = -1
  /** The lowest value that may have reached the disk without anybody being told. */
  private unsaved = Infinity
  private readonly seqs: number[] = []
  private readonly values: number[] = []
  private cutOff = false
  /** The same of what is on disk, which a consumer that tells its progress again does not mend. */
  private diskCutOff = false
  /** A recovery of a process that is gone may have lowered it to nothing, and whatever the queue holds by now, that is on disk. */
  private emptied = false

  private get value(): number {
    return this.values[this.values.length - 1] ?? -1
  }

  private change(seq: number, value: number): void {
    this.cutOff = false
    if (value === this.value) return
    this.seqs.push(seq)
    this.values.push(value)
  }

  store(broker: string, seq: number, offset: number, durable: boolean): void {
    this.broker = broker
    this.storedAt = seq
    if (!durable || this.seqs.length === 0) this.change(seq, offset)
    // A save reports what was in memory when it began, which may be older than what is there now.
    if (durable) this.durable = offset
    if (durable) this.diskCutOff = false
    this.unsaved = durable ? this.value : Math.min(this.unsaved, offset)
  }

  /** The broker's process is gone; with its disk, everything is. */
  forget(seq: number, diskGone: boolean): void {
    // What recovery may have lowered, it may have lowered on disk too.
    const cutOff = this.cutOff || this.diskCutOff
    this.durable = diskGone ? -1 : Math.min(this.durable, this.unsaved)
    this.change(seq, this.durable)
    this.cutOff = cutOff
    this.emptied = cutOff
    this.unsaved = Infinity
  }

  /** The broker has recovered from a loss; unless it reports what the queue holds, that is nothing. */
  mayBeCut(): void {
    this.cutOff = true
    this.diskCutOff = true
  }

  cut(seq: number, end: number): void {
    if (!this.cutOff) return
    const to = this.emptied ? 0 : end
    this.durable = Math.min(this.durable, to)
    this.diskCutOff = false
    this.change(seq, Math.min(this.value, to))
  }

  /** The lowest answer that the broker could have given at any time from event `seq` on. */
  lowestSince(seq: number): number {
    if (this.cutOff) return -1
    let lowest = this.value
    for (let k = this.seqs.length - 1; k >= 0; k--) {
      lowest = Math.min(lowest, this.values[k] as number)
      if ((this.seqs[k] as number) <= seq) return lowest
    }
    // The span begins before the first value was stored.
    return -1
  }
}
