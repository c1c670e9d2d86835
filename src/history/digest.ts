/** A hash that grows by one value after the other: names, numbers, texts, and what is not there. */
import { fold, hashName, mix } from '../plan/hash.ts'

/** Stands for a value that is left out, and before an integer of two words, as these two are told as well. */
const ABSENT = 0x2545f491
const WIDE = 0x6a09e667
const WORD = 0x1_0000_0000

export class Digest {
  hash: number

  constructor(hash: number) {
    this.hash = hash
  }

  /** What many events name: looked up. */
  name(value: string | null | undefined): this {
    this.hash = fold(this.hash, typeof value === 'string' ? hashName(value) : ABSENT)
    return this
  }

  /** What is said once: not worth remembering. */
  text(value: string | undefined): this {
    if (value === undefined) return this.whole(ABSENT)
    let h = fold(this.hash, value.length)
    for (let k = 0; k < value.length; k++) h = fold(h, value.charCodeAt(k))
    this.hash = h
    return this
  }

  /** An integer of any size. */
  whole(value: number | null | undefined): this {
    if (typeof value !== 'number') this.hash = fold(this.hash, ABSENT)
    else if ((value | 0) === value && value !== ABSENT && value !== WIDE) this.hash = fold(this.hash, value)
    else this.hash = fold(fold(fold(this.hash, WIDE), value | 0), Math.floor(value / WORD))
    return this
  }

  flag(value: boolean | undefined): this {
    return this.whole(value === undefined ? undefined : Number(value))
  }

  /** Plain data. */
  json(value: unknown): this {
    return this.text(value === undefined ? undefined : JSON.stringify(value))
  }

  names(values: readonly string[]): this {
    this.hash = fold(this.hash, values.length)
    for (const value of values) this.hash = fold(this.hash, hashName(value))
    return this
  }

  wholes(values: readonly number[]): this {
    this.whole(values.length)
    for (const value of values) this.whole(value)
    return this
  }

  each<T>(values: readonly T[], of: (value: T) => unknown): this {
    this.whole(values.length)
    for (const value of values) of(value)
    return this
  }

  place(topic: string, queue: string, offset: number): this {
    return this.name(topic).name(queue).whole(offset)
  }

  /** After the last value of several. */
  seal(value: number): void {
    this.hash = mix(this.hash, value)
  }
}
