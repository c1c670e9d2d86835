/** Who hears what: an event goes to the ledger, and then to the judges that listen for its sort, and to no others. */
import type { Event, Header } from '../history/event.ts'
import type { Hear, Judge, Sort } from './checker.ts'
import type { Ledger } from './ledger.ts'

/** What begins to listen. */
interface Listener<J extends Judge> {
  readonly hears: readonly Sort[]
  start(header: Header, ledger: Ledger, hear: Hear): J
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

export class Hearing {
  private readonly header: Header
  private readonly ledger: Ledger
  private readonly audience: Judge[][] = []

  constructor(header: Header, ledger: Ledger) {
    this.header = header
    this.ledger = ledger
  }

  /** Starts a judge. It hears what its checker names, and from then on what it asks for itself. */
  admit<J extends Judge>(checker: Listener<J>): J {
    const wanted = [...checker.hears]
    let seated: J | null = null
    const judge = checker.start(this.header, this.ledger, (...sorts) => {
      if (seated === null) wanted.push(...sorts)
      else this.seat(seated, sorts)
    })
    this.seat(judge, wanted)
    seated = judge
    return judge
  }

  private seat(judge: Judge, sorts: readonly Sort[]): void {
    for (const sort of sorts) {
      const number = numberOf(sort)
      while (this.audience.length <= number) this.audience.push([])
      const judges = this.audience[number]
      if (judges?.includes(judge) === false) judges.push(judge)
    }
  }

  on(event: Event): void {
    this.ledger.on(event)
    const operation = event.type === 'fault' || event.type === 'phase' ? '' : event.f
    const number = numbers.get(event.type)?.get(operation)
    const judges = number === undefined ? NOBODY : (this.audience[number] ?? NOBODY)
    // Who begins to listen now hears the next one.
    for (let k = 0, present = judges.length; k < present; k++) (judges[k] as Judge).on(event)
  }
}
