/** What to say of a name that nobody knows. */
import { InputError } from '../plan/input-error.ts'
import { nearest } from '../plan/nearest.ts'

/** @param list the command that lists the known names. */
export function unknownName(what: string, name: string, known: readonly string[], list: string): InputError {
  const near = nearest(name, known)
  const hint = near.length === 0 ? `see ${list}` : `did you mean ${near.join(', ')}? (${list} shows all)`
  return new InputError(`unknown ${what} "${name}": ${hint}`)
}
