/** A set of offsets that mostly arrive in order: one number covers all that came without a gap. */
export class OffsetSet {
  private start = -1
  private next = -1
  private readonly others = new Set<number>()

  /** False when it was there already. */
  add(offset: number): boolean {
    if (this.start < 0) this.start = this.next = offset
    if (offset === this.next) {
      this.next++
      while (this.others.delete(this.next)) this.next++
      return true
    }
    if ((offset >= this.start && offset < this.next) || this.others.has(offset)) return false
    this.others.add(offset)
    return true
  }
}
