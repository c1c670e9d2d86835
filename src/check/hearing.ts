/** Who hears what: an event goes to the ledger, and then to the judges that listen for its sort, and to no others. */
import type { Event } from '../history/event.ts'
import type { Judge, Sort } from './checker.ts'
import type { Ledger } from './ledger.ts'

interface Listener {
  readonly hears: readonly Sort[]
  readonly judge: Judge
}

const NOBODY: readonly Judge[] = []

export function hearing(ledger: Ledger, listeners: readonly Listener[]): (event: Event) => void {
  // By type and then by operation: looking up two words is quicker than joining them, and most of a check is looking up.
  const audience = new Map<string, Map<string, Judge[]>>()
  for (const { hears, judge } of listeners) {
    for (const sort of hears) {
      const [type = '', f = ''] = sort.split(' ')
      let byOperation = audience.get(type)
      if (byOperation === undefined) audience.set(type, (byOperation = new Map<string, Judge[]>()))
      byOperation.set(f, [...(byOperation.get(f) ?? []), judge])
    }
  }
  return (event) => {
    ledger.on(event)
    const operation = event.type === 'fault' || event.type === 'phase' ? '' : event.f
    for (const judge of audience.get(event.type)?.get(operation) ?? NOBODY) judge.on(event)
  }
}
