/**
 * A plan is what people keep, mail, edit and replay: a cluster, a workload, faults, and a seed for what these leave open.
 * It is plain JSON and untrusted input: everything that reads one goes through `parsePlan`.
 */
import { z } from 'zod'
import { Fault } from './faults.ts'

export const PLAN_FORMAT = 'mqproof-plan/1'

const name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]*$/, 'a name of letters, digits, "_", "." and "-"')
/** What a group can subscribe. */
const subscribed = z.string().regex(/^(%DLQ%)?[A-Za-z0-9][A-Za-z0-9_.-]*$/, 'the name of a topic, or %DLQ% and the name of a group')
const moment = {
  /** When, in microseconds since the run began. */
  atUs: z.int().nonnegative(),
  /** Names it, so that its luck (latencies, losses) stays its own when others are taken out. */
  salt: z.int().nonnegative(),
}
/** Of the body. */
const bytes = z
  .int()
  .min(1)
  .max(4 << 20)

export const Topic = z.strictObject({
  name,
  /** How many it has, to be read and to be written. */
  queues: z.int().min(1).max(64),
  /** Each of these has `queues` queues of its own. Left out where the queues are the whole cluster's. */
  brokers: z.array(name).min(1).optional(),
})
export type Topic = z.infer<typeof Topic>

/** How listeners are run: many messages of a queue at a time in any order, or one at a time in the order of the queue. */
export const ListenerMode = z.enum(['concurrently', 'orderly'])
export type ListenerMode = z.infer<typeof ListenerMode>

/**
 * How a group's consumers come by their messages: push pulls the queues that rebalance gives each of them and keeps progress by offset; pull does
 * so too, but for an application that asks for messages by itself, works on them in its own thread, and says what is done; pop takes whatever is
 * free of any queue, and acknowledges message by message.
 */
export const Consumption = z.enum(['push', 'pull', 'pop'])
export type Consumption = z.infer<typeof Consumption>

/**
 * Where a group begins in a queue of which the broker knows no progress of its (RocketMQ's ConsumeFromWhere): at the end, at the beginning, or
 * at the first message that was stored at a time or later.
 */
export const StartAt = z.union([z.enum(['last', 'first']), z.strictObject({ timestampUs: z.int().nonnegative() })])
export type StartAt = z.infer<typeof StartAt>

/** How an application tells a message that it has handled already: each recipe is explained in systems/rocketmq/client/receivers. */
export const Recipe = z.enum([
  'plain',
  'transaction',
  'state-machine',
  'insert-first',
  'check-then-act',
  'in-process-map',
  'ttl-cache',
  'lock',
])
export type Recipe = z.infer<typeof Recipe>

/** By what it tells: the application's own key, or the id that the client gave the message. */
export const Receiver = z.strictObject({ recipe: Recipe, by: z.enum(['key', 'msgId']) })
export type Receiver = z.infer<typeof Receiver>

/** How the members of a group deal its queues out, by RocketMQ's names (RMQ-102). */
export const Strategy = z.enum(['AVG', 'AVG_BY_CIRCLE', 'CONSISTENT_HASH', 'CONFIG', 'MACHINE_ROOM', 'MACHINE_ROOM_NEARBY'])
export type Strategy = z.infer<typeof Strategy>
/**
 * The listener sends each message on to another topic, and is done after the copy was acknowledged; or before, which may lose it; or it never
 * sends: it consumes and discards.
 */
export const Forward = z.strictObject({ to: name, when: z.enum(['after-ack', 'before', 'never']) })
export type Forward = z.infer<typeof Forward>

/**
 * The listener is given up to `max` messages at once (RocketMQ's consumeMessageBatchMaxSize), and stops at the first that it fails on. Its verdict is
 * one for all of them, or says how many at the beginning are done (ackIndex), which a listener that takes turns can't.
 */
export const ListenerBatch = z.strictObject({ max: z.int().min(2).max(1024), verdict: z.enum(['whole', 'ack-index']) })
export type ListenerBatch = z.infer<typeof ListenerBatch>

/** One tag at least: an expression that names none is refused by RocketMQ's client, too. */
const TagExpression = z
  .string()
  .max(200)
  .refine((text) => /[^\s|]/.test(text), 'a tag, "*" for all, or tags with "||" between them, such as "a || b"')

