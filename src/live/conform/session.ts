/** A live target that is open: what rounds are run on, with the machine under it, the user's hooks around it, and its contract beside it. */
import { randomBytes } from 'node:crypto'
import type { Contract } from '../../contract/contract.ts'
import type { Executor, Subject } from '../../harness/executor.ts'
import type { FaultKind } from '../../plan/faults.ts'
import type { TargetFactory } from '../factory.ts'
import { hookedFaults, type Hooks } from '../hooks.ts'
import type { Machine } from '../machine/machine.ts'
import { LiveExecutor } from '../runner/executor.ts'
import type { TellWaiting } from '../runner/waiting.ts'
import type { Secrets } from '../secrets.ts'
import { BrokerDown, type FaultActions, type Hello, type Target, type TopicSetup } from '../target.ts'

export interface Session {
  readonly target: Target
  readonly subject: Subject
  /** What must not be written down. */
  readonly secrets: Secrets
  /** A broker did not come up again: nothing more can be run here. */
  readonly down: BrokerDown | null
  /** Never throws. */
  close(): Promise<void>
}

/** @throws BrokerDown when it does not start at all, TargetBroken, InputError, Unavailable */
export type OpenSession = () => Promise<Session>

export interface SessionSettings {
  readonly factory: TargetFactory
  /** As `factory.config` has parsed it. */
  readonly config: unknown
  /** The kinds of faults that will be asked for. */
  readonly faults: ReadonlySet<FaultKind>
  readonly hooks: Hooks
  readonly url?: string | undefined
  /** What the user has said that must not be written down. */
  readonly secrets: Secrets
  /** A place of its own for processes, disks and ports. */
  readonly openMachine: () => Promise<Machine>
  readonly contractOf: (hello: Hello) => Contract<unknown>
  /** The mqproof that runs. */
  readonly version: string
  /** What each of the two drains of a round may take. */
  readonly drainLimitMs?: number | undefined
  readonly signal?: AbortSignal | undefined
  readonly onWait?: TellWaiting | undefined
}

/** A target whose faults and readiness are others': interfaces may be implemented by classes, so nothing is spread. */
const around = (target: Target, hello: Hello, faults: FaultActions, ready: () => Promise<void>): Target => ({
  hello,
  faults,
  ready,
  get spent() {
    return target.spent === true
  },
  setUp: (topics, groups) => target.setUp(topics, groups),
  createTopic: (topic) => target.createTopic(topic),
  openProducer: (name, events) => target.openProducer(name, events),
  openConsumer: (spec, events) => target.openConsumer(spec, events),
  ...(target.rebalances === undefined ? {} : { rebalances: target.rebalances }),
  ...(target.deadLetters === undefined ? {} : { deadLetters: (group: string) => lettersOf(target, group) }),
  ...(target.read === undefined ? {} : { read: (topic: string, queue: number) => reading(target, topic, queue) }),
  tearDown: (topics, groups) => target.tearDown(topics, groups),
  evidence: () => target.evidence(),
  close: () => target.close(),
})

function reading(target: Target, topic: string, queue: number): ReturnType<NonNullable<Target['read']>> {
  if (target.read === undefined) throw new Error('a target has lost its read')
  return target.read(topic, queue)
}

function lettersOf(target: Target, group: string): TopicSetup | null {
  if (target.deadLetters === undefined) throw new Error('a target has lost its dead letters')
  return target.deadLetters(group)
}

/** What adapters and brokers say of themselves may repeat what they were called with. */
const discreet = ({ capabilities, run }: Executor, secrets: Secrets): Executor => ({
  capabilities,
  async run(plan, sink) {
    const outcome = await run(plan, (event) => sink(secrets.hideIn(event)))
    return { ...outcome, header: secrets.hideIn(outcome.header), drain: secrets.hideIn(outcome.drain) }
  },
})

class LiveSession implements Session {
  readonly target: Target
  readonly subject: Subject
  readonly secrets: Secrets
  down: BrokerDown | null = null
  private readonly machine: Machine

  constructor(opened: Target, machine: Machine, settings: SessionSettings) {
    const { secrets } = settings
    this.machine = machine
    this.secrets = secrets
    const ready = (): Promise<void> => this.noting(opened.ready())
    const faults = hookedFaults(opened.faults, settings.hooks, machine.dir, () => opened.ready())
    const noted: FaultActions = {
      kinds: faults.kinds,
      unavailable: new Map([...faults.unavailable].map(([kind, why]) => [kind, secrets.hide(why)])),
      begin: (fault, effect) => this.noting(faults.begin(fault, effect)),
      end: (fault) => this.noting(faults.end(fault)),
    }
    const hello = secrets.hideIn(opened.hello)
    this.target = around(opened, hello, noted, ready)
    const { version, signal, contractOf, drainLimitMs, onWait } = settings
    const token = randomBytes(4).toString('hex')
    const limits = { version, token, signal, onWait, ...(drainLimitMs === undefined ? {} : { drainLimitMs }) }
    const live = new LiveExecutor(this.target, limits)
    const executor = secrets.any ? discreet({ capabilities: live.capabilities, run: (plan, sink) => live.run(plan, sink) }, secrets) : live
    this.subject = { system: hello.system, executor, contract: contractOf(hello) }
  }

  /** Passes on how it ends, and remembers a broker that is down. */
  private async noting(work: Promise<void>): Promise<void> {
    try {
      await work
    } catch (error) {
      this.secrets.hideInError(error)
      if (error instanceof BrokerDown) this.down ??= error
      throw error
    }
  }

  async close(): Promise<void> {
    try {
      await this.target.close()
    } catch {
      // What it could not close itself, the machine undoes.
    } finally {
      await this.machine.close()
    }
  }
}

export async function openSession(settings: SessionSettings): Promise<Session> {
  const { factory, config, faults, hooks, url } = settings
  const machine = await settings.openMachine()
  // A broker may take a minute to start: without its processes the wait is over.
  const stop = (): void => void machine.close()
  settings.signal?.addEventListener('abort', stop, { once: true })
  try {
    const own = new Set([...faults].filter((kind) => !hooks.begins.has(kind)))
    return new LiveSession(await factory.open(config, { machine, faults: own, url }), machine, settings)
  } catch (error) {
    await machine.close()
    throw settings.secrets.hideInError(error)
  } finally {
    settings.signal?.removeEventListener('abort', stop)
  }
}
