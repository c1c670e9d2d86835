/** Which processes of a broker's name are master because somebody has said so, or because nobody has told them otherwise. */
export class HandMade {
  /** There were two of them at one time. */
  hadTwo = false
  /** Masters whenever they run; in the beginning, the process that has the name. */
  private readonly masters: Set<string>
  private readonly up = new Set<string>()
  /** Who came up last, before anybody else has done anything: a process says as it starts what it was told to be, if it was told. */
  private starting: string | null = null

  constructor(name: string) {
    this.masters = new Set([name])
  }

  told(process: string, role: 'master' | 'slave'): void {
    if (role === 'master') this.masters.add(process)
    else this.masters.delete(process)
  }

  lives(process: string, isUp: boolean): void {
    if (isUp) this.up.add(process)
    else this.up.delete(process)
    if (isUp) this.starting = process
  }

  /** Two masters that are there now that `process` does something, if somebody has come up since this was asked last; else null. */
  newPair(process: string): readonly [string, string] | null {
    if (this.starting === null || this.starting === process) return null
    this.starting = null
    const [one, other] = [...this.masters].filter((master) => this.up.has(master))
    if (one === undefined || other === undefined) return null
    this.hadTwo = true
    return [one, other]
  }
}
