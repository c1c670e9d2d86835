/** What a report calls a message: its text where a story gave it one, else "m" and its number, as transcripts do. Loads have no texts, so this stays small. */
import type { SendInvoke } from '../history/event.ts'

export class MessageNames {
  private readonly texts = new Map<number, string>()

  note(send: SendInvoke): void {
    if (send.v.text !== '') this.texts.set(send.op, send.v.text)
  }

  of(message: number): string {
    const text = this.texts.get(message)
    return text === undefined ? `m${message}` : `"${text}"`
  }
}
