/** What is recorded where a broker's commit log is that of a Raft group: who leads, what is committed, and what a member's log loses. */
import type { Place, White } from './event.ts'

/** A member leads from now on, in this term, and answers for the broker of this name. */
export type Leads = White<'leads', { broker: string; term: number }>
/** A member knows, in its term, that a record is committed, and shows it from now on. The record's entry is of the term in which it was appended. */
export type Committed = White<'committed', Place & { message: number; at: number; term: number; entryTerm: number }>
/** A member's log ends here: what lay behind was not its leader's. */
export type LedgerCut = White<'ledgerCut', { to: number }>
