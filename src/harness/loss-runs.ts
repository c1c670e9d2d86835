/** The runs of one cell of the loss matrix: how they are drawn, and what of what was acknowledged is gone in the end. */
import { losing } from '../generate/loss-shapes.ts'
import type { Event, FaultEvent, Header } from '../history/event.ts'
import { drawer, type Drawing } from './drawing.ts'
import type { Subject } from './executor.ts'
import { LOSS_CELLS, type LossCell, type LossFault } from './loss-cells.ts'
import type { Copies, Mode } from './loss-copies.ts'
import { lossPromise, type LossPromise } from './loss-promise.ts'
import type { RunResult } from './run-plan.ts'

export interface Campaign {
  readonly seed: string
  readonly version: string
}

/** Each cell has plans of its own. */
export function drawingOfCell({ id, mode, copies, fault }: LossCell, { seed, version }: Campaign): Drawing {
  const preset = losing({ ...mode.config, ...copies.config }, copies.slaves, fault.strikes)
  return { preset, seed: `${seed}/${id}`, version }
}

/** What any run of a configuration says of itself. */
export async function headerOf(subject: Subject, mode: Mode, copies: Copies, version: string): Promise<Header> {
  const preset = losing({ ...mode.config, ...copies.config }, copies.slaves, [])
  const plan = drawer(subject, { preset, seed: '1', version })(1)
  const outcome = await subject.executor.run({ ...plan, workload: [], faults: [] }, () => undefined)
  return outcome.header
}

/** What the contract says of every cell. */
export async function lossPromises(subject: Subject, version: string): Promise<ReadonlyMap<string, LossPromise>> {
  const headers = new Map<string, Header>()
  const promises = new Map<string, LossPromise>()
  for (const { id, mode, copies, fault } of LOSS_CELLS) {
    const configuration = `${mode.id}/${copies.id}`
    const header = headers.get(configuration) ?? (await headerOf(subject, mode, copies, version))
    headers.set(configuration, header)
    promises.set(id, lossPromise(subject.contract, header, fault, copies.keeper))
  }
  return promises
}

/** What became of the messages of one run. */
export interface Losses {
  /** Everything struck that was to strike, after a message had been acknowledged; and it could be seen what was left. */
  readonly effective: boolean
  /** Something is gone at the broker that acknowledged it. */
  readonly atMaster: boolean
  /** No slave has it either. */
  readonly everywhere: boolean
}

const isStrike = (event: Event): event is FaultEvent => event.type === 'fault' && event.effective
const isAcknowledgement = (event: Event): boolean => event.type === 'ok' && event.f === 'send'

function struckAsMeant(events: readonly Event[], { strikes }: LossFault): boolean {
  const first = events.findIndex(isAcknowledgement)
  if (first < 0) return false
  const struck = (some: readonly Event[], kind: string): boolean => some.some((event) => isStrike(event) && event.kind === kind)
  const [last] = strikes.slice(-1)
  return strikes.every(({ kind }) => struck(events, kind)) && last !== undefined && struck(events.slice(first), last.kind)
}

export function lossesOf({ events, findings }: RunResult, { copies, fault }: LossCell): Losses {
  const lost = (guarantee: 'DUR-1' | 'DUR-5', name: string): unknown[] =>
    (findings.get(guarantee)?.anomalies ?? []).flatMap((one) => (one.name === name ? [one.facts['message']] : []))
  const atMaster = lost('DUR-1', 'lost')
  const atSlaves = new Set(copies.slaves === 0 || copies.keeper !== 'broker' ? atMaster : lost('DUR-5', 'lost with the master'))
  return {
    effective: findings.get('DUR-1')?.unknown === undefined && struckAsMeant(events, fault),
    atMaster: atMaster.length > 0,
    everywhere: atMaster.some((message) => atSlaves.has(message)),
  }
}
