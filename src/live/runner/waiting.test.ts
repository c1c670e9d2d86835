/** What is waited for is told while it lasts, and not before it has lasted for a while. */
import { afterEach, expect, it, vi } from 'vitest'
import { telling, type Waiting } from './waiting.ts'

afterEach(() => {
  vi.useRealTimers()
})

it('tells every second, once it has waited for three, how long it may still take', async () => {
  vi.useFakeTimers()
  const told: Waiting[] = []
  const work = new Promise<string>((resolve) => setTimeout(() => resolve('done'), 5_500))
  const waiting = telling(
    (one) => told.push(one),
    30_000,
    () => `round ${told.length}`,
    work,
  )
  await vi.advanceTimersByTimeAsync(20_000)
  expect(await waiting).toBe('done')
  expect(told).toEqual([
    { what: 'round 0', atMostMs: 27_000 },
    { what: 'round 1', atMostMs: 26_000 },
    { what: 'round 2', atMostMs: 25_000 },
  ])
})
