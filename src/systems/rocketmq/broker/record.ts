/**
 * What lies in the commit log: records and blanks (RMQ-025, RMQ-026), and what a damaged record still is. Records are symbolic, but
 * their fields have the real sizes and places, so that a tear or a flipped bit hits what it would hit on a disk.
 */
import { mix } from '../../../plan/hash.ts'
import type { Labels } from '../../../plan/labels.ts'
import type { Us } from '../../../plan/units.ts'
import type { Damage, Extent } from '../../../sim/disk.ts'
import type { Vec } from '../../../sim/vec.ts'
import type { PopMark } from './pop-record.ts'

/** Of a half message (RMQ-126): where it belongs once committed, how often somebody was asked about it. */
export class HalfInfo {
  readonly topic: string
  readonly queue: number
  readonly checks: number
  constructor(topic: string, queue: number, checks: number) {
    this.topic = topic
    this.queue = queue
    this.checks = checks
  }
}

/** Of a message that waits for its time (RMQ-118): where it belongs then, and which level was asked for. */
export class DelayInfo {
  readonly topic: string
  readonly queue: number
  readonly level: number
  constructor(topic: string, queue: number, level: number) {
    this.topic = topic
    this.queue = queue
    this.level = level
  }
}

/** Of a message that waits for a time of its own (RMQ-122): also when that is, and since when it has waited, by the broker's clock. */
export class TimerInfo extends DelayInfo {
  readonly dueUs: Us
  readonly sinceUs: Us
  constructor(topic: string, queue: number, dueUs: Us, sinceUs: Us) {
    super(topic, queue, 0)
    this.dueUs = dueUs
    this.sinceUs = sinceUs
  }
}

/** Of a marker, which recalls the message on the wheel that has its unique key and its time (RMQ-125). */
export class RecallInfo extends TimerInfo {
  readonly recalls = true
}

/** Of a message that came in a batch: its place there, and how many there are. */
export class BatchPlace {
  readonly nth: number
  readonly of: number
  constructor(nth: number, of: number) {
    this.nth = nth
    this.of = of
  }
}

/** What few records bear. */
interface Marks {
  readonly half?: HalfInfo | null
  readonly done?: readonly number[] | null
  readonly ends?: boolean
  readonly batch?: BatchPlace | null
  readonly delay?: DelayInfo | null
  readonly pop?: PopMark | null
}

export class LogRecord {
  readonly topic: string
  readonly queue: number
  readonly offset: number
  /** The operation that sent it, its unique key (RMQ-086) and the application's. */
  readonly message: number
  readonly msgId: string
  readonly key: string
  readonly digest: number
  readonly bytes: number
  readonly fails: number
  readonly labels: Labels
  readonly storeTime: Us
  readonly bornTime: Us
  readonly half: HalfInfo | null
  /** An op record: the half offsets that it marks as done. */
  readonly done: readonly number[] | null
  /** With the repair endTxnOnce, a committed message names the transaction that it ends. */
  readonly ends: boolean
  readonly batch: BatchPlace | null
  readonly delay: DelayInfo | null
  /** What POP has to say with it, or how often its group has failed on it. */
  readonly pop: PopMark | null
  constructor(
    place: { topic: string; queue: number; offset: number },
    content: { message: number; msgId: string; key: string; digest: number; bytes: number; fails: number; labels: Labels },
    times: { storeTime: Us; bornTime: Us },
    more: Marks = {},
  ) {
    this.topic = place.topic
    this.queue = place.queue
    this.offset = place.offset
    this.message = content.message
    this.msgId = content.msgId
    this.key = content.key
    this.digest = content.digest
    this.bytes = content.bytes
    this.fails = content.fails
    this.labels = content.labels
    this.storeTime = times.storeTime
    this.bornTime = times.bornTime
    this.half = more.half ?? null
    this.done = more.done ?? null
    this.ends = more.ends ?? false
    this.batch = more.batch ?? null
    this.delay = more.delay ?? null
    this.pop = more.pop ?? null
  }
}

/** "a half", "an op record", "T:0@3". */
export function nameOfRecord(body: unknown): string | null {
  if (!(body instanceof LogRecord)) return null
  const place = `${body.topic}:${body.queue}@${body.offset}`
  if (body.half !== null) return `the half ${place}`
  return body.done === null ? place : `the record of ended halves ${place}`
}

