/**
 * Faults of brokers that are processes of our own. They are total: what makes no sense when its turn comes does nothing. What is done to one
 * broker is done in the order in which it was asked for; when a broker is down, the first of its faults that ends brings it up, as in the
 * simulation, except that without power nothing starts.
 */
import { FAULT_KINDS } from '../../plan/faults.ts'
import type { Fault, FaultKind } from '../../plan/faults.ts'
import type { Effect, FaultActions } from '../target.ts'
import { DISK_KINDS, LINK_KINDS } from './asked-for.ts'
import { BrokerControl } from './broker-control.ts'
import type { LocalBroker } from './broker-control.ts'
import { once } from './once.ts'
import type { LinkFault, ProxyBoard } from './proxy-board.ts'

export type { LocalBroker } from './broker-control.ts'

export interface LocalFaultsSetup {
  /** By the names that plans use. */
  readonly brokers: ReadonlyMap<string, LocalBroker>
  readonly board: ProxyBoard | null
  /** Why a broker has no disk that can lose power, and why there is no board, where that is so. */
  readonly noDisk: string
  readonly noBoard: string
}

const PROCESS_KINDS = ['processKill', 'gracefulRestart', 'pause'] as const satisfies readonly FaultKind[]

/** The kinds that nothing here can do, on any machine. */
const PACKETS =
  'TCP mends the loss, the doubling and the order of packets before either end can see it; cut and netDelay are what is left of them'
const CLOCKS = 'every process of this machine has the same clock'
const NEVER: Partial<Record<FaultKind, string>> = {
  diskFull: 'a full disk is not offered for real brokers',
  diskSlow: 'a slow disk is not offered for real brokers',
  forceLies: 'it needs a disk that confirms what it did not write',
  bitCorruption: 'it would damage the file system rather than a record',
  clockOffset: CLOCKS,
  clockJump: CLOCKS,
  clockDrift: CLOCKS,
  promotion: 'the roles of brokers are theirs to keep: a configuration is not changed during a run',
  netLoss: PACKETS,
  netDuplicate: PACKETS,
  netReorder: PACKETS,
}

const DELAY_MIN_MS = 100
const DELAY_SPAN_MS = 1_900

/** A stream has one order: whatever follows a byte that is held up waits too, so that `permille` has no meaning here. */
function linkFaultOf(fault: Fault): LinkFault | null {
  if (fault.kind === 'cut') {
    const { on, peer, oneWay } = fault
    return { on, peer, oneWay, begin: (proxy, direction, effect) => proxy.cut(direction, effect) }
  }
  if (fault.kind !== 'netDelay') return null
  const byMs = DELAY_MIN_MS + (fault.salt % DELAY_SPAN_MS)
  return { on: fault.on, peer: fault.peer, oneWay: true, begin: (proxy, direction, effect) => proxy.delay(direction, byMs, effect) }
}

export class LocalFaults implements FaultActions {
  readonly kinds: ReadonlySet<FaultKind>
  readonly unavailable: ReadonlyMap<FaultKind, string>
  private readonly brokers: ReadonlyMap<string, BrokerControl>
  private readonly board: ProxyBoard | null
  private readonly links = new Map<Fault, () => void>()

  constructor({ brokers, board, noDisk, noBoard }: LocalFaultsSetup) {
    this.brokers = new Map([...brokers].map(([name, broker]) => [name, new BrokerControl(broker)]))
    this.board = board
    const all = [...brokers.values()]
    const without = new Map<FaultKind, string>(Object.entries(NEVER) as [FaultKind, string][])
    if (all.length === 0) for (const kind of PROCESS_KINDS) without.set(kind, 'the broker is no process of ours')
    if (!all.some(({ disk }) => disk !== null)) for (const kind of DISK_KINDS) without.set(kind, noDisk)
    if (!all.some(({ wipe }) => wipe !== null))
      without.set('diskLoss', all.length === 0 ? 'the data of the broker is not ours to remove' : noDisk)
    if (board === null) for (const kind of LINK_KINDS) without.set(kind, noBoard)
    this.unavailable = without
    this.kinds = new Set(FAULT_KINDS.filter((kind) => !without.has(kind)))
  }

  async begin(fault: Fault, effect: Effect): Promise<void> {
    const told = once(effect)
    const link = linkFaultOf(fault)
    if (link === null) await this.brokers.get(fault.on)?.begin(fault, told)
    else if (this.board !== null) this.links.set(fault, this.board.begin(link, told))
  }

  async end(fault: Fault): Promise<void> {
    this.endLink(fault)
    await this.brokers.get(fault.on)?.end(fault)
  }

  /** Ends whatever still acts; every broker is up and answers. @throws BrokerDown */
  async ready(): Promise<void> {
    for (const fault of [...this.links.keys()]) this.endLink(fault)
    await Promise.all([...this.brokers.values()].map((broker) => broker.ready()))
  }

  /** For `Target.evidence`: each broker's image as its last power loss left it. */
  evidence(): string[] {
    return [...this.brokers.values()].flatMap((broker) => broker.evidence())
  }

  private endLink(fault: Fault): void {
    this.links.get(fault)?.()
    this.links.delete(fault)
  }
}
