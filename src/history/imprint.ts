/**
 * What of an event goes into the trace hash: all that it says, since whatever a checker may read must tell two traces apart. The compiler demands
 * a line for each sort of event, and a test that a line leaves no field out.
 */
import { hashText } from '../plan/hash.ts'
import type { Digest } from './digest.ts'
import type { Event, Sort, SortOf } from './event.ts'
import type { Answered } from './queries.ts'

type EventOf<S extends Sort> = { [E in Event as SortOf<E>]: E }[S]
type Said<E extends Event> = E extends { readonly v: infer V } ? V : Omit<E, 'i' | 't' | 'p' | 'type'>
/** Adds what an event says to a hash. */
type Add<V> = (d: Digest, v: V) => unknown
type Of<S extends Sort> = Add<Said<EventOf<S>>>
type Lines = { readonly [S in Sort]: Of<S> }

const answered: Add<Answered> = (d, v) => d.names(v.asked).each(v.answers, (one) => d.name(one.broker).whole(one.found))
const groupPlace: Of<'info commit'> = (d, v) => d.name(v.group).place(v.topic, v.queue, v.offset)
const groupQueue: Of<'fail lock'> = (d, v) => d.name(v.group).name(v.topic).name(v.queue)
const taken: Of<'ok consume'> = (d, v) => d.name(v.group).place(v.topic, v.queue, v.offset).whole(v.message)
const returned: Of<'invoke sendBack'> = (d, v) =>
  d.name(v.group).place(v.topic, v.queue, v.offset).whole(v.message).name(v.broker).flag(v.copy)
const sentBack: Of<'ok sendBack'> = (d, v) => {
  returned(d, v)
  if (v.status !== undefined) d.name(v.status)
}
const created: Of<'ok createTopic'> = (d, v) => d.name(v.topic).whole(v.queues)
const resized: Of<'ok resize'> = (d, v) =>
  d.name(v.topic).names(v.brokers).whole(v.readQueues).whole(v.writeQueues).flag(v.drained).flag(v.barrier)
const wiped: Of<'ok wipeWritePerm'> = (d, v) => d.name(v.topic).name(v.broker)
const notRecalled: Of<'fail recall'> = (d, v) => d.name(v.topic).whole(v.of).name(v.reason)
const subscribed: Of<'ok subscribe'> = (d, v) => d.name(v.group).text(v.selector).text(v.reason)

