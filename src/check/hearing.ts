/** Who hears what: an event goes to the ledger, and then to the judges that listen for its sort, and to no others. */
import type { Event, Header } from '../history/event.ts'
import { KINDS } from '../history/kinds.ts'
import { invariant } from '../plan/invariant.ts'
import type { Hear, Judge, Sort } from './checker.ts'
import type { Ledger } from './ledger.ts'

/** What begins to listen. */
interface Listener<J extends Judge> {
  readonly hears: readonly Sort[]
  start(header: Header, ledger: Ledger, hear: Hear): J
}

const NOBODY: readonly Judge[] = []

const TYPES = ['invoke', 'ok', 'fail', 'info'] as const
/** Every sort of event that there can be: each operation of clients with each outcome, and what a system tells of itself. */
const SORTS: readonly string[] = [
  'fault',
  'phase',
  ...KINDS.flatMap((kind) => (kind.startsWith('white:') ? [kind.replace(':', ' ')] : TYPES.map((type) => `${type} ${kind}`))),
]

/** A number has no meaning beyond this file. */
const NUMBERS: ReadonlyMap<string, number> = new Map(SORTS.map((sort, number) => [sort, number]))

/** By type and then by operation: looking up two words is quicker than joining them, and most of a check is looking up. */
const BY_TYPE: ReadonlyMap<string, ReadonlyMap<string, number>> = new Map(
  ['fault', 'phase', 'white', ...TYPES].map((type) => {
    const own = [...NUMBERS].filter(([sort]) => sort.split(' ')[0] === type)
    return [type, new Map(own.map(([sort, number]) => [sort.slice(type.length + 1), number]))]
  }),
)

function numberOf(sort: Sort): number {
  const number = NUMBERS.get(sort)
  invariant(number !== undefined, () => `a judge listens for "${sort}", and there is no such sort of event`)
  return number
}

export class Hearing {
  private readonly header: Header
  private readonly ledger: Ledger
  /** By the number of the sort; undefined: nobody listens. */
  private readonly audience: (Judge[] | undefined)[] = new Array<Judge[] | undefined>(SORTS.length).fill(undefined)

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
      const judges = (this.audience[numberOf(sort)] ??= [])
      if (!judges.includes(judge)) judges.push(judge)
    }
  }

  on(event: Event): void {
    this.ledger.on(event)
    const operation = event.type === 'fault' || event.type === 'phase' ? '' : event.f
    const number = BY_TYPE.get(event.type)?.get(operation)
    const judges = number === undefined ? NOBODY : (this.audience[number] ?? NOBODY)
    // Who begins to listen now hears the next one.
    for (let k = 0, present = judges.length; k < present; k++) (judges[k] as Judge).on(event)
  }
}
