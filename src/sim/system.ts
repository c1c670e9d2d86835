/**
 * The seam that keeps the world general: what a System is, and what its nodes may do. The world knows nothing of brokers; a System
 * knows nothing of agendas, seeds or faults.
 */
import type { z } from 'zod'
import type { Header, Kind } from '../history/event.ts'
import type { Access } from '../history/header.ts'
import type { Retention } from '../history/retention.ts'
import type { Sending } from '../history/sending.ts'
import type { Recorder } from '../history/recorder.ts'
import type { Cluster, Plan } from '../plan/plan.ts'
import type { GroupTopic } from '../plan/group-topics.ts'
import type { Script } from '../plan/script.ts'
import type { Us } from '../plan/units.ts'
import type { Entry } from './agenda.ts'
import type { Label } from './choices.ts'
import type { Disk, DiskPreset, Extent } from './disk.ts'

/** An index into the cluster's nodes; names only where people read. */
export type NodeId = number

/** A message between nodes: a value. `salt` names its content (which operation, which attempt), so that its luck survives the deletion of others. */
export interface Message {
  readonly type: string
  readonly salt: number
}

/**
 * All that a node can do or know. State changes happen in the node's own state, which its handler is given; everything else goes
 * through here. What is passed in must be a value: never a piece of state.
 */
export interface Env<Rules> {
  /** The wall clock of this node, which can be wrong and can jump. */
  readonly now: Us
  /** Time since the beginning of the run, at this node's own pace. Never jumps, and survives restarts. Periodic work takes its grid from it. */
  readonly uptime: Us
  readonly rules: Rules
  readonly record: Recorder
  /** The node's own disk as it would read it now (page cache included). Only the calls below change it. */
  readonly disk: Disk
  /** An integer in [0, n); 0 is benign. `key` names what the choice is about. */
  choose(label: Label, key: number, n: number): number
  send(to: NodeId, message: Message): void
  /** (Re)arms the one timer of this name; it fires as a `timer` entry. Kept by this process only. */
  timer(name: string, delay: Us): void
  cancel(name: string): void
  /** Fires as a `timer` entry once for each call, with two numbers that say what it is about. Its names and those of `timer` are disjoint. */
  later(name: string, delay: Us, a: number, b?: number): void
  /** The disk is as full as an operator lets it become. Writing still works: who asks should not. */
  diskFull(): boolean
  /** Appends to a file, creating it if need be. */
  append(file: string, extent: Extent): void
  /** Asks for the file to be on stable storage; gives how far. Answers as a `forced` entry: a = how far, b = 1, or 0 for an error. */
  force(file: string): number
  /**
   * Replaces a small file as a whole and forces it; gives its version. Answers as a `saved` entry: a = version, b = 1, or 0 for an error.
   * After a power loss it holds the old or the new value.
   */
  save(file: string, value: object): number
  /** Replaces a small file in page cache only. */
  put(file: string, value: object): void
  truncate(file: string, size: number): void
  remove(file: string): void
  /** Writes the whole present content of a file again and forces it: for recovery, which waits for nothing else meanwhile. False when the disk reports an error. */
  forceNow(file: string): boolean
  /** Ends this process, as its own decision (a graceful stop has finished). */
  exit(): void
}

export interface Delays {
  readonly levels: readonly Us[]
  readonly longestUs: Us
}

/** How often a message comes again, after which delays, and how long the last one of this plan takes. */
export interface Retries {
  readonly max: number
  readonly delaysUs: readonly Us[]
  readonly longestUs: Us
}

export interface NodeSpec {
  readonly name: string
  readonly role: string
  /** Clients are restarted, all of them, when a cluster does not drain by itself. */
  readonly client: boolean
}

/** What the world between and below the nodes is like: latencies and their spread in microseconds, the kind of file system. */
export interface Medium {
  readonly latencyUs: Us
  readonly latencySpreadUs: Us
  readonly forceUs: Us
  readonly forceSpreadUs: Us
  readonly disk: DiskPreset
  /** How long after the heal the cluster may take to come to rest. */
  readonly drainUs: Us
}

/** How a plan's parts look to a System when its nodes are made. */
export interface Setting<Config> {
  readonly cluster: Cluster
  readonly config: Config
  readonly script: Script
  readonly nodes: readonly NodeSpec[]
  idOf(name: string): NodeId
}

export interface System<Config = unknown, Node extends object = object, Rules extends object = object> {
  readonly id: string
  /** Parses `cluster.config`; unknown fields are refused. */
  readonly config: z.ZodType<Config>
  /** Shipped rules; a mutant overrides one. */
  readonly rules: Rules
  /** The white-box and client kinds its histories can hold. */
  records(config: Config): readonly Kind[]
  /** Where a plan delays messages: how long each of the levels is, and the longest delay of this plan, for which its end has to wait. */
  delays?(plan: Plan, config: Config): Delays | null
  /** Where groups send back what they fail on: the same, of what comes again by its schedule. */
  retries?(setting: Setting<Config>): Retries | null
  /** The topics that are a group's own, and what lies there. */
  groupTopics?(setting: Setting<Config>): readonly GroupTopic[]
  /** By which rules its brokers delete, where a run can see it. */
  retention?(config: Config): Retention | null
  /** Where a plan sends transactions: when its brokers ask what became of one. */
  checks?(plan: Plan, config: Config): Header['checks'] | null
  /** Who may do what, where that is said. */
  access?(plan: Plan, config: Config): Access | null
  /** What a story calls something that is appended to a file, where the file's name does not say it. */
  nameOf?(body: unknown): string | null
  /** How its clients send. */
  sending?(config: Config): Sending
  /** Reports what is wrong with a plan beyond its schema (an unknown client, a queue that does not exist), or null. */
  refuses(plan: Plan, config: Config): string | null
  nodes(cluster: Cluster, config: Config): NodeSpec[]
  medium(config: Config): Medium
  /** The processes among which an administrator chooses a broker's master, the one that stands for its name first; null: there are none to choose from. */
  processesOf?(id: NodeId, setting: Setting<Config>): readonly NodeId[] | null
  /** The memory of a process that has just been started, or never was; `follows`: whose slave it was made by hand, itself for none's. */
  boot(id: NodeId, setting: Setting<Config>, follows?: NodeId | null): Node
  /** The process starts: recovers what its disk holds, arms timers, sends first messages. */
  start(node: Node, env: Env<Rules>): void
  /** Messages, timers and completions. Changes `node` in place. */
  handle(node: Node, entry: Entry, env: Env<Rules>): void
  /** The process is asked to stop in good order; it calls `env.exit()` when it has. */
  stop(node: Node, env: Env<Rules>): void
  /** Copies exactly what `handle` changes in place; values and vectors are shared. */
  fork(node: Node): Node
  /** What still has to happen before the cluster is at rest, or null. */
  pending(nodes: readonly Node[]): string | null
}
