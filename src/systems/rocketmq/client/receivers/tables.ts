/**
 * The tables of an application, and what one statement does to them. Each statement is a transaction of its own and happens at one
 * instant; only what a recipe puts into one statement is atomic.
 *
 * Left out: isolation levels, deadlocks, and what a database loses by itself: it is taken to keep its own promises.
 */
import type { Us } from '../../../../plan/units.ts'
import type { ReceiverRules } from './rules.ts'

interface Lock {
  readonly owner: number
  readonly until: Us
}

export interface Tables {
  /** What has been handled, and until when the record counts. The column has a unique index. */
  readonly keys: Map<string, Us>
  readonly locks: Map<string, Lock>
  /** The orders that have left their first state. */
  readonly paid: Set<string>
}

export const newTables = (): Tables => ({ keys: new Map(), locks: new Map(), paid: new Set() })
export const forkTables = ({ keys, locks, paid }: Tables): Tables => ({
  keys: new Map(keys),
  locks: new Map(locks),
  paid: new Set(paid),
})

export type Statement =
  | { readonly do: 'find'; readonly key: string }
  /** No: it is there already. `lifeUs`: it expires. */
  | { readonly do: 'insert'; readonly key: string; readonly lifeUs: Us | null }
  | { readonly do: 'delete'; readonly key: string }
  /** The effect by itself. */
  | { readonly do: 'act' }
  /** The effect and the record of its key in one transaction; with a unique index it fails as a whole where the key is there. */
  | { readonly do: 'insertAndAct'; readonly key: string; readonly unique: boolean }
  | { readonly do: 'isPaid'; readonly key: string }
  /** `update ... set state = 'paid' where id = KEY and state = 'unpaid'`. No: it changed no row. */
  | { readonly do: 'pay'; readonly key: string }
  | { readonly do: 'lock'; readonly key: string; readonly owner: number; readonly leaseUs: Us }
  | { readonly do: 'unlock'; readonly key: string; readonly owner: number }

export interface Outcome {
  readonly yes: boolean
  /** The effect has become visible. */
  readonly acted: boolean
}

const said = (yes: boolean): Outcome => ({ yes, acted: false })
const ACTED: Outcome = { yes: true, acted: true }

const isRecorded = ({ keys }: Tables, key: string, now: Us): boolean => now < (keys.get(key) ?? 0)

export function execute(tables: Tables, statement: Statement, now: Us, rules: ReceiverRules): Outcome {
  switch (statement.do) {
    case 'find':
      return said(isRecorded(tables, statement.key, now))
    case 'insert': {
      const { key, lifeUs } = statement
      if (rules.refusesInsert(isRecorded(tables, key, now))) return said(false)
      tables.keys.set(key, lifeUs === null ? Infinity : now + lifeUs)
      return said(true)
    }
    case 'delete':
      return said(tables.keys.delete(statement.key))
    case 'act':
      return ACTED
    case 'insertAndAct':
      if (statement.unique && rules.refusesInsert(isRecorded(tables, statement.key, now))) return said(false)
      tables.keys.set(statement.key, Infinity)
      return ACTED
    case 'isPaid':
      return said(tables.paid.has(statement.key))
    case 'pay':
      if (!rules.mayUpdate(tables.paid.has(statement.key))) return said(false)
      tables.paid.add(statement.key)
      return ACTED
    default:
      return said(lockOrUnlock(tables, statement, now))
  }
}

function lockOrUnlock({ locks }: Tables, statement: Statement & { do: 'lock' | 'unlock' }, now: Us): boolean {
  const { key, owner } = statement
  const held = locks.get(key)
  const isFree = held === undefined || held.until <= now
  if (statement.do === 'unlock') return held?.owner === owner && locks.delete(key)
  if (isFree) locks.set(key, { owner, until: now + statement.leaseUs })
  return isFree
}