export const Group = z.strictObject({
  name,
  topics: z.array(subscribed).min(1),
  /** One consumer process each; queues are dealt out among them. */
  consumers: z.array(name).min(1),
  /** Clustering, unless it says otherwise: broadcasting gives every consumer every message. */
  mode: z.enum(['clustering', 'broadcasting']).optional(),
  /** What the listener does with a message: one effect in a database that the whole group shares. Without it, nothing that could be seen. */
  receiver: Receiver.optional(),
  forward: Forward.optional(),
  /** Concurrently when left out. */
  listener: ListenerMode.optional(),
  /** One message at a time when left out. */
  batch: ListenerBatch.optional(),
  /** Push when left out. */
  consumption: Consumption.optional(),
  /** AVG when left out; what members compute is in the history only of a group that names its strategy. */
  allocate: Strategy.optional(),
  /**
   * Of a group that pulls: each of its consumers takes these queues of every topic that it subscribes, at every broker, and is dealt none. Consumers that are
   * told other queues, or share what their group subscribes, are in a group of the same name beside it.
   */
  assign: z.array(z.int().min(0).max(63)).min(1).optional(),
  /** Of a group that pulls: its application commits after every so many messages; without it, the client does every five seconds. */
  commitEvery: z.int().min(1).max(1000).optional(),
  /**
   * How often a message comes again that its listener fails on, before it is a dead letter. When left out, as often as the broker is configured to
   * let it; an orderly listener is then given it without end (RMQ-108).
   */
  maxReconsumeTimes: z.int().min(0).max(100).optional(),
  /** At the beginning when left out, as RocketMQ's default does in a queue that is young. */
  startAt: StartAt.optional(),
  /** Which messages it wants, by their tags: "*" for all, as when left out, or tags with "||" between them. */
  tags: TagExpression.optional(),
  /** Or by an expression over their properties, as RocketMQ reads SQL92. One that it refuses belongs in a plan, too. */
  selector: z.string().min(1).max(500).optional(),
})
export type Group = z.infer<typeof Group>

/** A process that copies what a broker stores, under the broker's name: those of one broker are numbered from 1 in the order of the list. */
export const Slave = z.strictObject({
  name,
  /** Which broker. */
  of: name,
})
export type Slave = z.infer<typeof Slave>

export const Cluster = z.strictObject({
  nameservers: z.array(name).min(1),
  /** Masters, where nobody elects them. */
  brokers: z.array(name).min(1),
  slaves: z.array(Slave).optional(),
  /** Processes that decide which of the processes of a broker's name is its master: the list of slaves then says who else may be. */
  controllers: z.array(name).min(1).optional(),
  producers: z.array(name),
  /** Those that are there from the beginning. */
  topics: z.array(Topic),
  /** Who consumes. */
  groups: z.array(Group),
  /** The system's own configuration: rocketmq-config.schema.json is that of the reference. */
  config: z.record(z.string(), z.json()),
})
export type Cluster = z.infer<typeof Cluster>

/** Whether a client waits for the answer, is called when it comes, or is told nothing. */
export const SendMode = z.enum(['sync', 'async', 'oneway'])
export type SendMode = z.infer<typeof SendMode>
export const TxnOutcome = z.enum(['commit', 'rollback', 'unknown'])
export type TxnOutcome = z.infer<typeof TxnOutcome>

/** What selectors go by. Names in capitals are RocketMQ's own. */
export const Properties = z.record(
  z.string().regex(/^[a-z_$][a-zA-Z0-9_$]{0,31}$/, 'the name of a property: letters, digits, "_" and "$", a small letter first'),
  z.string().max(100),
)

const client = {
  /** Who does it, by its name in the cluster. */
  client: name,
  ...moment,
}
const message = {
  topic: name,
  bytes,
  /** How often each group's listener fails this message before it succeeds. */
  fails: z.int().min(0).max(20).optional(),
  /** What a story calls the message. */
  text: z.string().max(40).optional(),
  /** By which groups choose messages. */
  tag: z
    .string()
    .regex(/^[^\s|]{1,64}$/, 'a tag of 1 to 64 characters without blanks and bars')
    .optional(),
  properties: Properties.optional(),
}
/**
 * How long the broker keeps a message from consumers: one of the broker's levels, which are numbered from 1 (0 is no delay); or for any time, or until
 * any time by the broker's clock.
 */