const ofClients = {
  'invoke send': (d, v) => {
    d.name(v.topic).name(v.queue).name(v.mode).flag(v.half).whole(v.digest).text(v.text).text(v.key).whole(v.batch).whole(v.of)
    d.name(v.select).json(v.delay).text(v.tag).json(v.properties)
  },
  'ok send': (d, v) => d.place(v.topic, v.queue, v.offset).name(v.status).name(v.broker).whole(v.at).text(v.msgId),
  'info send': (d, v) => d.name(v.status),
  'fail send': (d, v) => d.name(v.reason),
  'info attempt': (d, v) => {
    d.whole(v.attempt).whole(v.thread).name(v.topic).name(v.queue).name(v.broker).name(v.by)
    d.names(v.brokers).whole(v.queues).name(v.after)
  },
  'invoke consume': (d, v) => {
    d.name(v.group).place(v.topic, v.queue, v.offset).whole(v.message).whole(v.digest).whole(v.attempt)
    d.text(v.msgId).name(v.broker).whole(v.at).whole(v.hiddenForUs)
  },
  'ok consume': taken,
  'fail consume': taken,
  'info expire': taken,
  'invoke sendBack': returned,
  'ok sendBack': sentBack,
  'fail sendBack': returned,
  'info sendBack': returned,
  'invoke ack': taken,
  'ok ack': taken,
  'invoke hide': taken,
  'ok hide': (d, v) => d.name(v.group).place(v.topic, v.queue, v.offset).whole(v.message).whole(v.hiddenForUs),
  'ok effect': (d, v) => d.name(v.group).text(v.key).whole(v.message),
  'info commit': groupPlace,
  'ok assign': (d, v) => d.name(v.group).place(v.topic, v.queue, v.offset).name(v.from).whole(v.asked),
  'ok revoke': groupPlace,
  'invoke poll': (d, v) => d.name(v.group).place(v.topic, v.queue, v.offset).whole(v.waitUs),
  'ok poll': (d, v) => {
    d.name(v.group).place(v.topic, v.queue, v.offset).name(v.status).wholes(v.offsets).whole(v.next).whole(v.min).whole(v.max)
  },
  'info poll': (d, v) => d.name(v.group).place(v.topic, v.queue, v.offset).name(v.reason),
  'info redirect': (d, v) => d.name(v.group).place(v.topic, v.queue, v.offset).name(v.broker),
  'ok subscribe': subscribed,
  'fail subscribe': subscribed,
  'ok share': (d, v) => d.name(v.group).name(v.topic).name(v.strategy).name(v.member).names(v.members).names(v.queues).names(v.share),
  'ok lock': (d, v) => d.name(v.group).name(v.topic).name(v.queue).whole(v.validUs),
  'fail lock': groupQueue,
  'info unlock': groupQueue,
  'ok pull': (d, v) => d.place(v.topic, v.queue, v.offset).whole(v.message).whole(v.digest),
  'ok audit': (d, v) => d.name(v.topic).name(v.queue).whole(v.min).whole(v.max),
  'fail audit': (d, v) => d.name(v.topic).name(v.queue),
  'ok replicaPull': (d, v) => d.name(v.slave).place(v.topic, v.queue, v.offset).whole(v.message).whole(v.digest),
  'ok replicaAudit': (d, v) => d.name(v.slave).name(v.topic).name(v.queue).whole(v.min).whole(v.max),
  'ok local': (d, v) => d.name(v.outcome),
  'info endTxn': (d, v) => d.name(v.outcome).flag(v.fromCheck),
  'invoke check': (d, v) => d.name(v.answer),
  'ok route': (d, v) => d.name(v.topic).name(v.nameserver).names(v.brokers).flag(v.frozen),
  'ok churn': (d, v) => d.name(v.act),
  'fail churn': (d, v) => d.name(v.act),
} satisfies Partial<Lines>

/** What administrators do, and what they are told. */
const ofOperators = {
  'invoke createTopic': created,
  'ok createTopic': created,
  'info createTopic': created,
  'invoke resize': resized,
  'ok resize': resized,
  'info resize': resized,
  'fail resize': resized,
  'invoke wipeWritePerm': wiped,
  'ok wipeWritePerm': wiped,
  'info wipeWritePerm': wiped,
  'invoke resetOffset': (d, v) => d.name(v.group).place(v.topic, v.queue, v.offset).whole(v.timestampUs),
  'ok resetOffset': groupPlace,
  'info resetOffset': groupQueue,
  'invoke query': (d, v) => d.name(v.topic).name(v.by).text(v.key).whole(v.of).whole(v.sinceUs).whole(v.untilUs).whole(v.max),
  'ok query': (d, v) => {
    answered(d, v)
    d.each(v.messages, (one) => {
      d.place(one.topic, one.queue, one.offset).whole(one.message).name(one.broker).whole(one.at).whole(one.storedUs)
    })
  },
  'fail query': (d, v) => d.name(v.reason),
  'invoke trace': (d, v) => d.name(v.topic).text(v.msgId).whole(v.of),
  'ok trace': (d, v) => {
    answered(d, v)
    d.each(v.spans, (one) => {
      d.name(one.kind).name(one.client).name(one.group).whole(one.message).whole(one.delivery).flag(one.success).whole(one.toldUs)
    })
  },
  'fail trace': (d, v) => d.name(v.reason),
  'invoke recall': (d, v) => d.name(v.topic).whole(v.of).name(v.broker).whole(v.dueUs),
  'ok recall': (d, v) => d.name(v.topic).whole(v.of),
  'fail recall': notRecalled,
  'info recall': notRecalled,
  'invoke lag': (d, v) => d.name(v.group).name(v.topic),
  'ok lag': (d, v) => {
    d.name(v.group).name(v.topic)
    d.each(v.queues, (one) => d.name(one.queue).whole(one.brokerOffset).whole(one.consumerOffset))
  },
  'fail lag': (d, v) => d.name(v.group).name(v.topic).name(v.reason),
} satisfies Partial<Lines>

