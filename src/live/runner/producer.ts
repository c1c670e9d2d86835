/**
 * A producer process of a live round: it runs its threads of the script, one operation after the other. The process may die: what was
 * open then stays open for ever, and a new process takes up the script at its own time.
 */
import { shownQueue } from './names.ts'
import { isOfClient, type ClientStep, type Thread, type TransactionStep } from '../../plan/script.ts'
import { NO_LABELS, type Labels } from '../../plan/labels.ts'
import { queueOfKey } from './by-key.ts'
import { delayFrom, levelAsked, timeAsked } from '../../plan/delay-levels.ts'
import type { Delay, TxnOutcome } from '../../plan/plan.ts'
import { ms, type Us } from '../../plan/units.ts'
import { readPayload, writePayload } from '../payload.ts'
import type { HalfResult, Outgoing, Producer, ProducerEvents, SendResult } from '../target.ts'
import type { RoundContext } from './context.ts'
import { Operation, type Cursor, type Owner } from './operation.ts'
import { Gate, type ClientProcess } from './process.ts'

/** What a producer is, whichever of its processes runs. */
export interface ProducerRole {
  readonly name: string
  readonly threads: readonly Thread[]
  readonly transactions: ReadonlyMap<number, TransactionStep>
  readonly database: Database
}

/** What all producers share, which are instances of one application: of each local transaction that ran, what a check is told. It survives their processes. */
export type Database = Map<number, TxnOutcome>

export function producerRole(name: string, threads: readonly Thread[], database: Database): ProducerRole {
  const own = threads.filter((thread) => thread.client === name)
  const steps = own.flatMap((thread) => thread.steps.filter((step) => step.do === 'transaction'))
  return { name, threads: own, transactions: new Map(steps.map((step) => [step.op, step])), database }
}

/** Who gets no yes does not try the next one at once: a load would be used up on a broker that is down. */
const REFUSED_US = ms(10)

const waitsForEnd = (step: ClientStep): boolean => step.do !== 'send' || step.mode === 'sync'

/** What is said of a message that says something of itself. */
const toldOf = ({ tag, properties }: Labels): Pick<Outgoing, 'tag' | 'properties'> => ({
  ...(tag === '' ? {} : { tag }),
  ...(Object.keys(properties).length === 0 ? {} : { properties }),
})

/** By a level, or, where the plan says how long or until when, for so long from now. */
const waitFor = (delay: Delay, now: Us): Pick<Outgoing, 'delayLevel' | 'delayMs'> =>
  timeAsked(delay) === null ? { delayLevel: levelAsked(delay) } : { delayMs: Math.ceil(delayFrom([], delay, now) / ms(1)) }

export class ProducerProcess implements ClientProcess, ProducerEvents, Owner {
  alive = true
  private open = 0
  private producer: Producer | null = null
  private readonly context: RoundContext
  private readonly role: ProducerRole
  private readonly cursors: readonly Cursor[]
  private readonly gate = new Gate()
  /** Transactions whose half is not answered yet. */
  private readonly beginning = new Set<number>()

  /** A new process takes up each thread at the first step whose time has not passed: nobody sent the others. */
  private constructor(context: RoundContext, role: ProducerRole) {
    this.context = context
    this.role = role
    const now = context.pacer.now()
    this.cursors = role.threads.map(({ name, steps }) => {
      const next = steps.findIndex((step) => step.atUs >= now)
      return { steps: steps.filter(isOfClient), isLoad: name !== role.name, next: next < 0 ? steps.length : next, life: 0 }
    })
  }

  static async open(context: RoundContext, role: ProducerRole): Promise<ProducerProcess> {
    const process = new ProducerProcess(context, role)
    process.producer = await context.target.openProducer(role.name, process)
    return process
  }

  start(): void {
    for (const cursor of this.cursors) this.go(cursor)
  }

  private go(cursor: Cursor): void {
    this.drive(cursor).catch(this.context.trouble.raise)
  }

