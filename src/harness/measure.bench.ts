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

type Sample<T> = Timing & { readonly value: T }

function lineOf<T>({ id, what, unit, count, detail = () => ({}) }: Omit<Measured<T>, 'body'>, samples: readonly Sample<T>[]): Line {
  const rateBy = (time: (sample: Sample<T>) => number): number => round(median(samples.map((one) => (1000 * count(one.value)) / time(one))))
  const [first] = samples
  return {
    id,
    what,
    unit,
    perSecond: rateBy(({ wallMs }) => wallMs),
    perCpuSecond: rateBy(({ cpuMs }) => cpuMs),
    detail: first === undefined ? {} : detail(first.value),
  }
}

export function rate<T>(measured: Measured<T>): Line {
  const { body, warmUps = 1 } = measured
  // Before the warm-ups, not between the runs: a full collection throws away what the compiler has learnt from objects that are gone.
  globalThis.gc?.()
  for (let k = 0; k < warmUps; k++) body()
  return lineOf(
    measured,
    Array.from({ length: TIMES }, () => timed(body)),
  )
}

/** The same for what takes its time elsewhere, too: the time of the processor is that of all threads. */
export async function rateOfWaiting<T>(measured: Omit<Measured<T>, 'body'> & { readonly body: () => Promise<T> }): Promise<Line> {
  const { body, warmUps = 1 } = measured
  globalThis.gc?.()
  for (let k = 0; k < warmUps; k++) await body()
  const samples: Sample<T>[] = []
  for (let k = 0; k < TIMES; k++) {
    const [cpu, startMs] = [process.cpuUsage(), performance.now()]
    const value = await body()
    const { user, system } = process.cpuUsage(cpu)
    samples.push({ value, wallMs: performance.now() - startMs, cpuMs: (user + system) / 1000 })
  }
  return lineOf(measured, samples)
}
