/**
 * The seam of the conformance kit: what a real broker, with its client, must offer so that a plan can be run against it. A built-in
 * driver, a user's module and the stdio bridge implement it alike.
 *
 * A target says what it can do; it never pretends. What it lacks makes a guarantee not exercised, with that reason. It retries nothing,
 * reorders nothing and swallows nothing: each outcome is told as the broker told it, and what nobody can know is `info`.
 */
import type { GuaranteeId } from '../check/checker.ts'
import type { ContractName, Declared } from '../contract/named.ts'
import type { Header, Kind } from '../history/event.ts'
import type { SendBack } from '../history/send-back.ts'
import type { Fault, FaultKind } from '../plan/faults.ts'
import type { Properties } from '../plan/labels.ts'
import type { Consumption, ListenerMode, SendMode, TxnOutcome } from '../plan/plan.ts'
import type { Us } from '../plan/units.ts'

/** What the documentation, or the author, says about a guarantee. */
export interface Claim {
  readonly guarantee: GuaranteeId
  /** Whether it is promised at all. */
  readonly promised: boolean
  /** Faults under which it is not. */
  readonly except: readonly FaultKind[]
  /** Where that is written. */
  readonly source: string
}

export interface Hello {
  /** The broker: "rabbitmq". */
  readonly system: string
  /** What it is judged by: what is known of such a system, or its own claims. */
  readonly contract: ContractName
  readonly version: string
  /** The client library with its version, or "mqproof" for a driver of our own: it is under test too. */
  readonly client: string
  /** The names of its brokers, as faults call them. */
  readonly brokers: readonly string[]
  readonly capabilities: TargetCapabilities
  /** Set beside what was seen; who has no other contract is judged by them. */
  readonly claims: readonly Claim[]
  /** The words by which it says that a message is stored, where they are known. */
  readonly success?: readonly string[]
  /** Where what listeners fail on is sent back: how often it comes again, and after which delays. */
  readonly retries?: Header['retries']
  /** When the broker asks what became of a transaction. */
  readonly checks?: Header['checks']
  /** The broker's configuration, as far as the contract decides by it. */
  readonly config: Readonly<Record<string, unknown>>
}

/** What headers of histories say of a target and its contract. Who is held to his claims has them in the configuration. */
export function judgedBy({ system, contract, config, claims }: Hello): Declared {
  return { system, contract, config: contract === 'claims' ? { ...config, claims } : config }
}

export interface TargetCapabilities {
  readonly modes: readonly SendMode[]
  /** Acknowledgements and deliveries say at which offset of which queue a message lies. */
  readonly offsets: boolean
  /** `read` shows what a queue holds without taking it. Without it the audit is a group of its own, which reads at the end. */
  readonly read: boolean
  /** Consumers tell the broker an offset; otherwise they acknowledge message by message. */
  readonly commits: boolean
  /** Transactional sends, and whether the broker asks back for an outcome. */
  readonly transactions: 'none' | 'plain' | 'checked'
  /** What a listener failed on is sent back to the broker, which says so. */
  readonly sendBack?: boolean
  /** Groups whose listeners take the messages of a queue one at a time. */
  readonly orderly?: boolean
  /** They do so under locks that the broker grants, and say so. */
  readonly locks?: boolean
  /** Groups whose consumers have no queues of their own, and take what is free of any. */
  readonly pop?: boolean
  /** Messages may be delayed by a level; how long each is, the first one first. */
  readonly delayLevels?: readonly Us[]
  /** Messages may be delayed for any time. */
  readonly timers?: boolean
  /** Messages may carry a tag, and groups that push choose by tags. Only with `commits`: who is not given a sentinel must say that he has passed it. */
  readonly tags?: boolean
  /** Messages may carry properties, and groups that push choose by selectors over them. Only with `commits`, likewise. */
  readonly selectors?: boolean
  /** More queues to a topic than one. */
  readonly queuesMax: number
  readonly bytesMax: number
}

