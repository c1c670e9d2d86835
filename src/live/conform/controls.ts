/**
 * Runs the controls of a facts sheet on a live broker: what broke when the sheet was written must be seen to break again, what held must
 * hold, and what can't be run is listed by name. Without that, nothing that held on this machine means much.
 */
import type { FaultKind } from '../../plan/faults.ts'
import type { ControlSheet, LiveControl, PendingControl } from '../control.ts'
import { Unavailable } from '../machine/machine.ts'
import { BrokerDown, TargetBroken } from '../target.ts'
import { ControlRun, type Brokers, type LiveControlResult, type LiveControlsOptions } from './control-run.ts'
import type { Session } from './session.ts'

export interface LiveControlsResult {
  readonly controls: readonly LiveControlResult[]
  readonly pending: readonly PendingControl[]
}

const kindsOf = (control: LiveControl): FaultKind[] =>
  Array.from({ length: control.rounds }, (_, k) => control.plan(k + 1).faults.map((fault) => fault.kind)).flat()

/** Faults of brokers and links; those of clients are the runner's own and can always be done. */
function brokerFaults(control: LiveControl): Set<FaultKind> {
  const plan = control.plan(1)
  const clients = new Set([...plan.cluster.producers, ...plan.cluster.groups.flatMap((group) => group.consumers)])
  const struck = plan.faults.filter((fault) => 'peer' in fault || !clients.has(fault.on))
  return new Set(struck.map((fault) => fault.kind))
}

/** So many controls at most share a broker: with a long series of one configuration the others would be done first, and wait for it. */
const SHARING_MAX = 6

/** Controls of one configuration stand together, so that one broker can serve them; the groups that take longest come first. */
export function groupsOf(controls: readonly LiveControl[]): LiveControl[][] {
  const alike = new Map<string, LiveControl[][]>()
  for (const control of controls) {
    const id = JSON.stringify(control.config)
    const groups = alike.get(id) ?? []
    alike.set(id, groups)
    const last = groups.at(-1)
    if (last === undefined || last.length === SHARING_MAX) groups.push([control])
    else last.push(control)
  }
  return [...alike.values()].flat().sort((one, other) => other.length - one.length)
}

/** Runs the controls of one configuration on one broker, which is renewed where a control wants it so, or where it died. */
class Group implements Brokers {
  session: Session | null = null
  private used = false
  private readonly controls: readonly LiveControl[]
  private readonly options: LiveControlsOptions
  private readonly faults: ReadonlySet<FaultKind>

  constructor(controls: readonly LiveControl[], options: LiveControlsOptions) {
    this.controls = controls
    this.options = options
    this.faults = new Set(controls.flatMap(kindsOf))
  }

  async open(): Promise<Session> {
    this.session ??= await this.options.open(this.controls[0]?.config, this.faults)
    return this.session
  }

  /** The session for a round: from now on it is no longer new. */
  async take(): Promise<Session> {
    const session = await this.open()
    this.used = true
    return session
  }

  /** The next round gets a new broker on a new store. */
  async renew(): Promise<void> {
    if (this.used) await this.close()
  }

  async close(): Promise<void> {
    const { session } = this
    this.session = null
    this.used = false
    await session?.close()
  }

  /** Faults that this machine can't do, with the reason; null when all can be done, or when the broker does not even start. */
  private async lacks(control: LiveControl): Promise<string | null> {
    if (control.expect === 'does-not-start' && control.fresh === true) return null
    try {
      const { faults } = (await this.open()).target
      const missing = [...brokerFaults(control)].find((kind) => !faults.kinds.has(kind))
      return missing === undefined ? null : `${missing}: ${faults.unavailable.get(missing) ?? 'the target can not do it'}`
    } catch (error) {
      if (error instanceof Unavailable) return error.message
      if (error instanceof BrokerDown || error instanceof TargetBroken) return null
      throw error
    }
  }

  async *results(): AsyncGenerator<LiveControlResult | PendingControl> {
    try {
      for (const control of this.controls) {
        if (this.options.signal?.aborted === true) return
        const reason = await this.lacks(control)
        if (reason !== null) {
          yield { row: control.row, title: control.title, reason }
          continue
        }
        const result = await new ControlRun(control, this.options, this).whole()
        if (result !== null) yield result
      }
    } finally {
      await this.close()
    }
  }
}

type Take = (result: LiveControlResult | PendingControl) => void

/** Takes one group after the other from those that are left. Where something has gone wrong for good, none are left for the others either. */
async function lane(left: LiveControl[][], options: LiveControlsOptions, take: Take): Promise<void> {
  try {
    for (let group = left.shift(); group !== undefined; group = left.shift())
      for await (const result of new Group(group, options).results()) take(result)
  } finally {
    left.length = 0
  }
}

/** All are over before the first that failed is heard of: nobody's broker is left running. */
async function whole(lanes: readonly Promise<void>[]): Promise<void> {
  const ends = await Promise.allSettled(lanes)
  for (const end of ends) if (end.status === 'rejected') throw end.reason
}

export async function runLiveControls(sheet: ControlSheet, options: LiveControlsOptions): Promise<LiveControlsResult> {
  const results: LiveControlResult[] = []
  const missing: PendingControl[] = []
  const take = (result: LiveControlResult | PendingControl): void => {
    if (!('ok' in result)) return void missing.push(result)
    results.push(result)
    options.onResult?.(result)
  }
  const groups = groupsOf(sheet.controls)
  await whole(Array.from({ length: options.sideBySide ?? 1 }, () => lane(groups, options, take)))
  const order = new Map(sheet.controls.map(({ row }, k) => [row, k]))
  const inOrder = <T extends { readonly row: string }>(rows: readonly T[]): T[] =>
    rows.toSorted((one, other) => (order.get(one.row) ?? 0) - (order.get(other.row) ?? 0))
  return { controls: inOrder(results), pending: [...sheet.pending, ...inOrder(missing)] }
}
