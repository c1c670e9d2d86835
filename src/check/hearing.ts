/** Who hears what: an event goes to the ledger, and then to the judges that listen for its sort, and to no others. */
import type { Event } from '../history/event.ts'
import type { Judge, Sort } from './checker.ts'
import type { Ledger } from './ledger.ts'

interface Listener {
  readonly hears: readonly Sort[]
  readonly judge: Judge
}

const NOBODY: readonly Judge[] = []

/**
 * Sorts are numbered as they are first asked for: a number has no meaning beyond this file. By type and then by operation: looking up two
 * words is quicker than joining them, and most of a check is looking up.
 */
const numbers = new Map<string, Map<string, number>>()
const known = new Map<Sort, number>()

function numberOf(sort: Sort): number {
  const before = known.get(sort)
  if (before !== undefined) return before
  const [type = '', operation = ''] = sort.split(' ')
  let byOperation = numbers.get(type)
  if (byOperation === undefined) numbers.set(type, (byOperation = new Map<string, number>()))
  const number = known.size
  byOperation.set(operation, number)
  known.set(sort, number)
  return number
}

export function hearing(ledger: Ledger, listeners: readonly Listener[]): (event: Event) => void {
  const audience: Judge[][] = []
  for (const { hears, judge } of listeners) {
    for (const sort of hears) {
      const number = numberOf(sort)
      while (audience.length <= number) audience.push([])
      audience[number]?.push(judge)
    }
  }
  return (event) => {
    ledger.on(event)
    const operation = event.type === 'fault' || event.type === 'phase' ? '' : event.f
    const number = numbers.get(event.type)?.get(operation)
    for (const judge of number === undefined ? NOBODY : (audience[number] ?? NOBODY)) judge.on(event)
  }
}
