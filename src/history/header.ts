/** The first line of a history: what was run, from which the contract follows. */
import type { Consumption, Forward, Group, ListenerMode, Receiver, Slave, Strategy } from '../plan/plan.ts'
import type { Account } from '../plan/access.ts'
import type { GroupTopic } from '../plan/group-topics.ts'
import type { Us } from '../plan/units.ts'
import type { Event, Kind } from './event.ts'
import type { Retention } from './retention.ts'
import type { Sending } from './sending.ts'

export const HISTORY_FORMAT = 'mqproof-history/1'

interface Subscribed extends Readonly<
  Pick<Group, 'startAt' | 'assign' | 'batch' | 'commitEvery' | 'maxReconsumeTimes' | 'tags' | 'selector'>
> {
  readonly name: string
  readonly topics: readonly string[]
  readonly consumers: readonly string[]
  readonly mode?: 'clustering' | 'broadcasting' | undefined
  /** What its listeners do, where their effects are recorded. */
  readonly receiver?: Receiver | undefined
  /** Where its listeners send what they are given, and when they are done with it. */
  readonly forward?: Forward | undefined
  /** Orderly: each queue is worked on in its own order. */
  readonly listener?: ListenerMode | undefined
  /** Push when left out. */
  readonly consumption?: Consumption | undefined
  /** How its members deal its queues out, where that is said. */
  readonly allocate?: Strategy | undefined
}

export interface Access {
  readonly enabled: boolean
  readonly accounts: readonly Account[]
  /** Every group that wants to read, and what. */
  readonly groups: readonly { readonly name: string; readonly topics: readonly string[] }[]
}

export interface Header {
  readonly format: typeof HISTORY_FORMAT
  readonly version: string
  readonly system: string
  /** The name of the contract that it is judged by (`contract/named.ts`). */
  readonly contract?: string | undefined
  /** The parsed configuration of the system. */
  readonly config: unknown
  readonly client: string
  /** group → the topics it subscribes; all from before the first send. */
  readonly groups: readonly Subscribed[]
  readonly brokers: readonly string[]
  /** Processes that copy what a broker stores, where there are any. */
  readonly slaves?: readonly Slave[] | undefined
  /** Processes that decide which of a broker's processes is its master, where there are any. */
  readonly controllers?: readonly string[] | undefined
  /** Where clients ask for brokers, in systems that have such processes. */
  readonly nameservers?: readonly string[] | undefined
  /** The kinds this source can record; a kind that never occurred is listed all the same. */
  readonly records: readonly Kind[]
  /** Topics that an operator gives other numbers of queues while the run lasts. */
  readonly resized?: readonly string[] | undefined
  readonly sending?: Sending | undefined
  /** Where messages were sent with a delay: how long each of the broker's levels is, the first one first. */
  readonly delayLevels?: readonly Us[] | undefined
  readonly retention?: Retention | undefined
  /** Where there are accounts: whether brokers go by them, and what each may do. Groups that may not read are not among the others then. */
  readonly access?: Access | undefined
  /** Somebody looks for messages by their keys and ids. */
  readonly queries?: true | undefined
  /** An administrator makes processes masters, and others their slaves. */
  readonly promotions?: true | undefined
  /** Where groups send back what they fail on: how often it comes again, and how long it waits each time, the first one first. */
  readonly retries?: { readonly max: number; readonly delaysUs: readonly Us[] } | undefined
  /** The topics that are a group's own; where nothing is said they have RocketMQ's names. */
  readonly groupTopics?: readonly GroupTopic[] | undefined
  /** Where transactions were sent: how old a half is when its broker asks about it, how often it does so at most, and how many times. */
  readonly checks?: { readonly immunityUs: Us; readonly intervalUs: Us; readonly max: number } | undefined
  /** The words by which the broker says that a message is stored, where they are known: a yes in another word contradicts itself. */
  readonly success?: readonly string[] | undefined
}

export interface History {
  readonly header: Header
  readonly events: readonly Event[]
}
