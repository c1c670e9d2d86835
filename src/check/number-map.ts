/**
 * A map from message numbers or offsets. These mostly begin near zero and come nearly in order, so an array holds them at a fraction of
 * the cost of a hash table; what lies far out goes to one.
 */

/** How far beyond its end the array may be extended at once. */
const REACH = 4096

export class NumberMap<T> {
  private readonly near: (T | undefined)[] = []
  private readonly far = new Map<number, T>()

  get(key: number): T | undefined {
    return key >= 0 && key < this.near.length ? this.near[key] : this.far.size === 0 ? undefined : this.far.get(key)
  }

  has(key: number): boolean {
    return this.get(key) !== undefined
  }

  set(key: number, value: T): void {
    const { near } = this
    if (key < 0 || key > near.length + REACH) {
      this.far.set(key, value)
      return
    }
    while (near.length < key) near.push(this.fetched(near.length))
    if (key < near.length) near[key] = value
    else {
      this.far.delete(key)
      near.push(value)
    }
  }

  delete(key: number): void {
    if (key >= 0 && key < this.near.length) this.near[key] = undefined
    else this.far.delete(key)
  }

  /** The array has come up to a number that once was far. */
  private fetched(key: number): T | undefined {
    if (this.far.size === 0) return undefined
    const value = this.far.get(key)
    this.far.delete(key)
    return value
  }

  /** At least every number that is in here; -1 when none ever was. */
  get top(): number {
    let top = this.near.length - 1
    for (const key of this.far.keys()) top = Math.max(top, key)
    return top
  }
}