/** What happens to the cluster, and what it tells of itself. */
const ofCluster = {
  fault: (d, v) => d.name(v.kind).name(v.on).flag(v.effective).name(v.where),
  phase: (d, v) => d.name(v.phase).text(v.note),
  'white append': (d, v) => d.place(v.topic, v.queue, v.offset).whole(v.message).whole(v.at).whole(v.size).flag(v.half),
  'white force': (d, v) => d.whole(v.to),
  'white dispatch': (d, v) => d.place(v.topic, v.queue, v.offset).whole(v.at),
  'white recovered': (d, v) => d.whole(v.end).flag(v.clean),
  'white recoveredQueue': (d, v) => d.name(v.topic).name(v.queue).whole(v.min).whole(v.max),
  'white recoveredIndex': (d, v) => d.whole(v.from).whole(v.to),
  'white storedOffset': (d, v) => d.name(v.group).place(v.topic, v.queue, v.offset).flag(v.durable),
  'white endedTxn': (d, v) => d.whole(v.message).name(v.outcome),
  'white released': (d, v) => {
    d.place(v.topic, v.queue, v.offset).whole(v.message).whole(v.level).whole(v.from)
    d.whole(v.storedUs).whole(v.dueUs).whole(v.nowUs)
  },
  'white missedSlot': (d, v) => d.whole(v.message).whole(v.dueUs).whole(v.nowUs),
  'white discarded': (d, v) => d.whole(v.message).whole(v.checks),
  'white registered': (d, v) => d.name(v.broker).names(v.topics),
  'white unregistered': (d, v) => d.name(v.broker).name(v.why),
  'white expired': (d, v) => d.name(v.broker),
  'white reset': groupPlace,
  'white lock': (d, v) => d.name(v.group).name(v.topic).name(v.queue).name(v.client).name(v.act).whole(v.lifeUs),
  'white cleaned': (d, v) => {
    d.whole(v.nowUs).whole(v.usedPermille).whole(v.start).whole(v.oldestUs)
    d.each(v.files, (one) => d.whole(one.from).whole(one.to).whole(one.writtenUs))
  },
  'white copied': (d, v) => d.place(v.topic, v.queue, v.offset).whole(v.message).whole(v.at).whole(v.size),
  'white copyRecovered': (d, v) => d.whole(v.end),
  'white elected': (d, v) => d.name(v.broker).name(v.master).whole(v.epoch),
  'white leads': (d, v) => d.name(v.broker).whole(v.term),
  'white committed': (d, v) => d.place(v.topic, v.queue, v.offset).whole(v.message).whole(v.at).whole(v.term).whole(v.entryTerm),
  'white ledgerCut': (d, v) => d.whole(v.to),
  'white inSync': (d, v) => d.name(v.broker).names(v.set),
  'white presides': (d, v) => d.whole(v.term),
  'white role': (d, v) => d.name(v.role).whole(v.epoch).whole(v.end),
  'white acting': (d, v) => d.name(v.as),
  'white up': (d) => d,
  'white down': (d) => d,
} satisfies Partial<Lines>

/** Of one sort: what stands for the sort itself, too. */
export interface Imprint<V> {
  readonly sort: number
  readonly add: Add<V>
}
type Imprints = { readonly [S in Sort]: Imprint<Said<EventOf<S>>> }

const LINES: Lines = { ...ofClients, ...ofOperators, ...ofCluster }
export const IMPRINTS = Object.fromEntries(Object.entries(LINES).map(([sort, add]) => [sort, { sort: hashText(sort), add }])) as Imprints
