/**
 * The model moves messages without their bytes; these are the bytes. A message whose digest is not the one that it was sent with comes
 * back with damaged bytes, as a consumer of a real broker would see it.
 */
import { mix, modulo } from '../plan/hash.ts'

const SALT = 0x7061796c

export class Payloads {
  private readonly texts: string[] = []

  /** Gives the message's number in the model. */
  keep(text: string): number {
    return this.texts.push(text) - 1
  }

  digestOf = (message: number): number => mix(SALT, message)

  read(message: number, digest: number): string {
    const text = this.texts[message] ?? ''
    if (digest === this.digestOf(message)) return text
    const at = modulo(digest, Math.max(1, text.length))
    return text.slice(0, at) + (text[at] === '#' ? '%' : '#') + text.slice(at + 1)
  }
}
