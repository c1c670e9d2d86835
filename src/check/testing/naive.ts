/**
 * The same judgements by the plainest means: every pair is looked at, nothing is remembered on the way. Too slow for use, and simple
 * enough to be believed, so the fast checkers are compared with them. Each gives a sorted list of texts, one for each anomaly.
 */
import type {
  Assign,
  Commit,
  ConsumeInvoke,
  ConsumeOk,
  Effect,
  Event,
  FaultEvent,
  Place,
  Pull,
  SendInvoke,
  SendOk,
} from '../../history/event.ts'
import type { SentBack } from '../../history/send-back.ts'

interface Sent {
  readonly op: number
  readonly invoke: number
  readonly ok: number
  readonly v: SendOk['v']
}

const isSendInvoke = (event: Event): event is SendInvoke => event.type === 'invoke' && event.f === 'send'
const isSendOk = (event: Event): event is SendOk => event.type === 'ok' && event.f === 'send'
const isPull = (event: Event): event is Pull => event.type === 'ok' && event.f === 'pull'
const isDelivery = (event: Event): event is ConsumeInvoke => event.type === 'invoke' && event.f === 'consume'
const isFinish = (event: Event): event is ConsumeOk => event.type === 'ok' && event.f === 'consume'
const isCommit = (event: Event): event is Commit => event.type === 'info' && event.f === 'commit'
const isEffect = (event: Event): event is Effect => event.type === 'ok' && event.f === 'effect'
const isAssign = (event: Event): event is Assign => event.type === 'ok' && event.f === 'assign'
const strikes = (event: Event, on: string): event is FaultEvent => event.type === 'fault' && event.effective && event.on === on
const isCut = (event: FaultEvent): boolean => event.kind === 'powerLoss' || event.kind === 'diskLoss'

type Queue = Pick<Place, 'topic' | 'queue'>
const sameQueue = (x: Queue, y: Queue): boolean => x.topic === y.topic && x.queue === y.queue
const samePlace = (x: Place, y: Place): boolean => sameQueue(x, y) && x.offset === y.offset
const sorted = (texts: readonly string[]): string[] => [...texts].sort((x, y) => (x < y ? -1 : x > y ? 1 : 0))

/** Acknowledged messages that are not halves. */
function acknowledged(events: readonly Event[]): Sent[] {
  return events.flatMap((event, ok) => {
    if (!isSendOk(event)) return []
    const invoke = events.findIndex((other) => isSendInvoke(other) && other.op === event.op)
    const send = events[invoke]
    return send === undefined || !isSendInvoke(send) || send.v.half || invoke > ok ? [] : [{ op: event.op, invoke, ok, v: event.v }]
  })
}

/** Did a broker lose records between two events: by a cut, or by a crash after its disk went bad? */
function losesBetween(events: readonly Event[], broker: string, from: number, to: number): boolean {
  return events.some((event, index) => {
    if (index <= from || index >= to || !strikes(event, broker)) return false
    const bad = events.slice(0, index).some((earlier) => strikes(earlier, broker) && earlier.kind === 'bitCorruption')
    return isCut(event) || (bad && (event.kind === 'processKill' || event.kind === 'gracefulRestart'))
  })
}

/** "later message, explained by a loss or not" */
export function naiveOrd1(events: readonly Event[]): string[] {
  const sent = acknowledged(events)
  return sorted(
    sent.flatMap((later) => {
      const disordered = sent.filter(
        (earlier) => sameQueue(earlier.v, later.v) && earlier.ok < later.invoke && earlier.v.offset >= later.v.offset,
      )
      const unexplained = disordered.some((earlier) => !losesBetween(events, later.v.broker, earlier.invoke, later.ok))
      return disordered.length === 0 ? [] : [`${later.op} ${unexplained ? 'unexplained' : 'after a loss'}`]
    }),
  )
}

interface Sighting {
  readonly place: Place
  readonly message: number
  readonly digest: number | null
}

