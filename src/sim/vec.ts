/**
 * A persistent append-only vector: versions share one buffer, the newest version owns its tail, and a fork that appends second
 * copies. That makes a log as cheap to append to as an array and free to keep, which is what lets a step be pure.
 */
export class Vec<T> {
  static readonly none = new Vec<never>([], 0)
  private readonly buffer: T[]
  readonly length: number

  private constructor(buffer: T[], length: number) {
    this.buffer = buffer
    this.length = length
  }

  static of<T>(items: readonly T[]): Vec<T> {
    return new Vec([...items], items.length)
  }

  at(index: number): T {
    if (index < 0 || index >= this.length) throw new RangeError(`index ${index} of a vector of ${this.length}`)
    return this.buffer[index] as T
  }

  get last(): T | undefined {
    return this.length === 0 ? undefined : this.buffer[this.length - 1]
  }

  append<U>(this: Vec<T>, item: U & T): Vec<T> {
    // An empty version may share `none`'s buffer, which nobody may own.
    if (this.length === 0) return new Vec<T>([item], 1)
    const buffer = this.buffer.length === this.length ? this.buffer : this.buffer.slice(0, this.length)
    buffer.push(item)
    return new Vec<T>(buffer, this.length + 1)
  }

  /** The first `length` items; shares the buffer. */
  take(length: number): Vec<T> {
    return length >= this.length ? this : new Vec(this.buffer, Math.max(0, length))
  }

  toArray(): T[] {
    return this.buffer.slice(0, this.length)
  }

  /** The first index whose item has a key of `least` or more, or `length`; keys grow along the vector. */
  firstFrom(key: (item: T) => number, least: number): number {
    let high = this.length
    let low = high
    for (let step = 1; low > 0 && key(this.buffer[low - 1] as T) >= least; step *= 2) {
      high = low - 1
      low = Math.max(0, low - step)
    }
    while (low < high) {
      const middle = (low + high) >>> 1
      if (key(this.buffer[middle] as T) >= least) high = middle
      else low = middle + 1
    }
    return low
  }

  /** The first index whose item satisfies a monotone test, or `length`. Most of what is looked for lies near the end, so it starts there. */
  search(test: (item: T) => boolean): number {
    let high = this.length
    let low = high
    for (let step = 1; low > 0 && test(this.buffer[low - 1] as T); step *= 2) {
      high = low - 1
      low = Math.max(0, low - step)
    }
    while (low < high) {
      const middle = (low + high) >>> 1
      if (test(this.buffer[middle] as T)) high = middle
      else low = middle + 1
    }
    return low
  }
}
