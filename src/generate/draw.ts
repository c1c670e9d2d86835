/** How plans are drawn from fast-check's random numbers: a few distributions by name, in integers only. */
import type { Random } from 'fast-check'

/** Alternatives and how often each is taken, relative to the others. */
export type Weighted<T> = readonly (readonly [weight: number, value: T])[]

/** Both ends are included. */
export type Range = readonly [min: number, max: number]

export class Draw {
  private readonly random: Random

  constructor(random: Random) {
    this.random = random
  }

  int([min, max]: Range): number {
    return min >= max ? min : this.random.nextInt(min, max)
  }

  chance(permille: number): boolean {
    return this.random.nextInt(1, 1000) <= permille
  }

  pick<T>(items: readonly [T, ...T[]] | readonly T[]): T {
    const item = items[this.random.nextInt(0, items.length - 1)]
    if (item === undefined) throw new Error('nothing to pick from')
    return item
  }

  weighted<T>(choices: Weighted<T>): T {
    let left = this.random.nextInt(
      1,
      choices.reduce((sum, [weight]) => sum + weight, 0),
    )
    for (const [weight, value] of choices) {
      left -= weight
      if (left <= 0) return value
    }
    throw new Error('no alternative has a weight')
  }

  /** As `weighted`, but what has no alternative costs no number: a new question with one answer leaves all other draws as they were. */
  choice<T>(choices: Weighted<T>): T {
    const [only] = choices
    return only !== undefined && choices.length === 1 ? only[1] : this.weighted(choices)
  }

  /** Every order of magnitude is as likely as any other: short times hit what is in flight, long ones what is periodic. */
  spread([min, max]: Range): number {
    let doublings = 0
    for (let top = min; top < max; top *= 2) doublings++
    let low = min
    for (let k = this.int([0, Math.max(0, doublings - 1)]); k > 0; k--) low *= 2
    return this.int([low, Math.min(max, 2 * low)])
  }

  /** A fresh name for the luck of one plan item. */
  salt(): number {
    return this.random.nextInt(0, 0xffffffff)
  }
}
