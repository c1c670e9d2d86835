/**
 * A map from message numbers or offsets. These are mostly small and lie in a few runs, so pages of an array hold them at a fraction of the
 * cost of a hash table; what lies far out goes to one.
 */
const PAGE_BITS = 7
const PAGE_MASK = (1 << PAGE_BITS) - 1
/** Numbers below this have pages. */
const NEAR = 1 << 22

export class NumberMap<T> {
  /** The largest number that was ever set, or -1. */
  top = -1
  private readonly pages: ((T | undefined)[] | undefined)[] = []
  /** Null: there is none, as in most maps for all their lives. */
  private far: Map<number, T> | null = null

  get(key: number): T | undefined {
    if (key < 0 || key >= NEAR) return this.far?.get(key)
    const page = this.pages[key >> PAGE_BITS]
    return page === undefined ? undefined : page[key & PAGE_MASK]
  }

  has(key: number): boolean {
    return this.get(key) !== undefined
  }

  set(key: number, value: T): void {
    if (key > this.top) this.top = key
    if (key < 0 || key >= NEAR) (this.far ??= new Map<number, T>()).set(key, value)
    else this.pageOf(key)[key & PAGE_MASK] = value
  }

  delete(key: number): void {
    if (key < 0 || key >= NEAR) {
      this.far?.delete(key)
      return
    }
    const page = this.pages[key >> PAGE_BITS]
    if (page !== undefined) page[key & PAGE_MASK] = undefined
  }

  private pageOf(key: number): (T | undefined)[] {
    const { pages } = this
    const index = key >> PAGE_BITS
    const known = pages[index]
    if (known !== undefined) return known
    // Without holes an array stays an array.
    while (pages.length <= index) pages.push(undefined)
    return (pages[index] = new Array<T | undefined>(PAGE_MASK + 1).fill(undefined))
  }
}
