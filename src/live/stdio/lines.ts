/** Bytes to lines, with a limit: an adapter that prints without end must not fill the memory. */
import { StringDecoder } from 'node:string_decoder'

/** A `read` of a long queue is one line. */
const LINE_MAX = 64 << 20

export class Lines {
  private readonly decoder = new StringDecoder('utf8')
  private readonly onLine: (line: string) => void
  private parts: string[] = []
  private length = 0

  constructor(onLine: (line: string) => void) {
    this.onLine = onLine
  }

  /** Gives false once a line is longer than any line may be. */
  feed(chunk: Buffer): boolean {
    const pieces = this.decoder.write(chunk).split('\n')
    for (const [k, piece] of pieces.entries()) {
      if (k > 0) this.flush()
      this.parts.push(piece)
      this.length += piece.length
    }
    return this.length <= LINE_MAX
  }

  private flush(): void {
    const line = this.parts.join('')
    this.parts = []
    this.length = 0
    this.onLine(line.endsWith('\r') ? line.slice(0, -1) : line)
  }
}