export const Delay = z.union([
  z.strictObject({ level: z.int().min(0).max(100) }),
  z.strictObject({ afterUs: z.int().nonnegative() }),
  z.strictObject({ atUs: z.int().nonnegative() }),
])
export type Delay = z.infer<typeof Delay>
export type TimedDelay = Exclude<Delay, { readonly level: number }>

/** The application's own name for what a message is about: an application that sends again uses the same one. */
const key = z
  .string()
  .regex(/^\S{1,64}$/, 'a key of 1 to 64 characters without blanks')
  .optional()
/** By what an administrator looks for messages: the application's key; or, for the client's own last message, its id or its place in the log. */
export const QueryBy = z.enum(['key', 'msgId', 'offsetMsgId'])
export type QueryBy = z.infer<typeof QueryBy>
/** Or, in the traces of clients, for what became of the client's own last message. */
export const AskedBy = z.enum([...QueryBy.options, 'trace'])
export type AskedBy = z.infer<typeof AskedBy>

/** Who chooses the queue where the item does not: a selector that goes by the key, or, without one or without a key, the client in turn. */
const select = z.literal('key').optional()
/** Queues that a consumer holds: all of the topic where none is named. */
const held = { topic: name, queue: z.int().nonnegative().optional(), broker: name.optional() }
export const Item = z.discriminatedUnion('do', [
  z.strictObject({
    do: z.literal('send'),
    ...client,
    ...message,
    key,
    select,
    queue: z.int().nonnegative().optional(),
    broker: name.optional(),
    mode: SendMode,
    delay: Delay.optional(),
  }),
  /** `outcome`: what the local transaction decides; `answer`: what a later check is told. A truthful checker answers the outcome. */
  z.strictObject({ do: z.literal('transaction'), ...client, ...message, key, outcome: TxnOutcome, answer: TxnOutcome }),
  /** One send call of several messages (`bytes` each) to one topic. It counts as one operation; each message has a number of its own. */
  z.strictObject({
    do: z.literal('batch'),
    ...client,
    ...message,
    count: z.int().min(1).max(64),
    queue: z.int().nonnegative().optional(),
    broker: name.optional(),
  }),
  z.strictObject({ do: z.literal('createTopic'), ...client, topic: name, queues: z.int().min(1).max(64) }),
  /**
   * An operator sets how many queues of a topic are read and how many are written, at each of its brokers or at those named here: one that did
   * not have the topic has it from then on. With `drainUs` he waits so long until every group has read what would be read no more, or gives up;
   * with `barrierUs`, until every group has read what is read now to the ends that it has when he begins.
   */
  z.strictObject({
    do: z.literal('resize'),
    ...client,
    topic: name,
    readQueues: z.int().min(1).max(64),
    writeQueues: z.int().min(1).max(64),
    brokers: z.array(name).min(1).optional(),
    drainUs: z.int().positive().optional(),
    barrierUs: z.int().positive().optional(),
  }),
  /** An operator takes from a broker the permission to be written to in a topic, so that producers go elsewhere; it lasts until that broker's topics change. */
  z.strictObject({ do: z.literal('wipeWritePerm'), ...client, topic: name, broker: name }),
  /**
   * An administrator moves a group in one queue of a topic, or in all: to an offset, to the first message stored at a time or later, or, without
   * either, to the end. The client is who asks for it.
   */
  z.strictObject({
    do: z.literal('resetOffset'),
    ...client,
    topic: name,
    group: name,
    queue: z.int().nonnegative().optional(),
    broker: name.optional(),
    offset: z.int().nonnegative().optional(),
    timestampUs: z.int().nonnegative().optional(),
  }),
  /**
   * An application that asks for its messages goes to an offset of a queue of a topic, or of all that it holds, or, without one, to the end; one beyond
   * the end is passed over. The client is its consumer.
   */
  z.strictObject({ do: z.literal('seek'), ...client, ...held, offset: z.int().nonnegative().optional() }),
  /** It lets these queues rest for so long. */
  z.strictObject({ do: z.literal('pauseQueue'), ...client, ...held, forUs: z.int().positive() }),
  /**
   * An administrator looks for messages of a topic: by a key, stored since a time and until another; or for the message that the client itself
   * has sent there last, acknowledged or not by its id, acknowledged by its place; or for what clients have told of it. Where there is none, nobody is asked.
   */
  z.strictObject({
    do: z.literal('query'),
    ...client,
    topic: name,
    by: AskedBy,
    key,
    sinceUs: z.int().nonnegative().optional(),
    untilUs: z.int().nonnegative().optional(),
    max: z.int().min(1).max(1000).optional(),
  }),
  /**
   * The client recalls the message to a topic that it has sent last to wait for a time of its own, of those acknowledged: nobody is to be given it.
   * Where there is none, nobody is asked.
   */
  z.strictObject({ do: z.literal('recall'), ...client, topic: name }),
  /** An administrator asks how far a group is behind in a topic. */
  z.strictObject({ do: z.literal('consumeStats'), ...client, topic: name, group: name }),
  /**
   * Each worker is a thread of control that sends one message every `everyUs`, or later when its last send is still open. Where there is a
   * `key`, each worker has a key of its own: this one and the worker's number.
   */
  z.strictObject({
    do: z.literal('load'),
    ...client,
    ...message,
    key,
    select,
    workers: z.int().min(1).max(256),
    durationUs: z.int().positive(),
    everyUs: z.int().positive(),
  }),
  /** A consumer process is started, or stopped in good order. One whose first such item is a start does not run before it. */
  z.strictObject({ do: z.literal('start'), ...client }),
  z.strictObject({ do: z.literal('stop'), ...client }),
])
export type Item = z.infer<typeof Item>
/** Consumers that come and go. Everything else is an operation of a producer. */
export type Churn = Extract<Item, { do: 'start' | 'stop' }>
/** What an application does with its own queues. */
export type Steering = Extract<Item, { do: 'seek' | 'pauseQueue' }>
export type Operation = Exclude<Item, Churn | Steering>
export const isSteering = (item: Item): item is Steering => item.do === 'seek' || item.do === 'pauseQueue'
/** Its client is a consumer. */
export const isOfConsumer = (item: Item): item is Churn | Steering => isChurn(item) || isSteering(item)
export const isChurn = (item: Item): item is Churn => item.do === 'start' || item.do === 'stop'

