/** One life of a client's process: opened, perhaps paused, closed in good order or dead. What a dead one was told counts no more. */

export interface ClientProcess {
  /** It takes up its work. */
  start(): void
  /** In good order. */
  close(): Promise<void>
  /** As if killed: from now on nothing of it is heard or said. */
  abort(): void
  pause(): void
  resume(): void
  /** What it still has to do, or null. */
  readonly unsettled: string | null
}

/** A door that is shut while a process is paused. */
export class Gate {
  private opening: Promise<void> | null = null
  private open: () => void = () => undefined

  get shut(): boolean {
    return this.opening !== null
  }

  close(): void {
    this.opening ??= new Promise((resolve) => {
      this.open = resolve
    })
  }

  pass(): void {
    this.opening = null
    this.open()
  }

  async through(): Promise<void> {
    while (this.opening !== null) await this.opening
  }
}
