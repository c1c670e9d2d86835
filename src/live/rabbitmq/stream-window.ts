/**
 * How far a reader of a stream has come. Over AMQP 0-9-1 a stream remembers nothing about its readers, and takes nothing back: tracking by
 * the server needs the stream protocol (RAB-038, RAB-055). So the driver keeps the offset of the next message that is wanted, as any such
 * application has to.
 */
export class StreamWindow {
  /** All before it are finished. */
  next: number
  private readonly open: { readonly offset: number; finished: boolean }[] = []
  private readonly byOffset = new Map<number, { finished: boolean }>()

  constructor(next: number) {
    this.next = next
  }

  /** Offsets arrive in order, from the one that was asked for. */
  arrived(offset: number): void {
    const entry = { offset, finished: false }
    this.open.push(entry)
    this.byOffset.set(offset, entry)
  }

  finish(offset: number): void {
    const entry = this.byOffset.get(offset)
    if (entry === undefined) return
    entry.finished = true
    for (let head = this.open[0]; head?.finished === true; head = this.open[0]) {
      this.open.shift()
      this.byOffset.delete(head.offset)
      this.next = head.offset + 1
    }
  }
}