  private async drive(cursor: Cursor): Promise<void> {
    const { pacer } = this.context
    const life = ++cursor.life
    for (let step = cursor.steps[cursor.next]; step !== undefined; step = cursor.steps[cursor.next]) {
      if (step.atUs > pacer.now()) await pacer.until(step.atUs)
      if (pacer.crowded) await pacer.giveWay()
      if (this.gate.shut) await this.gate.through()
      if (!this.alive || cursor.life !== life) return
      cursor.next++
      const waits = waitsForEnd(step)
      const operation = this.begin(step, waits ? cursor : null)
      const carried = this.carry(operation)
      if (!waits) continue
      await carried
      if (cursor.life !== life) return
      if (!operation.acknowledged) await pacer.until(pacer.now() + REFUSED_US)
    }
  }

  /** No operation of a load starts from here on. */
  endLoads(): void {
    for (const cursor of this.cursors) {
      if (!cursor.isLoad) continue
      cursor.life++
      cursor.next = cursor.steps.length
    }
  }

  /** An operation begins outside of every thread. */
  perform(step: ClientStep): Operation {
    const operation = this.begin(step, null)
    void this.carry(operation)
    return operation
  }

  private begin(step: ClientStep, cursor: Cursor | null): Operation {
    const { deadlines } = this.context
    const record = this.context.record(this.role.name)
    if (step.do === 'createTopic') record.createTopic(step.op, 'invoke', step.topic, step.queues)
    else {
      const { topic, to, digest, text, labels } = step
      record.sendInvoke(step.op, {
        topic,
        queue: to?.name ?? null,
        mode: step.do === 'send' ? step.mode : 'sync',
        half: step.do === 'transaction',
        digest,
        text,
        ...(step.do === 'send' && step.byKey ? { key: step.key, select: 'key' } : {}),
        ...(step.do === 'send' && step.delay !== null ? { delay: step.delay } : {}),
        ...toldOf(labels),
      })
    }
    const operation = new Operation(this, step, performance.now() + deadlines.limitMs, cursor)
    this.open++
    deadlines.add(operation)
    return operation
  }

  private async carry(operation: Operation): Promise<void> {
    const { producer } = this
    const { step } = operation
    if (producer === null) return
    try {
      if (step.do === 'send') this.answered(operation, await producer.send(this.outgoing(step, step.mode)))
      else if (step.do === 'transaction') await this.transact(operation, step, producer)
      else if (step.do === 'createTopic') await this.createTopic(operation, step.topic, step.queues)
    } catch (error) {
      if (!operation.over) this.context.trouble.raise(error)
    }
  }

  private outgoing(step: Exclude<ClientStep, { do: 'createTopic' }>, mode: Outgoing['mode']): Outgoing {
    const { names, round, clock } = this.context
    const queue = step.do === 'send' && step.byKey ? queueOfKey(this.context.plan, step) : (step.to?.queue ?? null)
    const bare = { topic: names.topic(step.topic), queue, payload: writePayload(round, step), mode }
    // Most messages have none, and are many.
    const message = step.labels === NO_LABELS ? bare : { ...bare, ...toldOf(step.labels) }
    return step.do === 'send' && step.delay !== null ? { ...message, ...waitFor(step.delay, clock.now()) } : message
  }

  private end(operation: Operation): void {
    operation.ended = true
    this.open--
  }

  private answered(operation: Operation, result: SendResult): void {
    if (operation.over) return
    this.end(operation)
    const { step } = operation
    const { op, topic } = step
    const record = this.context.record(this.role.name)
    if (result.type === 'fail') return record.sendFail(op, result.status)
    if (result.type === 'info') return record.sendInfo(op, result.status)
    // Whatever a driver says about it, nobody has answered.
    if (step.do === 'send' && step.mode === 'oneway') return record.sendInfo(op, 'ONEWAY')
    const { queue, offset, broker, at } = result.shown
    record.sendOk(op, topic, shownQueue(queue), offset, broker, at, { status: result.status })
    operation.acknowledged = true
    if (step.do !== 'send') return
    if (step.delay !== null) this.context.outstanding.comesLate(step, this.delayMs(step.delay))
    this.context.outstanding.acknowledged(step)
  }