/** The kinds of events that a source with these capabilities can record. */
export function recordsOf(capabilities: TargetCapabilities): Kind[] {
  const { commits, transactions, offsets, locks = false, sendBack = false, selectors = false } = capabilities
  return [
    'send',
    'consume',
    'pull',
    'audit',
    'createTopic',
    'churn',
    ...(commits ? (['commit'] as const) : []),
    ...(commits && offsets ? (['assign'] as const) : []),
    ...(sendBack ? (['sendBack'] as const) : []),
    ...(selectors ? (['subscribe'] as const) : []),
    ...(locks ? (['lock', 'unlock'] as const) : []),
    ...(transactions === 'none' ? [] : (['local', 'endTxn'] as const)),
    ...(transactions === 'checked' ? (['check'] as const) : []),
  ]
}

export interface TopicSetup {
  readonly topic: string
  readonly queues: number
}
export interface GroupSetup {
  readonly group: string
  readonly topics: readonly string[]
  /** Concurrently when left out. */
  readonly listener?: ListenerMode | undefined
  /** Push when left out. */
  readonly consumption?: Consumption | undefined
}

/** A message on its way out. `payload` is opaque to the target, and must come back byte for byte. */
export interface Outgoing {
  readonly topic: string
  /** The queue that it must go to; null where the client or the broker chooses. */
  readonly queue: number | null
  readonly payload: Uint8Array
  readonly mode: SendMode
  /** The level by which consumers get it later. Only with `delayLevels`. */
  readonly delayLevel?: number
  /** Consumers get it so much later, at the earliest. Only with `timers`. */
  readonly delayMs?: number
  /** By which groups choose. Only with `tags`. */
  readonly tag?: string
  /** Only with `selectors`. */
  readonly properties?: Properties
}

/** Where a message lies; -1 where the broker does not show it. `at` is a physical offset. */
export interface Shown {
  readonly queue: number
  readonly offset: number
  readonly at: number
  readonly broker: string
}

/** `status` is the broker's own word. */
export type SendResult =
  | { readonly type: 'ok'; readonly status: string; readonly shown: Shown }
  | { readonly type: 'fail'; readonly status: string }
  | { readonly type: 'info'; readonly status: string }

/** A half that was answered; `handle` is the target's own, to end it with. */
export interface HalfResult {
  readonly result: SendResult
  readonly handle: unknown
}

export interface Producer {
  /** Never rejects because of the broker: a timeout, a reset and a refusal are results. */
  send(message: Outgoing): Promise<SendResult>
  /** Present with transactions: sends what stays invisible until it is ended. */
  begin?(message: Outgoing): Promise<HalfResult>
  /** One-way in most brokers. 'unknown' tells the broker just that, where it can be told. */
  end?(half: HalfResult, outcome: TxnOutcome): Promise<void>
  /** In good order. */
  close(): Promise<void>
  /** As if its process had died: nothing is said to the broker. */
  abort(): void
}

export interface ProducerEvents {
  /** The broker asks what became of a transactional message; the answer goes back to it. */
  check(payload: Uint8Array): TxnOutcome
}

export interface Delivery {
  readonly topic: string
  readonly queue: number
  readonly offset: number
  readonly payload: Uint8Array
  /** From 0, as far as the broker counts. */
  readonly attempt: number
  /** Asked at the moment when a listener would begin. False: it must not any more, and the message comes again. */
  begin?(): boolean
  /** The listener has finished it, or failed. Resolves when that was sent; nobody can say whether it arrived. */
  settle(done: boolean): Promise<void>
}

export interface ConsumerEvents {
  delivered(delivery: Delivery): void
  /** It takes up a queue; `offset` is the next one wanted. Only with `commits` and `offsets`. */
  assigned(topic: string, queue: number, offset: number, from: 'stored' | 'none' | 'corrected'): void
  /** Of groups that bring a selector: the broker takes it, or says why not. Who is refused is given nothing. */
  subscribed?(refused: string): void
  /** It tells the broker its progress. Only with `commits`. */
  committed(topic: string, queue: number, offset: number): void
  /**
   * The broker is asked to take back what a listener failed on, and has done so (`ok`): it comes again from another place, or not at all. It has said
   * no (`fail`), or nothing (`info`): then it comes again from where it is.
   */
  sendBack?(delivery: Delivery, what: SendBack['type']): void
  /** Of orderly groups: it is told that the queue is its own, for so long unless it is told so again; that it is not; it gives the queue back. */
  locked?(topic: string, queue: number, validMs: number): void
  lockRefused?(topic: string, queue: number): void
  unlocked?(topic: string, queue: number): void
}

