/**
 * Lets what is said in one turn of the event loop go out together. The client library writes each message by itself, which costs both ends
 * more than all the rest of a message; and it writes at the end of the turn, so that is waited for.
 */
import type { Writable } from 'node:stream'

export class Gatherer {
  private readonly stream: Writable
  private gathering = false

  constructor(stream: Writable) {
    this.stream = stream
  }

  /** Something is about to be said. */
  begin(): void {
    if (this.gathering) return
    this.gathering = true
    this.stream.cork()
    setImmediate(() => {
      setImmediate(() => {
        this.gathering = false
        this.stream.uncork()
      })
    })
  }
}
