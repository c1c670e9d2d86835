/** How speed is measured: medians of several runs, with the time of the processor beside that of the clock, since machines are shared. */

export interface Timing {
  readonly wallMs: number
  readonly cpuMs: number
}

/** One line of the report: a rate by the clock and by the processor. */
export interface Line {
  readonly id: string
  readonly what: string
  /** What `perSecond` counts: "steps", "runs", "simulated seconds". */
  readonly unit: string
  readonly perSecond: number
  readonly perCpuSecond: number
  readonly detail: Readonly<Record<string, string | number>>
}

export function timed<T>(body: () => T): Timing & { value: T } {
  const cpu = process.cpuUsage()
  const startMs = performance.now()
  const value = body()
  const wallMs = performance.now() - startMs
  const { user, system } = process.cpuUsage(cpu)
  return { value, wallMs, cpuMs: (user + system) / 1000 }
}

export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((x, y) => x - y)
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN
}

export const round = (n: number): number => (n >= 100 ? Math.round(n) : Number(n.toPrecision(3)))

export interface Measured<T> extends Pick<Line, 'id' | 'what' | 'unit'> {
  readonly body: () => T
  /** How much one run did, in units. */
  readonly count: (value: T) => number
  readonly detail?: (value: T) => Line['detail']
  /** Runs before the first that counts: compilers need some. */
  readonly warmUps?: number
}

const TIMES = 5

export function rate<T>({ id, what, unit, body, count, detail = () => ({}), warmUps = 1 }: Measured<T>): Line {
  // Before the warm-ups, not between the runs: a full collection throws away what the compiler has learnt from objects that are gone.
  globalThis.gc?.()
  for (let k = 0; k < warmUps; k++) body()
  const runs = Array.from({ length: TIMES }, () => {
    const { value, wallMs, cpuMs } = timed(body)
    return { perSecond: (1000 * count(value)) / wallMs, perCpuSecond: (1000 * count(value)) / cpuMs, detail: detail(value) }
  })
  const perSecond = round(median(runs.map((run) => run.perSecond)))
  return { id, what, unit, perSecond, perCpuSecond: round(median(runs.map((run) => run.perCpuSecond))), detail: runs[0]?.detail ?? {} }
}
