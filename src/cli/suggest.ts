/** A name that nobody knows is nearly always a slip: say which known names are near. */
import { distance } from 'fastest-levenshtein'
import { InputError } from '../plan/input-error.ts'

const NEAREST = 3

/** The known names that a slip could have meant, nearest first. */
export function nearest(name: string, known: readonly string[]): string[] {
  const wanted = name.toLowerCase()
  const scored = known.map((one) => {
    const candidate = one.toLowerCase()
    return { one, score: candidate.includes(wanted) || wanted.includes(candidate) ? 1 : distance(wanted, candidate) }
  })
  const near = scored.filter(({ one, score }) => score <= Math.max(2, Math.floor(one.length / 2)))
  return near
    .sort((x, y) => x.score - y.score)
    .slice(0, NEAREST)
    .map(({ one }) => one)
}

/** @param list the command that lists the known names. */
export function unknownName(what: string, name: string, known: readonly string[], list: string): InputError {
  const near = nearest(name, known)
  const hint = near.length === 0 ? `see ${list}` : `did you mean ${near.join(', ')}? (${list} shows all)`
  return new InputError(`unknown ${what} "${name}": ${hint}`)
}
