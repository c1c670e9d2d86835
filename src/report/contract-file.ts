/** A contract that a user brings along: what their broker promises, for systems that mqproof has no contract of its own for. */
import { z } from 'zod'
import type { Anomaly, GuaranteeId } from '../check/checker.ts'
import type { Contract, Pardon, RunFacts, Term } from '../contract/contract.ts'
import { FAULT_KINDS } from '../plan/faults.ts'

export const CONTRACT_FORMAT = 'mqproof-contract/1'

const FaultName = z.enum(FAULT_KINDS)
const Excused = z.strictObject({
  /** The anomaly's name on the guarantee's page; without it, every anomaly. */
  anomaly: z.string().optional(),
  /** At least one of these took effect in the run; empty: no fault is needed. */
  faults: z.array(FaultName),
  reason: z.string().min(1),
})
type Excused = z.infer<typeof Excused>

const TermEntry = z.union([
  z.literal('required'),
  z.strictObject({ notApplicable: z.string().min(1) }),
  z.strictObject({ excused: z.array(Excused).min(1) }),
])

export const ContractFile = z.strictObject({
  format: z.literal(CONTRACT_FORMAT),
  /** A guarantee that is not listed is not promised. */
  guarantees: z.record(z.string(), TermEntry),
})
export type ContractFile = z.infer<typeof ContractFile>

function covers(row: Excused, anomaly: Anomaly, run: RunFacts): boolean {
  const named = row.anomaly === undefined || row.anomaly === anomaly.name
  return named && (row.faults.length === 0 || row.faults.some((kind) => run.effective.has(kind)))
}

const excuses =
  (rows: readonly Excused[]) =>
  (anomaly: Anomaly, run: RunFacts): Pardon | null => {
    const row = rows.find((one) => covers(one, anomaly, run))
    return row === undefined ? null : { reason: row.reason, rows: [] }
  }

function termOf(entry: z.infer<typeof TermEntry> | undefined): Term {
  if (entry === undefined) return { notApplicable: 'the contract file does not list it' }
  return typeof entry === 'string' || 'notApplicable' in entry ? entry : { excuses: excuses(entry.excused) }
}

export function contractOf(file: ContractFile, known: readonly GuaranteeId[]): Contract<unknown> {
  const terms = new Map(known.map((id): [GuaranteeId, Term] => [id, termOf(file.guarantees[id])]))
  return () => terms
}