/**
 * How what the plan leaves open is decided (sim/choices.ts): each choice by itself; benign, all of them; benign for some sorts of choices throughout the
 * run; or, in lanes, the same way for some nodes and links throughout the run.
 */
export const Policy = z.enum(['uniform', 'calm', 'swarm', 'lanes'])
export type Policy = z.infer<typeof Policy>

/** One recorded choice: the how-manieth (`nth`, from 0) choice of this label and key takes outcome `value`. */
export const Noise = z.strictObject({
  label: z.string(),
  key: z.int().nonnegative(),
  nth: z.int().nonnegative(),
  value: z.int().nonnegative(),
})
export type Noise = z.infer<typeof Noise>

export const Plan = z.strictObject({
  format: z.literal(PLAN_FORMAT),
  /** The mqproof that wrote it. */
  version: z.string(),
  /** What it is for: "rocketmq", the reference. */
  system: z.string(),
  /** The bug that is planted in it. */
  mutant: z.string().optional(),
  /** Decides, with the policy, what the plan leaves open. */
  seed: z.int().min(0).max(0xffffffff),
  policy: Policy,
  cluster: Cluster,
  /** What clients and operators do, in any order: each item says when. */
  workload: z.array(Item),
  /** What goes wrong, and when. All of it is over when the run begins to come to rest. */
  faults: z.array(Fault),
  /** With noise, every choice that is not listed takes its benign outcome: the plan then needs no seed. */
  noise: z.array(Noise).optional(),
  /** What it showed when it was kept: a replay says whether it does so again. */
  expect: z.strictObject({ guarantee: z.string(), traceHash: z.string() }).optional(),
})
export type Plan = z.infer<typeof Plan>
