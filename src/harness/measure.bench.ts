/** How speed is measured: medians of several runs, with the time of the processor beside that of the clock, since machines are shared. */

export interface Timing { readonly wallMs: number; readonly cpuMs: number }

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
  globalThis.gc?.()
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

/** Runs a body several times; `count` says how much each run did. */
export function rate<T>(about: Pick<Line, 'id' | 'what' | 'unit'>, times: number, body: () => T, count: (value: T) => number, detail: (value: T) => Line['detail'] = () => ({})): Line {
  const runs = Array.from({ length: times }, () => timed(body))
  const last = runs[runs.length - 1]
  if (last === undefined) throw new Error('a rate needs at least one run')
  return {
    ...about,
    perSecond: round(median(runs.map(({ value, wallMs }) => (1000 * count(value)) / wallMs))),
    perCpuSecond: round(median(runs.map(({ value, cpuMs }) => (1000 * count(value)) / cpuMs))),
    detail: detail(last.value),
  }
}
