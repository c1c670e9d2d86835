/** A round that waits says for what, and for how long at most: half a minute of silence looks like a program that hangs. */

export interface Waiting {
  /** "the sentinel of T:0". */
  readonly what: string
  readonly atMostMs: number
}

export type TellWaiting = (waiting: Waiting) => void

/** Who waits for less than this says nothing. */
const SILENT_MS = 3000
const TELL_MS = 1000

/** The same work; while it lasts, what it waits for is told now and then. */
export async function telling<T>(tell: TellWaiting | undefined, limitMs: number, what: () => string, work: Promise<T>): Promise<T> {
  if (tell === undefined) return work
  const startMs = performance.now()
  const timer = setInterval(() => {
    const waitedMs = performance.now() - startMs
    if (waitedMs >= SILENT_MS && waitedMs < limitMs) tell({ what: what(), atMostMs: limitMs - waitedMs })
  }, TELL_MS)
  try {
    return await work
  } finally {
    clearInterval(timer)
  }
}
