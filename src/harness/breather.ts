/** Long loops over a simulation never wait, so timers and signals would starve: now and then they must let the process look round. */
const EVERY_MS = 40

export class Breather {
  private lastMs = performance.now()

  async breathe(): Promise<void> {
    const now = performance.now()
    if (now - this.lastMs < EVERY_MS) return
    await new Promise<void>((resolve) => {
      setImmediate(resolve)
    })
    this.lastMs = performance.now()
  }
}