/** For histories without white-box events: "name place message" */
export function naiveOrd2(events: readonly Event[]): string[] {
  const sightings = events.flatMap((event): Sighting[] => {
    if (isDelivery(event) || isPull(event)) return [{ place: event.v, message: event.v.message, digest: event.v.digest }]
    return acknowledged(events)
      .filter((sent) => events[sent.ok] === event)
      .map((sent) => ({ place: sent.v, message: sent.op, digest: null }))
  })
  const reused = sightings.flatMap((one, k) => {
    const earlier = sightings.slice(0, k).filter((other) => samePlace(other.place, one.place))
    const isNew = earlier.length > 0 && earlier.every((other) => other.message !== one.message)
    return isNew ? [`offset reused ${one.place.queue}@${one.place.offset} ${one.message}`] : []
  })
  const changed = sightings.flatMap((one, k) => {
    if (one.digest === null) return []
    const earlier = sightings
      .slice(0, k)
      .filter((other) => samePlace(other.place, one.place) && other.message === one.message && other.digest !== null)
    const last = earlier[earlier.length - 1]
    return last !== undefined && last.digest !== one.digest ? [`changed ${one.place.queue}@${one.place.offset} ${one.message}`] : []
  })
  return sorted([...reused, ...changed, ...gaps(events)])
}

/** Every first offset of a run of offsets that an audit did not find. */
function gaps(events: readonly Event[]): string[] {
  return events.flatMap((event, index) => {
    if (event.type !== 'ok' || event.f !== 'audit') return []
    const previous = events.findLastIndex(
      (other, k) => k < index && other.type === 'ok' && other.f === 'audit' && sameQueue(other.v, event.v),
    )
    const found = events
      .slice(previous + 1, index)
      .filter(isPull)
      .filter((pull) => sameQueue(pull.v, event.v))
    const holds = (offset: number): boolean => found.some((pull) => pull.v.offset === offset)
    const starts: string[] = []
    for (let offset = event.v.min; offset < event.v.max; offset++) {
      if (!holds(offset) && (offset === event.v.min || holds(offset - 1))) starts.push(`gap ${event.v.queue}@${offset}`)
    }
    return starts
  })
}

/** "process passed offset at commit" */
export function naiveAlo2(events: readonly Event[]): string[] {
  return sorted(
    events.flatMap((commit, index) => {
      if (!isCommit(commit)) return []
      const history = events.slice(0, index)
      const unfinished = rangeBefore(history, commit).find((offset) => !isFinished(history, { ...commit.v, offset }, commit.v.group))
      return unfinished === undefined ? [] : [`${commit.p} ${commit.v.queue}@${unfinished} ${index}`]
    }),
  )
}

const sameWork = (event: Event, group: string, queue: Queue): event is ConsumeInvoke | ConsumeOk | Commit | Assign =>
  (isDelivery(event) || isFinish(event) || isCommit(event) || isAssign(event)) && event.v.group === group && sameQueue(event.v, queue)

/** The offsets that a commit passes: from where its consumer began, or what it had told before. */
function rangeBefore(history: readonly Event[], commit: Commit): number[] {
  const own = history.filter((event) => sameWork(event, commit.v.group, commit.v) && event.p === commit.p)
  const assigned = own.findLastIndex(isAssign)
  const start = own[assigned] ?? own.find((event) => isDelivery(event) || isCommit(event))
  if (start === undefined || !('v' in start) || !('offset' in start.v)) return []
  const told = own
    .slice(assigned + 1)
    .filter(isCommit)
    .map((event) => event.v.offset)
  const base = Math.max(start.v.offset, ...told)
  return Array.from({ length: Math.max(0, commit.v.offset - base) }, (_, k) => base + k)
}

/** Finished, or taken back by the broker. */
const isDone = (event: Event): event is ConsumeOk | SentBack => isFinish(event) || (event.type === 'ok' && event.f === 'sendBack')

/** The message that was given out last at this place is the one that was last finished while it was the one given out. */
function isFinished(history: readonly Event[], place: Place, group: string): boolean {
  const there = history.filter(
    (event): event is ConsumeInvoke | ConsumeOk | SentBack =>
      (isDelivery(event) || isDone(event)) && event.v.group === group && samePlace(event.v, place),
  )
  const holds = (until: number): number | undefined => there.slice(0, until).findLast(isDelivery)?.v.message
  const finished = there.findLast((event, k) => isDone(event) && (holds(k) ?? event.v.message) === event.v.message)
  return finished !== undefined && (holds(there.length) ?? finished.v.message) === finished.v.message
}

