/** Several things are done at a time, and heard of one after the other, in the order in which they were asked for. */

export interface InOrder<T, R> {
  readonly items: readonly T[]
  /** How many are done at a time. */
  readonly width: number
  readonly work: (item: T) => Promise<R>
  readonly tell: (item: T, result: R) => void
  /** After it nothing is begun and nothing is told: what was cut short is no result. */
  readonly signal: AbortSignal
}

/** Gives the results that were told. @throws what the first of the items that failed threw, once nothing is under way any more. */
export async function inOrder<T, R>({ items, width, work, tell, signal }: InOrder<T, R>): Promise<R[]> {
  const told: R[] = []
  const done = new Map<number, R>()
  const failures = new Map<number, unknown>()
  let next = 0
  const tellAll = (): void => {
    for (let result = done.get(told.length); result !== undefined && !signal.aborted; result = done.get(told.length)) {
      tell(items[told.length] as T, result)
      told.push(result)
    }
  }
  const lane = async (): Promise<void> => {
    while (next < items.length && !signal.aborted && failures.size === 0) {
      const index = next++
      try {
        done.set(index, await work(items[index] as T))
        tellAll()
      } catch (error) {
        failures.set(index, error)
      }
    }
  }
  await Promise.all(Array.from({ length: width }, lane))
  if (failures.size > 0) throw failures.get(Math.min(...failures.keys()))
  return told
}
