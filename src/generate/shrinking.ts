/**
 * The tools of shrinking. A shrinker is a conversation: it offers a simpler value, is told whether that one still fails, and goes on
 * from there. So it neither runs plans nor waits for them, and whoever drives it may do so at once, later, or elsewhere.
 */
import { ms, type Us } from '../plan/units.ts'

/** Yields candidates; is answered true when the candidate still fails; returns the simplest that did. */
export type Shrinking<T> = Generator<T, T, boolean>

/** Delta debugging: deletes ever smaller runs of items, later ones first, since what comes late causes less. */
export function* ddmin<T>(items: readonly T[]): Shrinking<readonly T[]> {
  let kept = items
  for (let chunk = kept.length; chunk >= 1; chunk = chunk === 1 ? 0 : Math.ceil(chunk / 2)) {
    for (let end = kept.length; end > 0; end -= chunk) {
      const from = Math.max(0, end - chunk)
      const candidate = [...kept.slice(0, from), ...kept.slice(end)]
      if (yield candidate) kept = candidate
    }
  }
  return kept
}

/** Offers each value in turn and stops at the first that still fails. */
export function* firstOf<T>(value: T, candidates: Iterable<T>): Shrinking<T> {
  for (const candidate of candidates) if (yield candidate) return candidate
  return value
}

/** Shrinks a part of a value: `rebuild` puts a candidate of the part into the whole. */
export function* within<Whole, Part>(whole: Whole, part: Shrinking<Part>, rebuild: (part: Part) => Whole): Shrinking<Whole> {
  let best = whole
  let step = part.next()
  while (step.done !== true) {
    const candidate = rebuild(step.value)
    const fails = yield candidate
    if (fails) best = candidate
    step = part.next(fails)
  }
  return best
}

const STEPS: readonly number[] = [1, 2, 5]
const GRAINS: readonly Us[] = [ms(1000), ms(100), ms(10), ms(1), 100, 10]

/** Times that are easier to read than this one, the shortest first: 0, then 1, 2, 5, 10 ... ms, then this one rounded down. */
export function simplerTimes(value: Us): Us[] {
  const found: Us[] = value > 0 ? [0] : []
  for (let decade = ms(1); decade < value; decade *= 10) found.push(...STEPS.map((step) => step * decade).filter((time) => time < value))
  for (const grain of GRAINS) {
    const rounded = value - (value % grain)
    if (rounded < value && !found.includes(rounded)) found.push(rounded)
  }
  return found
}

/** Smaller whole numbers of the same sign, the smallest first. */
export function simplerNumbers(value: number): number[] {
  const sign = value < 0 ? -1 : 1
  const found: number[] = []
  for (let decade = 1; decade < sign * value; decade *= 10)
    found.push(
      ...STEPS.map((step) => step * decade)
        .filter((one) => one < sign * value)
        .map((one) => sign * one),
    )
  return found
}

/** Never offers the same candidate twice: runs are what shrinking costs. */
export function* distinct<T>(first: T, shrinking: Shrinking<T>): Shrinking<T> {
  const tried = new Set([JSON.stringify(first)])
  let step = shrinking.next()
  while (step.done !== true) {
    const id = JSON.stringify(step.value)
    if (tried.has(id)) {
      step = shrinking.next(false)
    } else {
      tried.add(id)
      step = shrinking.next(yield step.value)
    }
  }
  return step.value
}