export interface ConsumerSpec {
  readonly name: string
  readonly group: string
  readonly topics: readonly TopicSetup[]
  /** The group's consumers in order, this one among them: a driver without rebalance of its own deals the queues out by it. */
  readonly members: readonly string[]
  /** Concurrently when left out. */
  readonly listener?: ListenerMode | undefined
  /** Push when left out. */
  readonly consumption?: Consumption | undefined
  /** An expression that names the tags it wants; every message when left out. */
  readonly tags?: string | undefined
  /** Or a selector over their properties. */
  readonly selector?: string | undefined
}

export interface Consumer {
  close(): Promise<void>
  abort(): void
}

export interface Stored {
  readonly offset: number
  readonly payload: Uint8Array
}

/** What a queue holds now: `messages` in order, from `min` up to, not including, `max`. */
export interface Reading {
  readonly min: number
  readonly max: number
  readonly messages: readonly Stored[]
}

/** A fault has really changed something; or, with a kind, it also became one of that kind, at
 * its end or before: a broker that did not stop was killed, what a dead disk held unforced is lost. */
export type Effect = (also?: FaultKind) => void

/** Faults of brokers and links. Those of clients are the runner's own: it closes and opens them. */
export interface FaultActions {
  readonly kinds: ReadonlySet<FaultKind>
  /** Why the others can't be done here, by kind: "power loss needs root and loop devices". */
  readonly unavailable: ReadonlyMap<FaultKind, string>
  /** Starts the fault. `effect` is called once it has really changed something: at once for a crash, when bytes are dropped for a cut. */
  begin(fault: Fault, effect: Effect): Promise<void>
  /**
   * Ends it; not called for what has no end. The process is up and answers again, the link is whole. @throws BrokerDown when a broker does
   * not come up.
   */
  end(fault: Fault): Promise<void>
  /** Somebody else strikes, or has ended it: meanwhile silence is nobody's fault. */
  elsewhere?(phase: 'begin' | 'end'): void
}

/** One broker with one configuration and one client, for as many rounds as wanted. */
export interface Target {
  readonly hello: Hello
  readonly faults: FaultActions
  /** Makes what a round needs. The names were never used before. Groups exist from then on, so that they miss nothing. */
  setUp(topics: readonly TopicSetup[], groups: readonly GroupSetup[]): Promise<void>
  createTopic(topic: TopicSetup): Promise<SendResult>
  /** @throws BrokerDown when the broker can't be reached: it is tried again while a fault may be the reason. */
  openProducer(name: string, events: ProducerEvents): Promise<Producer>
  /**
   * A consumer goes on by itself once its broker is back: one that has to be opened anew for that breaks ALO-1.
   * @throws BrokerDown, likewise.
   */
  openConsumer(spec: ConsumerSpec, events: ConsumerEvents): Promise<Consumer>
  /** Consumers may come and go: who is there shares the queues anew. Otherwise each keeps what it was dealt. */
  readonly rebalances?: boolean
  /** It is no more what it was opened as, since a replica has taken its place for good: the next round needs another one. */
  readonly spent?: boolean
  /** The topic where what this group has failed on too often lies, for the audit to read; null where nothing is sent back. */
  deadLetters?(group: string): TopicSetup | null
  /** Present with the capability. */
  read?(topic: string, queue: number): Promise<Reading>
  /** Each broker is up and answers its protocol, or is made so. @throws BrokerDown */
  ready(): Promise<void>
  /** Removes what `setUp` made, and nothing else. */
  tearDown(topics: readonly TopicSetup[], groups: readonly GroupSetup[]): Promise<void>
  /** Where a failure's evidence lies: broker logs, configuration, disk images; copied beside a kept failure. */
  evidence(): readonly string[]
  /** Stops what it started. Never throws. */
  close(): Promise<void>
}

/** A broker that does not start, or not again: a verdict of its own, with what its log says and what to do. */
export class BrokerDown extends Error {
  override name = 'BrokerDown'
}

/** The target itself misbehaves (an adapter that prints garbage, a driver that lost its way): nothing can be said about its broker. */
export class TargetBroken extends Error {
  override name = 'TargetBroken'
}