  private delayMs(delay: Delay): number {
    const { target, clock } = this.context
    return delayFrom(target.hello.capabilities.delayLevels ?? [], delay, clock.now()) / ms(1)
  }

  /** By then a broker that was not told of an outcome has asked for it. */
  private get checkMs(): number {
    const { checks } = this.context.target.hello
    return checks === undefined ? 0 : (checks.immunityUs + checks.intervalUs) / ms(1)
  }

  private async createTopic(operation: Operation, topic: string, queues: number): Promise<void> {
    const { target, names, created, mayExist } = this.context
    const setup = { topic: names.topic(topic), queues }
    mayExist.add(setup)
    const result = await target.createTopic(setup)
    if (result.type === 'ok') created.push(setup)
    if (result.type === 'fail') mayExist.delete(setup)
    if (operation.over) return
    this.end(operation)
    this.context.record(this.role.name).createTopic(operation.step.op, result.type === 'ok' ? 'ok' : 'info', topic, queues)
  }

  private async transact(operation: Operation, step: TransactionStep, producer: Producer): Promise<void> {
    if (producer.begin === undefined) throw new Error('its producers have no begin(), though it declares transactions')
    this.beginning.add(step.op)
    const half = await producer.begin(this.outgoing(step, 'sync'))
    this.beginning.delete(step.op)
    if (operation.over) return
    this.answered(operation, half.result)
    if (half.result.type === 'ok') this.runLocal(step, half, producer)
    // It may lie there all the same; where the broker says where, it is told that nothing came of it (RMQ-127).
    else if (half.handle !== null && half.handle !== undefined) this.endTransaction(step.op, half, 'rollback', producer)
  }

  /** A local transaction whose outcome the producer can't tell at once has one all the same: a later check is told it. */
  private runLocal(step: TransactionStep, half: HalfResult, producer: Producer): void {
    const outcome = step.outcome === 'unknown' ? step.answer : step.outcome
    this.role.database.set(step.op, step.answer)
    this.context.record(this.role.name).local(step.op, outcome)
    if (outcome === 'commit') this.context.outstanding.comesLate(step, this.checkMs)
    this.endTransaction(step.op, half, step.outcome, producer)
  }

  /** One-way: nobody waits for it. */
  private endTransaction(op: number, half: HalfResult, outcome: TxnOutcome, producer: Producer): void {
    this.context.record(this.role.name).endTxn(op, outcome, false)
    producer.end?.(half, outcome).catch((error: unknown) => {
      if (this.alive) this.context.trouble.raise(error)
    })
  }

  /** RMQ-132: a local transaction that never ran was rolled back; whether one of another producer still may run, or one that has not begun, is not known here. */
  check(payload: Uint8Array): TxnOutcome {
    const reading = readPayload(this.context.round, payload)
    if (!this.alive || reading.kind !== 'ok') return 'unknown'
    const mayRun = !this.role.transactions.has(reading.op) || this.beginning.has(reading.op)
    const answer = this.role.database.get(reading.op) ?? (mayRun ? 'unknown' : 'rollback')
    const record = this.context.record(this.role.name)
    record.check(reading.op, answer)
    record.endTxn(reading.op, answer, true)
    return answer
  }

  expired(operation: Operation): void {
    this.end(operation)
    const { step, cursor } = operation
    const record = this.context.record(this.role.name)
    if (step.do === 'createTopic') record.createTopic(step.op, 'info', step.topic, step.queues)
    else record.sendInfo(step.op, 'TIMEOUT')
    this.beginning.delete(step.op)
    if (cursor !== null) this.go(cursor)
  }

  async close(): Promise<void> {
    this.alive = false
    await this.producer?.close()
  }

  abort(): void {
    this.alive = false
    this.producer?.abort()
  }

  pause(): void {
    this.gate.close()
  }

  resume(): void {
    this.gate.pass()
  }

  get unsettled(): string | null {
    if (this.open > 0) return `${this.role.name} has an open operation`
    return this.cursors.some(({ next, steps }) => next < steps.length) ? `${this.role.name} has operations to begin` : null
  }
}
