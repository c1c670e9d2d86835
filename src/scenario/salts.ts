/**
 * A salt names what an item is about to the choices of a run. People don't write salts: an item's default follows from what it does,
 * whom it concerns, and the how-manieth of its sort it is. A salt is written only where it differs from that.
 */
import { hashText, mix } from '../plan/hash.ts'
import type { Field } from './fields.ts'
import { integer } from './fields.ts'

export const defaultSalt = (verb: string, subject: string, ordinal: number): number =>
  mix(mix(hashText(verb), hashText(subject)), ordinal) >>> 0

/** Deals out default salts in the order of a file. */
export class Salts {
  private readonly seen = new Map<string, number>()

  next(verb: string, subject: string): number {
    const id = `${verb} ${subject}`
    const ordinal = this.seen.get(id) ?? 0
    this.seen.set(id, ordinal + 1)
    return defaultSalt(verb, subject, ordinal)
  }

  field(verb: string, subject: string): Field {
    const salt = this.next(verb, subject)
    return { word: 'salt', sets: 'salt', codec: integer, absent: () => salt }
  }
}
