/**
 * The faults that a plan can hold. Every fault is total: on a node or a link where it makes no sense it does nothing, so that
 * every sub-list of a plan is a valid plan and the shrinker may delete freely. `spec/formats/faults.md` names each one for every reader.
 */
import { z } from 'zod'

const moment = {
  /** When it strikes, in microseconds since the run began. */
  atUs: z.int().nonnegative(),
  /** Names it, so that its luck stays its own when others are taken out. */
  salt: z.int().nonnegative(),
}
/** A process, by its name in the cluster. */
const node = z.string().min(1)
/** How long, in microseconds, until it is over. */
const span = z.int().positive()

/** Which unforced bytes a power loss leaves behind; one value, so that shrinking it is shrinking one thing. */
export const Keep = z.enum(['none', 'all', 'prefix', 'holes', 'torn'])
export type Keep = z.infer<typeof Keep>

/**
 * Where in its work a process dies: right after its so-manieth effect on its disk or the network since `atUs`, or right before that one. It stays
 * away until the fault ends; one that has no such effect by then does not die. Only simulated processes can be struck there.
 */
export const CrashPoint = z.union([z.strictObject({ after: z.int().min(1) }), z.strictObject({ before: z.int().min(1) })])
export type CrashPoint = z.infer<typeof CrashPoint>
const point = CrashPoint.optional()
/** How far the wall clock is set forward, or, below zero, back, in microseconds. */
const byUs = z.int()

const crash = <K extends string>(kind: K) => z.strictObject({ kind: z.literal(kind), on: node, ...moment, forUs: span })
const window = <K extends string>(kind: K) => z.strictObject({ kind: z.literal(kind), on: node, ...moment, forUs: span })
/** Link faults act on messages from `on` to `peer`; `peer` "*" means every other node. */
const link = <K extends string>(kind: K) =>
  z.strictObject({
    kind: z.literal(kind),
    on: node,
    peer: node,
    ...moment,
    forUs: span,
    /** How many of a thousand messages it strikes. */
    permille: z.int().min(1).max(1000),
  })

export const Fault = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('processKill'), on: node, ...moment, forUs: span, point }),
  z.strictObject({ kind: z.literal('powerLoss'), on: node, ...moment, forUs: span, keep: Keep, point }),
  crash('gracefulRestart'),
  crash('diskLoss'),
  /**
   * An administrator starts a process as the master of its broker. Every other process of that name is made its slave, and stopped for that if it
   * runs; what is down comes back as one. Where others `stay` nobody else is told, and whoever was master is master too when it is there.
   */
  z.strictObject({ kind: z.literal('promotion'), on: node, ...moment, forUs: span, others: z.literal('stay').optional() }),
  window('pause'),
  window('diskFull'),
  window('diskSlow'),
  window('diskStall'),
  window('forceFails'),
  window('forceLies'),
  z.strictObject({ kind: z.literal('bitCorruption'), on: node, ...moment }),
  z.strictObject({ kind: z.literal('clockOffset'), on: node, ...moment, byUs }),
  z.strictObject({ kind: z.literal('clockJump'), on: node, ...moment, byUs }),
  z.strictObject({ kind: z.literal('clockDrift'), on: node, ...moment, forUs: span, ppm: z.int().min(-200_000).max(200_000) }),
  link('netLoss'),
  link('netDelay'),
  link('netDuplicate'),
  link('netReorder'),
  /** Those that it is cut off `with` stay on its side, and are cut off from the peer, or from everybody else, as it is: a zone. */
  z.strictObject({
    kind: z.literal('cut'),
    on: node,
    peer: node,
    with: z.array(node).min(1).optional(),
    ...moment,
    forUs: span,
    oneWay: z.boolean(),
  }),
])
export type Fault = z.infer<typeof Fault>
export type FaultKind = Fault['kind']

export const FAULT_KINDS = Fault.options.map((option) => option.shape.kind.value) as readonly FaultKind[]

/** When the fault no longer acts: crashes end with the restart. */
export const faultEnd = (fault: Fault): number => fault.atUs + ('forUs' in fault ? fault.forUs : 0)

/** All that stand on one side of a link fault: the node itself, and its zone. */
export const sideOf = (fault: Fault): readonly string[] => [fault.on, ...(fault.kind === 'cut' ? (fault.with ?? []) : [])]

/** How histories call what a fault strikes: a node, or a link with its direction. */
export function struck(fault: Fault): string {
  if (!('peer' in fault)) return fault.on
  return fault.kind === 'cut' && !fault.oneWay ? `${fault.on}|${fault.peer}` : `${fault.on}>${fault.peer}`
}

/** Of what histories call so, the node, or both ends of the link; "*" is every other node. */
export const endsOf = (on: string): readonly string[] => on.split(/[|>]/)
