/** Which processes of a broker's name are master because somebody has said so, or because nobody has told them otherwise. */
export class MastersByHand {
  /** Who was made master in another's place, and by which event. */
  readonly changes: { readonly seq: number; readonly master: string }[] = []
  /** There were two of them at one time. */
  hadTwo = false
  /** Masters whenever they run; in the beginning, the process that has the name. */
  private readonly masters: Set<string>
  private latest: string
  private readonly up = new Set<string>()
  /** Who came up last, before anybody else has done anything: a process says as it starts what it was told to be, if it was told. */
  private starting: string | null = null

  constructor(name: string) {
    this.masters = new Set([name])
    this.latest = name
  }

  /** A process says its role at each of its starts: whoever was the latest master already has come back, and nobody has changed. */
  told(process: string, role: 'master' | 'slave', seq: number): void {
    if (role === 'slave') {
      this.masters.delete(process)
      return
    }
    this.masters.add(process)
    if (process === this.latest) return
    this.latest = process
    this.changes.push({ seq, master: process })
  }

  lives(process: string, isUp: boolean): void {
    if (isUp) this.up.add(process)
    else this.up.delete(process)
    if (isUp) this.starting = process
  }

  /** Two masters that are there now that `process` does something, if somebody has come up since the last look; else null. Each start is looked at once. */
  noticePair(process: string): readonly [string, string] | null {
    if (this.starting === null || this.starting === process) return null
    this.starting = null
    const [one, other] = [...this.masters].filter((master) => this.up.has(master))
    if (one === undefined || other === undefined) return null
    this.hadTwo = true
    return [one, other]
  }
}
