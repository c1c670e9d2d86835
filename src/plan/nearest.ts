/** A name that nobody knows is nearly always a slip: which known names are near. */
import { distance } from 'fastest-levenshtein'

const NEAREST = 3

/** Two letters that have changed places are one slip. */
const lettersOf = (word: string): string => [...word].sort((x, y) => (x < y ? -1 : 1)).join('')

/** The known names that a slip could have meant, nearest first. */
export function nearest(name: string, known: readonly string[]): string[] {
  const wanted = name.toLowerCase()
  const scored = known.map((one) => {
    const candidate = one.toLowerCase()
    const within = wanted.length > 2 && (candidate.includes(wanted) || wanted.includes(candidate))
    return { one, score: within || lettersOf(wanted) === lettersOf(candidate) ? 1 : distance(wanted, candidate) }
  })
  const near = scored.filter(({ one, score }) => score <= Math.max(1, Math.floor(one.length / 2) - 1))
  return near
    .sort((x, y) => x.score - y.score)
    .slice(0, NEAREST)
    .map(({ one }) => one)
}
