/** The JSON documents of `mqproof conform`: those of a run, and beside them what only a real broker has. */
import { z } from 'zod'
import { VERDICTS } from '../contract/contract.ts'
import { KnownFile } from '../live/conform/known.ts'
import { FAULT_KINDS } from '../plan/faults.ts'
import { FailureResult, FaultCounts, GuaranteeResult, RunDocument } from './document.ts'

const count = z.int().nonnegative()
const text = z.string()
const known = KnownFile.shape.failures

/** What happened to messages, whatever the contract says of it. Sentinels are left out. */
export const Counts = z.strictObject({
  acked: count,
  /** Of these, those whose queue the audit has read. */
  looked: count,
  /** Of these, those that it did not find. */
  lost: count,
  /** Times that a group finished a message again. */
  duplicated: count,
  /** Of these, those that lie before one that was acknowledged before they were sent: what ORD-1 finds. */
  reordered: count,
  /** First deliveries behind a message that was sent only after theirs was acknowledged. */
  overtaken: count,
  /** Sends of which nobody can say whether they are stored. */
  indeterminate: count,
  rounds: count,
})

const Claim = z.strictObject({ guarantee: text, promised: z.boolean(), except: z.array(z.enum(FAULT_KINDS)), source: text })

const ClaimResult = z.strictObject({
  ...Claim.shape,
  verdict: z.enum(VERDICTS),
  stands: z.enum(['as claimed', 'contradicted', 'not seen to break', 'not tested']),
  seen: text,
})

const Manifest = z.strictObject({
  target: text,
  broker: text,
  version: text,
  client: text,
  brokers: z.array(text),
  mqproof: text,
  node: text,
  platform: text,
  kernel: text,
  /** As the target was opened with it. */
  configuration: z.unknown(),
  /** The contract's name. */
  contract: text,
  /** What the contract decided by. */
  config: z.unknown(),
  claims: z.array(Claim),
  faults: z.array(text),
  /** Kind → why it can't be done here. */
  unavailable: z.record(text, text),
  /** Fault or step → the user's own command. */
  hooks: z.record(text, text),
})

export const ConformDocument = z.strictObject({
  ...RunDocument.omit({ replay: true, reproduced: true }).shape,
  command: z.literal('conform'),
  target: text,
  interrupted: z.boolean(),
  /** Deaths and pauses of clients, which can be done anywhere; `faults` are those of brokers and links. */
  clientFaults: FaultCounts,
  /** What the target itself did wrong; empty when it did nothing wrong. */
  broken: text,
  /** Rounds before or after which the broker did not come up. */
  downs: z.array(z.strictObject({ run: count, message: text, dir: text })),
  counts: Counts,
  guarantees: z.array(
    z.strictObject({
      ...GuaranteeResult.shape,
      /** Of the rounds that could have broken it. */
      counts: Counts,
      /** By name, excused ones among them. */
      anomalies: z.record(text, count),
      known: z.boolean(),
      /** Where nothing was lost: the rate of loss is below this with 95 % confidence. */
      lossRateMax: z.number().nullable(),
    }),
  ),
  failures: z.array(
    z.strictObject({
      ...FailureResult.shape,
      anomaly: text,
      /** Why it is no news; empty when it is. */
      known: text,
    }),
  ),
  known: z.strictObject({ seen: known, gone: known }),
  claims: z.array(ClaimResult),
  manifest: Manifest.nullable(),
})

/** What conform --controls prints. */
export const LiveControlsDocument = z.strictObject({
  mqproof: text,
  command: z.literal('conform'),
  target: text,
  controls: z.array(
    z.strictObject({
      row: text,
      title: text,
      guarantee: text,
      expect: z.enum(['holds', 'breaks', 'does-not-start']),
      ok: z.boolean(),
      rounds: count,
      counts: Counts,
      seen: text,
      sheet: text,
      reason: text,
      dir: text,
    }),
  ),
  pending: z.array(z.strictObject({ row: text, title: text, reason: text })),
})

/** What conform --dry-run prints. */
export const DryRunDocument = z.strictObject({
  mqproof: text,
  command: z.literal('conform'),
  target: text,
  title: text,
  configuration: z.unknown(),
  missing: text.nullable(),
  rounds: count.nullable(),
  timeMs: count.nullable(),
  processes: z.array(text),
  mounts: z.array(text),
  ports: z.array(text),
  /** Those that would be drawn. */
  faults: z.array(text),
  /** Kind → why it would not. */
  unavailable: z.record(text, text),
  hooks: z.record(text, text),
})
export type DryRunDocument = z.infer<typeof DryRunDocument>
