/** The stdio bridge: a Target over an adapter in any language. spec/adapter-protocol.md is the page that adapters are written by. */
import type { GuaranteeId } from '../../check/checker.ts'
import { ANOMALIES } from '../../contract/anomalies.ts'
import type { FaultKind } from '../../plan/faults.ts'
import type { Machine } from '../machine/machine.ts'
import {
  BrokerDown,
  TargetBroken,
  type Claim,
  type Consumer,
  type ConsumerEvents,
  type ConsumerSpec,
  type FaultActions,
  type GroupSetup,
  type Hello,
  type Producer,
  type ProducerEvents,
  type Reading,
  type SendResult,
  type Target,
  type TopicSetup,
} from '../target.ts'
import { Adapter, DEADLINES, type Deadlines } from './adapter.ts'
import { DELAYS, StdioConsumer, StdioProducer, type Home } from './clients.ts'
import { StdioFaults } from './faults.ts'
import { toBytes, type Body, type HelloAnswer, type Push } from './protocol.ts'
import { Registrations, statusOf } from './registrations.ts'
import type { Heard } from './wire.ts'

export interface StdioOptions {
  readonly machine: Machine
  readonly command: readonly string[]
  readonly config?: Body<'hello'>['config']
  readonly url?: string | undefined
  /** The kinds of faults that will be asked for. */
  readonly faults?: ReadonlySet<FaultKind>
  readonly deadlines?: Deadlines
  readonly heard?: (heard: Heard) => void
}

const isGuarantee = (text: string): text is GuaranteeId => [...ANOMALIES.keys()].some((id) => id === text)

/** @throws TargetBroken: a claim that is misspelt, or that another one contradicts, would be one that nobody hears. */
function claimsOf({ claims }: HelloAnswer): Claim[] {
  const twice = claims.find((one, k) => claims.findIndex(({ guarantee }) => guarantee === one.guarantee) !== k)
  if (twice !== undefined)
    throw new TargetBroken(`the adapter's hello makes two claims about ${twice.guarantee}: say in one what is promised`)
  return claims.map(({ guarantee, promised, except, source }) => {
    if (isGuarantee(guarantee)) return { guarantee, promised, except, source }
    throw new TargetBroken(
      `the adapter's hello makes a claim about "${guarantee}": one of ${[...ANOMALIES.keys()].join(', ')} was expected`,
    )
  })
}

/** What the user configured the adapter with is left out: it may hold passwords, and `config` is written into every history. */
function helloOf(answer: HelloAnswer): Hello {
  const { system, contract, version, client, brokers, capabilities, success, embedded, config = {} } = answer
  const { queues, bytes, modes, offsets, read, commits, transactions, delays } = capabilities
  return {
    system,
    contract,
    version,
    client,
    brokers,
    capabilities: {
      modes,
      offsets,
      read,
      commits,
      transactions,
      queuesMax: queues,
      bytesMax: bytes,
      ...(delays ? { delayLevels: DELAYS } : {}),
    },
    claims: claimsOf(answer),
    ...(success.length === 0 ? {} : { success }),
    config: contract === 'claims' ? { ...config, embedded } : config,
  }
}

export class StdioTarget implements Target {
  readonly hello: Hello
  readonly faults: FaultActions
  readonly read?: (topic: string, queue: number) => Promise<Reading>
  private readonly home: Home
  private readonly registrations: Registrations

  private constructor(home: Home, registrations: Registrations, hello: Hello, faults: FaultActions) {
    this.home = home
    this.registrations = registrations
    this.hello = hello
    this.faults = faults
    if (hello.capabilities.read) this.read = (topic, queue) => this.reading(topic, queue)
  }

