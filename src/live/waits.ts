/** The two ways in which the kit waits: for a while, and for something that may never come. */
import { TargetBroken } from './target.ts'

export const pause = (forMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, forMs))

/** @throws TargetBroken, or what is given in its place, when the call takes longer than that. */
export async function within<T>(
  limitMs: number,
  what: string,
  call: Promise<T>,
  Late: new (message: string) => Error = TargetBroken,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Late(`${what} took longer than ${limitMs / 1000} s`)), limitMs)
  })
  try {
    return await Promise.race([call, late])
  } finally {
    clearTimeout(timer)
  }
}
