/**
 * The contract of a broker that speaks for itself: an adapter claims, guarantee by guarantee, what its broker promises. What is not
 * mentioned is required: a broker can't get away with something by being silent about it.
 */
import { z } from 'zod'
import type { Anomaly, GuaranteeId } from '../check/checker.ts'
import { FAULT_KINDS, type FaultKind } from '../plan/faults.ts'
import { InputError, parseWith } from '../plan/input-error.ts'
import { ANOMALIES } from './anomalies.ts'
import type { Contract, Excuse, RunFacts, Term } from './contract.ts'

/** The part of a foreign broker's configuration that promises depend on. */
const Config = z.object({
  claims: z
    .array(z.object({ guarantee: z.string(), promised: z.boolean(), except: z.array(z.enum(FAULT_KINDS)), source: z.string() }))
    .default([]),
})
type Claim = z.infer<typeof Config>['claims'][number]

/** Faults of a link, whichever end they are named after; all others must have struck a broker. */
const ON_LINKS: ReadonlySet<FaultKind> = new Set<FaultKind>(['netLoss', 'netDelay', 'netDuplicate', 'netReorder', 'cut'])

/** What follows when a disk is gone, and everything on it: nobody can promise otherwise of a broker that stands alone. */
const GONE_WITH_THE_DISK: Readonly<Partial<Record<GuaranteeId, readonly string[]>>> = {
  'ORD-1': ['reordered'],
  'ORD-2': ['offset reused'],
  'ALO-1': ['not delivered'],
  'IDM-2': ['offset id reused'],
  'DUR-1': ['lost'],
  'TXN-2': ['committed but not delivered', 'delivered twice'],
}

const SINGLE_DELIVERY = 'ALO-5'
const NO_SINGLE_DELIVERY: Term = { notApplicable: 'a fault took effect, and delivery is at least once' }

/** Did a fault of this kind take effect where it can matter, before the anomaly showed? */
const struck = (kind: FaultKind, anomaly: Anomaly, run: RunFacts): boolean =>
  run.faults.some(
    (fault) =>
      fault.kind === kind &&
      (anomaly.t < 0 || fault.t <= anomaly.t) &&
      (ON_LINKS.has(kind) || run.brokers === undefined || run.brokers.includes(fault.on)),
  )

const sourceOf = ({ source }: Claim): string => (source === '' ? 'the adapter says so' : source)

function excuseOf(id: GuaranteeId, claim: Claim | undefined): Excuse {
  return (anomaly, run) => {
    const kind = claim?.except.find((one) => struck(one, anomaly, run))
    if (claim !== undefined && kind !== undefined) return { reason: `not promised under ${kind}: ${sourceOf(claim)}`, rows: [] }
    if (GONE_WITH_THE_DISK[id]?.includes(anomaly.name) === true && struck('diskLoss', anomaly, run))
      return { reason: 'its disk was lost, and everything on it', rows: [] }
    return null
  }
}

function termOf(id: GuaranteeId, claim: Claim | undefined, effective: ReadonlySet<FaultKind>): Term {
  if (claim?.promised === false) return { notApplicable: `not promised: ${sourceOf(claim)}` }
  if (id === SINGLE_DELIVERY && effective.size > 0) return NO_SINGLE_DELIVERY
  const excused =
    claim?.except.some((kind) => effective.has(kind)) === true || (effective.has('diskLoss') && GONE_WITH_THE_DISK[id] !== undefined)
  return excused ? { excuses: excuseOf(id, claim) } : 'required'
}

/** @throws InputError when the claims in the configuration are none. */
export const claimsContract: Contract<unknown> = (config, effective) => {
  const { claims } = parseWith(Config, config, 'the configuration in the header')
  const byGuarantee = new Map(claims.map((claim) => [claim.guarantee, claim]))
  const twice = claims.find((claim) => byGuarantee.get(claim.guarantee) !== claim)
  if (twice !== undefined)
    throw new InputError(`the configuration in the header: claims: there are two about ${twice.guarantee}: say in one what is promised`)
  return new Map([...ANOMALIES.keys()].map((id) => [id, termOf(id, byGuarantee.get(id), effective)]))
}