/** Fills a file that has no room for the next record: 8 bytes of header, then whatever was there. */
export class Blank {
  readonly blank = true
}
export const BLANK = new Blank()
export const BLANK_HEADER_BYTES = 8

export type LogEntry = LogRecord | Blank

/** UNIQ_KEY and WAIT, as every message has them. */
export const PROPERTY_BYTES = 52

/** Where the fields of a record begin; each ends where the next begins. */
export interface Layout {
  readonly crc: number
  readonly queueId: number
  readonly bodyLength: number
  readonly body: number
  readonly topicLength: number
  readonly topic: number
  readonly propertiesLength: number
  readonly properties: number
  readonly end: number
}

export function layoutOf(topic: string, bytes: number): Layout {
  const body = 88
  const topicLength = body + bytes
  const propertiesLength = topicLength + 1 + topic.length
  return {
    crc: 8,
    queueId: 12,
    bodyLength: 84,
    body,
    topicLength,
    topic: topicLength + 1,
    propertiesLength,
    properties: propertiesLength + 2,
    end: propertiesLength + 2 + PROPERTY_BYTES,
  }
}

export const recordSize = (topic: string, bytes: number): number => 88 + bytes + 1 + topic.length + 2 + PROPERTY_BYTES

const hits = (damage: readonly Damage[], from: number, to: number): boolean => damage.some((one) => one.from < to && from < one.to)

/** Is a big-endian number changed? Zeroing bytes that are zero anyway does not hurt it. */
function hitsNumber(damage: readonly Damage[], at: number, width: number, value: number): boolean {
  for (let byte = 0; byte < width; byte++) {
    const place = at + byte
    const isZero = ((value >>> (8 * (width - 1 - byte))) & 0xff) === 0
    if (damage.some((one) => one.from <= place && place < one.to && (one.kind === 'flip' || !isZero))) return true
  }
  return false
}

/** What recovery can tell of a record: the length fields add up, and the checksum matches what it covers. */
export interface Soundness {
  readonly framed: boolean
  readonly bodyIntact: boolean
  readonly whole: boolean
}

const SOUND: Soundness = { framed: true, bodyIntact: true, whole: true }

export function soundness(extent: Extent<LogEntry>): Soundness {
  if (extent.damage.length === 0) return SOUND
  const { body, damage } = extent
  // A blank's filler may be anything; only its header is read.
  const size = hitsNumber(damage, 0, 4, extent.size) || hits(damage, 4, 8)
  if (body instanceof Blank) return { framed: !size, bodyIntact: true, whole: true }
  const at = layoutOf(body.topic, body.bytes)
  const lengths =
    hitsNumber(damage, at.bodyLength, 4, body.bytes) ||
    hitsNumber(damage, at.topicLength, 1, body.topic.length) ||
    hitsNumber(damage, at.propertiesLength, 2, PROPERTY_BYTES)
  return {
    framed: !size && !lengths,
    bodyIntact: !hits(damage, at.crc, at.queueId) && !hits(damage, at.body, at.topicLength),
    whole: false,
  }
}

/**
 * The digest that a consumer would compute. Left out: where a damaged queue id, offset or topic would lead; the record stays in its
 * place, and its digest differs.
 */
export function digestRead(extent: Extent<LogEntry>, record: LogRecord): number {
  return extent.damage.reduce((digest, one) => mix(mix(digest, one.from), one.to), record.digest)
}

/** RMQ-027: 20 bytes. The tags code is the hash of the message's tag. Left out: the due time, which has its place for delayed messages. */
export class QueueEntry {
  readonly at: number
  readonly size: number
  readonly tagsCode: number
  constructor(at: number, size: number, tagsCode: number) {
    this.at = at
    this.size = size
    this.tagsCode = tagsCode
  }
}
export const QUEUE_ENTRY_BYTES = 20

/** The file of a queue has an entry for each of its offsets, from 0 on: also for those whose messages are deleted. */
export const entryAt = (entries: Vec<Extent>, offset: number): QueueEntry => entries.at(offset).body as QueueEntry

/** RMQ-029: what the key index has of one record, which lies at `at`. */
export class KeyEntry {
  readonly record: LogRecord
  readonly at: number
  constructor(record: LogRecord, at: number) {
    this.record = record
    this.at = at
  }
}
export const KEY_ENTRY_BYTES = 20