  /** @throws TargetBroken, BrokerDown, InputError */
  static async open({
    machine,
    command,
    config = {},
    url,
    faults = new Set(),
    deadlines = DEADLINES,
    heard,
  }: StdioOptions): Promise<StdioTarget> {
    const push = (message: Push): void => {
      registrations.push(message)
    }
    const adapter = new Adapter({ machine, command, config, url, deadlines }, { push, ...(heard === undefined ? {} : { heard }) })
    const registrations = new Registrations(adapter)
    try {
      const answer = await adapter.start(false)
      const home: Home = { adapter, hello: answer, queuesOf: (topic) => registrations.queuesOf(topic) }
      const actions = new StdioFaults(adapter, answer, url !== undefined, faults, () => registrations.restart())
      return new StdioTarget(home, registrations, helloOf(answer), actions)
    } catch (error) {
      await adapter.close()
      throw error
    }
  }

  get adapter(): Adapter {
    return this.home.adapter
  }

  async setUp(topics: readonly TopicSetup[], groups: readonly GroupSetup[]): Promise<void> {
    for (const { topic, queues } of topics) this.registrations.topics.set(topic, queues)
    for (const { group, topics: names } of groups) this.registrations.groups.set(group, names)
    await this.registrations.declare(topics, groups)
  }

  async createTopic({ topic, queues }: TopicSetup): Promise<SendResult> {
    this.registrations.know(topic, queues)
    const answer = await this.adapter.request('createTopic', { topic, queues })
    if (answer.type === 'fail' || answer.type === 'info') return { type: answer.type, status: answer.status }
    this.registrations.topics.set(topic, queues)
    return { type: 'ok', status: answer.type, shown: { queue: -1, offset: -1, at: -1, broker: '' } }
  }

  openProducer(name: string, events: ProducerEvents): Promise<Producer> {
    const { producers } = this.registrations
    const producer = new StdioProducer(this.home, name, events, () => {
      if (producers.get(name) === producer) producers.delete(name)
    })
    producers.set(name, producer)
    return Promise.resolve(producer)
  }

  async openConsumer(spec: ConsumerSpec, events: ConsumerEvents): Promise<Consumer> {
    const { consumers, leaving } = this.registrations
    // The adapter knows a consumer by its name alone: the one before it must be gone.
    await leaving.get(spec.name)
    const consumer = new StdioConsumer(this.home, spec, events, (gone) => {
      if (consumers.get(spec.name) === consumer) consumers.delete(spec.name)
      leaving.set(
        spec.name,
        gone.catch(() => undefined),
      )
    })
    this.registrations.names.add(spec.name)
    for (const { topic, queues } of spec.topics) this.registrations.know(topic, queues)
    consumers.set(spec.name, consumer)
    await consumer.subscribe()
    return consumer
  }

  private async reading(topic: string, queue: number): Promise<Reading> {
    const answer = await this.adapter.request('read', { topic, queue })
    if (answer.type !== 'ok') throw new BrokerDown(`the adapter can't read queue ${queue} of ${topic}: ${statusOf(answer)}`)
    const messages = answer.messages.map(({ offset, payload }) => ({ offset, payload: toBytes(payload) }))
    const min = answer.min ?? messages[0]?.offset ?? 0
    return { min, max: answer.max ?? (messages.at(-1)?.offset ?? min - 1) + 1, messages }
  }

  async ready(): Promise<void> {
    this.adapter.check()
    if (!this.adapter.up) return this.registrations.restart()
    if (!this.home.hello.capabilities.ready) return
    const answer = await this.adapter.request('ready', {})
    if (answer.type !== 'ok') throw new BrokerDown(`the adapter says that the broker is not ready: ${statusOf(answer)}`)
  }

  async tearDown(topics: readonly TopicSetup[], groups: readonly GroupSetup[]): Promise<void> {
    for (const { topic } of topics) this.registrations.topics.delete(topic)
    for (const { group } of groups) this.registrations.groups.delete(group)
    await this.adapter.request('tearDown', { topics: topics.map(({ topic }) => topic), groups: groups.map(({ group }) => group) })
  }

  evidence(): readonly string[] {
    const { dataDir, logFile } = this.adapter
    return logFile === null ? [dataDir] : [dataDir, logFile]
  }

  async close(): Promise<void> {
    await this.adapter.close()
  }
}
