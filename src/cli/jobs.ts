/** `--jobs`: how many threads share the work. What comes of it is the same with any number of them. */
import { availableParallelism } from 'node:os'
import { Option } from 'commander'
import { WorkerPool } from '../harness/worker-pool.ts'
import type { Context } from './context.ts'
import { integer } from './options.ts'

/** Each thread has a heap of its own, and machines with many processors have much else to do. */
const JOBS_DEFAULT_MAX = 16
const JOBS_MAX = 256

export interface JobsOption {
  readonly jobs?: number
}

export const jobsOption = (): Option =>
  new Option('--jobs <n>', `how many threads share the work (one for each processor, at most ${JOBS_DEFAULT_MAX})`).argParser(
    integer('--jobs', 1, JOBS_MAX),
  )

/** With as many threads as were asked for, and there is work for; without any where one is enough. They are gone when it ends. */
export async function withPool<T>(
  { registry, io }: Context,
  jobs: number | undefined,
  sharesMax: number,
  body: (pool: WorkerPool | undefined) => Promise<T>,
): Promise<T> {
  const size = Math.min(jobs ?? Math.min(availableParallelism(), JOBS_DEFAULT_MAX), Math.floor(sharesMax))
  if (size <= 1 || registry.newWorker === null) return body(undefined)
  const pool = new WorkerPool({ start: registry.newWorker, size, signal: io.signal })
  try {
    return await body(pool)
  } finally {
    await pool.close()
  }
}
