/** A set of offsets that mostly arrive in order: one number covers all that came without a gap. */
export class OffsetSet {
  private start = -1
  private next = -1
  /** Null: there are none, as in most sets for all their lives. */
  private others: Set<number> | null = null

  /** False when it was there already. */
  add(offset: number): boolean {
    if (this.start < 0) this.start = this.next = offset
    if (offset === this.next) {
      this.next++
      while (this.others?.delete(this.next) === true) this.next++
      return true
    }
    if ((offset >= this.start && offset < this.next) || this.others?.has(offset) === true) return false
    this.others ??= new Set()
    this.others.add(offset)
    return true
  }
}