const isAudited = (events: readonly Event[], sent: Sent): boolean =>
  events.some((event) => event.type === 'ok' && event.f === 'audit' && sameQueue(event.v, sent.v))
const survives = (events: readonly Event[], sent: Sent): boolean =>
  isAudited(events, sent) && events.findLast((event): event is Pull => isPull(event) && samePlace(event.v, sent.v))?.v.message === sent.op
const isLost = (events: readonly Event[], sent: Sent): boolean => isAudited(events, sent) && !survives(events, sent)

/** "message" */
export const naiveDur1 = (events: readonly Event[]): string[] =>
  sorted(
    acknowledged(events)
      .filter((sent) => isLost(events, sent))
      .map((sent) => `${sent.op}`),
  )

/** For histories without white-box events: "name message" */
export function naiveDur2(events: readonly Event[]): string[] {
  const sent = acknowledged(events)
  return sorted(
    sent
      .filter((one) => isLost(events, one))
      .flatMap((one) => {
        const cut = events.findIndex((event, index) => index > one.invoke && strikes(event, one.v.broker) && isCut(event))
        if (cut < 0) return [`lost without power loss ${one.op}`]
        const hole = sent.some(
          (other) => other.v.broker === one.v.broker && other.ok < cut && other.v.at > one.v.at && survives(events, other),
        )
        return hole ? [`hole ${one.op}`] : []
      }),
  )
}

/** What a message is about: its key, or itself. */
const subject = (message: number, key: string | undefined): string => (key === undefined || key === '' ? `m${message}` : `key ${key}`)

/** For groups whose effects are recorded: "repeated subject" for each effect but the first, "lost message" for each finished one without. */
export function naiveIdm1(events: readonly Event[], recorded: readonly string[]): string[] {
  const effects = events.filter(isEffect)
  const about = ({ v }: Effect): string => `${v.group} ${subject(v.message, v.key)}`
  const repeated = effects.filter((event, k) => effects.slice(0, k).some((before) => about(before) === about(event)))
  const keyOf = (message: number): string | undefined =>
    events.findLast((event): event is SendInvoke => isSendInvoke(event) && event.op === message && (event.v.key ?? '') !== '')?.v.key
  const finished = events.filter((event): event is ConsumeOk => isFinish(event) && recorded.includes(event.v.group))
  const lost = finished.filter(({ v }) => !effects.some((event) => about(event) === `${v.group} ${subject(v.message, keyOf(v.message))}`))
  return sorted([
    ...repeated.map((event) => `repeated ${about(event)}`),
    ...new Set(lost.map(({ v }) => `lost ${v.group} ${subject(v.message, keyOf(v.message))} m${v.message}`)),
  ])
}

/** "id changed message", "id reused message" and "offset id reused message", each against what was seen first, or last of a place. */
export function naiveIdm2(events: readonly Event[]): string[] {
  const seen = events.filter((event): event is SendOk | ConsumeInvoke => isSendOk(event) || isDelivery(event))
  const messageOf = (event: SendOk | ConsumeInvoke): number => (isSendOk(event) ? event.op : event.v.message)
  return sorted(
    seen.flatMap((event, k) => {
      const message = messageOf(event)
      const before = seen.slice(0, k)
      const first = before.find((other) => messageOf(other) === message)
      const firsts = before.filter((other, at) => before.findIndex((one) => messageOf(one) === messageOf(other)) === at)
      const isShared = first === undefined && firsts.some((other) => other.v.msgId === event.v.msgId)
      const { broker, at } = event.v
      const there = at === undefined ? undefined : before.findLast((other) => other.v.broker === broker && other.v.at === at)
      const isMoved = there !== undefined && (messageOf(there) !== message || !samePlace(there.v, event.v))
      return [
        ...(first !== undefined && first.v.msgId !== event.v.msgId ? [`id changed ${message}`] : []),
        ...(isShared ? [`id reused ${message}`] : []),
        ...(isMoved ? [`offset id reused ${message}`] : []),
      ]
    }),
  )
}
