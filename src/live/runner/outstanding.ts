/** What the broker still owes to each group: messages that it acknowledged, and those that must come back or come to light. */
import type { Plan } from '../../plan/plan.ts'
import { isOfClient, type Script, type SendStep, type TransactionStep } from '../../plan/script.ts'
import { wantsOf, type Wants } from '../../plan/subscription.ts'

/** Of sixteen messages, one takes a listener some time, so that deliveries end in another order than they began. */
const SLOW_OF = 16
const SLOW_MS = 12

/** How long a listener takes over a message, the same in each run of a plan. */
export function listenerMs(digest: number, attempt: number): number {
  const luck = (digest + attempt) >>> 0
  return luck % SLOW_OF === 0 ? 1 + ((luck >>> 8) % SLOW_MS) : 0
}

const FAILING_MIN_MS = 20
const FAILING_SPAN_MS = 380

/** How long one takes that fails in the end: long enough that a fault may find the message in its hands. */
export const failingMs = (digest: number): number => FAILING_MIN_MS + ((digest >>> 4) % FAILING_SPAN_MS)

/** How much later than it should a message may come to light that nobody is given. */
const UNSEEN_MS = 3000

/** The work of one group, whichever of its processes did it. */
export class GroupWork {
  /** message → how often its listener is to fail; the others succeed at once. */
  private readonly fails: ReadonlyMap<number, number>
  private readonly failed = new Map<number, number>()
  /** Acknowledged, not finished; and finished before anybody was told of the acknowledgement. */
  private readonly owed = new Set<number>()
  private readonly early = new Set<number>()
  /** Committed after its half was stored, or delayed, and not seen yet: these lie where nobody can look. */
  private readonly late = new Set<number>()
  /** Failed by a listener: these must come again. */
  private readonly failing = new Set<number>()
  /** No queue of the round's topics holds them any more: they don't come again. */
  private readonly gone = new Set<number>()
  /** Of those that must fail first, which were finished in the end: an earlier delivery may still fail after that, and needs nothing more. */
  private readonly recovered = new Set<number>()

  /** What was sent back comes again so often. */
  private readonly retriesMax: number

  constructor(fails: ReadonlyMap<number, number>, retriesMax: number) {
    this.fails = fails
    this.retriesMax = retriesMax
  }

  /** Whether the listener succeeds with this message now. */
  succeeds(message: number): boolean {
    return this.fails.size === 0 || (this.failed.get(message) ?? 0) >= (this.fails.get(message) ?? 0)
  }

  acknowledged(message: number): void {
    if (!this.early.delete(message)) this.owed.add(message)
  }

  comesLate(message: number): void {
    if (!this.early.has(message)) this.late.add(message)
  }

  finished(message: number): void {
    if (!this.owed.delete(message)) this.early.add(message)
    this.late.delete(message)
    this.failing.delete(message)
    if (this.fails.has(message)) this.recovered.add(message)
  }

  failedOnce(message: number): void {
    this.failed.set(message, (this.failed.get(message) ?? 0) + 1)
    this.late.delete(message)
    if (!this.recovered.has(message) && !this.gone.has(message)) this.failing.add(message)
  }

  /** The broker has taken back what had come for the `attempt`-th time again: after the last it is a dead letter, which nobody waits for. */
  takenBack(message: number, attempt: number): void {
    if (attempt >= this.retriesMax) this.forget(message)
  }

  /** What lay in a queue, and lies in none any more, is owed by nobody: it is lost, and for checkers to find. */
  forgetGone(isStored: (message: number) => boolean): void {
    for (const message of [...this.owed, ...this.failing]) {
      if (!this.late.has(message) && !isStored(message)) this.forget(message)
    }
  }

  private forget(message: number): void {
    this.gone.add(message)
    this.owed.delete(message)
    this.failing.delete(message)
  }

  get owes(): number {
    return this.owed.size
  }

  get owesSlowly(): number {
    return this.late.size + this.failing.size
  }
}

interface Reader {
  readonly work: GroupWork
  /** Null: everything. */
  readonly wants: Wants | null
}

export class Outstanding {
  private readonly groups = new Map<string, GroupWork>()
  private readonly readers = new Map<string, Reader[]>()
  /** Until then something may come to light that no group is given. */
  private unseenUntilMs = 0

  private readonly retriesMax: number

  /** `retriesMax`: how often what was sent back comes again, where anything is. */
  constructor(plan: Plan, script: Script, retriesMax = Infinity) {
    this.retriesMax = retriesMax
    const fails = new Map<number, number>()
    for (const { steps } of script.threads) {
      for (const step of steps) if (isOfClient(step) && step.do !== 'createTopic' && step.fails > 0) fails.set(step.op, step.fails)
    }
    for (const group of plan.cluster.groups) this.groups.set(group.name, this.reader(group.topics, fails, wantsOf(group)))
  }

  private reader(topics: readonly string[], fails: ReadonlyMap<number, number>, wants: Wants | null): GroupWork {
    const work = new GroupWork(fails, this.retriesMax)
    for (const topic of topics) this.readers.set(topic, [...(this.readers.get(topic) ?? []), { work, wants }])
    return work
  }

  /** Who is to be given the message. */
  private *readersOf({ topic, labels }: SendStep | TransactionStep): Generator<GroupWork> {
    for (const { work, wants } of this.readers.get(topic) ?? []) if (wants === null || wants(labels)) yield work
  }

  /** A reader of everything, whose listeners never fail, and for whom nobody waits before the end. */
  addAuditor(topics: readonly string[]): GroupWork {
    return this.reader(topics, new Map(), null)
  }

  of(group: string): GroupWork {
    const work = this.groups.get(group)
    if (work === undefined) throw new Error(`the plan has no group ${group}`)
    return work
  }

  acknowledged(step: SendStep): void {
    for (const work of this.readersOf(step)) work.acknowledged(step.op)
  }

  /** It comes to light in so long, at the earliest. Where no group is to be given it nobody sees it come, and it is given its time. */
  comesLate(step: SendStep | TransactionStep, inMs: number): void {
    const readers = [...this.readersOf(step)]
    for (const work of readers) work.comesLate(step.op)
    if (readers.length === 0) this.unseenUntilMs = Math.max(this.unseenUntilMs, performance.now() + inMs + UNSEEN_MS)
  }

  forgetGone(isStored: (message: number) => boolean): void {
    for (const work of this.groups.values()) work.forgetGone(isStored)
  }

  /** Which group has not finished all that was acknowledged, or null. */
  get owedTo(): string | null {
    for (const [name, { owes }] of this.groups) if (owes > 0) return `${name} has not finished ${owes} of the acknowledged messages`
    return null
  }

  /** What must still come back or come to light, or null. */
  get waitsFor(): string | null {
    for (const [name, work] of this.groups) {
      if (work.owesSlowly > 0) return `${name} has not finished ${work.owesSlowly} messages that failed, were committed or delayed`
    }
    return performance.now() < this.unseenUntilMs ? 'messages that no group reads are delayed, or were committed' : null
  }
}
