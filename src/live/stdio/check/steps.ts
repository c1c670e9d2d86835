/** The steps of the walk. Nothing is judged here but the adapter: whether a quiet broker does through it what each message is for. */
import type { Fault, FaultKind } from '../../../plan/faults.ts'
import type { Reading, SendResult } from '../../target.ts'
import { ms } from '../../../plan/units.ts'
import { pause } from '../../waits.ts'
import { DELAYS } from '../clients.ts'
import { statusOf } from '../registrations.ts'
import { walkHello } from './hello.ts'
import { TOPIC, type Walk } from './walk.ts'

const GROUPS = ['mqproof-check-g', 'mqproof-check-h'] as const
const FAULT_US = 100_000
/** A client that has lost its broker may need longer than an answer. */
const RECONNECTS = 2

async function probe(walk: Walk): Promise<void> {
  const answer = await walk.target.adapter.request('probe', {})
  if (answer.type === 'unsupported') walk.ok('probe', 'a request that it does not know is answered "unsupported"')
  else walk.warn('probe', `a request that does not exist was answered "${answer.type}": "unsupported" was expected`)
}

/** Twice: a restarted broker is told again. */
async function setUp(walk: Walk): Promise<void> {
  const groups = GROUPS.map((group) => ({ group, topics: [TOPIC] }))
  await walk.target.setUp([walk.topic], groups)
  await walk.target.setUp([walk.topic], groups)
  walk.ok('createTopic', 'topics and groups can be made, and made again')
}

function judgeSend(walk: Walk, result: SendResult, wanted: number | null): void {
  const { success } = walk.hello
  if (result.type !== 'ok') {
    walk.error(
      'send',
      `a send with nothing wrong was answered "${result.type}", with the status ${JSON.stringify(result.status)}: "ok" was expected`,
    )
    return
  }
  const { queue } = result.shown
  if (wanted !== null && queue !== wanted) walk.error('send', `a message for queue ${wanted} was acknowledged in queue ${queue}`)
  if (success.length > 0 && !success.includes(result.status))
    walk.warn('send', `the status ${JSON.stringify(result.status)} is not among "success": such an answer counts against DUR-4`)
}

/** Several at once, since calls overlap. */
async function send(walk: Walk): Promise<void> {
  const queues = [0, 0, walk.topic.queues - 1, null, 0]
  const results = await Promise.all(queues.map((queue) => walk.send(queue)))
  for (const [k, result] of results.entries()) judgeSend(walk, result, queues[k] ?? null)
  if (walk.sent.length === 0) return
  const places = walk.sent.map(({ queue, offset }) => `${queue}@${offset}`)
  if (walk.hello.capabilities.offsets && new Set(places).size < places.length)
    walk.error('send', `two messages were acknowledged at one place: ${places.join(', ')}`)
  walk.ok('send', `${walk.sent.length} of ${queues.length} sends at the same time were acknowledged`)
}

/** Whether all that was sent came, as it was sent. */
async function arrives(walk: Walk, consumer: string): Promise<boolean> {
  const all = await walk.until(() => walk.missing(consumer).length === 0)
  for (const { text, delivery } of walk.seen.filter((one) => one.consumer === consumer)) {
    const sent = walk.sent.find((one) => one.text === text)
    if (sent === undefined) walk.error('deliver', `a payload came that was not sent: ${JSON.stringify(text.slice(0, 80))}`)
    else if (delivery.topic !== TOPIC) walk.error('deliver', `a message of ${TOPIC} came as one of ${delivery.topic}`)
    else if (sent.offset >= 0 && (sent.offset !== delivery.offset || sent.queue !== delivery.queue))
      walk.error(
        'deliver',
        `a message was acknowledged at ${sent.queue}@${sent.offset} and delivered from ${delivery.queue}@${delivery.offset}`,
      )
  }
  if (all) return true
  const [first] = walk.missing(consumer)
  const count = walk.missing(consumer).length
  walk.error(
    'deliver',
    `${count} of ${walk.sent.length} acknowledged messages never came to ${consumer}, the first is ${JSON.stringify(first?.text.slice(0, 60))}`,
  )
  return false
}

/** The first group: each message fails once, then it is done, then nothing more comes. */
async function consume(walk: Walk): Promise<void> {
  const [group] = GROUPS
  const consumer = await walk.consume('c1', group, ['c1'], ({ text }) => walk.times('c1', text) > 1)
  if (await arrives(walk, 'c1')) walk.ok('deliver', 'a group is given what was sent before it subscribed, character by character')
  const again = await walk.until(() => walk.sent.every(({ text }) => walk.times('c1', text) > 1))
  if (!again) walk.error('settle', 'a delivery was settled with "done": false, and the message did not come again')
  else if (walk.seen.every(({ delivery }) => delivery.attempt === 0))
    walk.warn('settle', '"attempt" stays 0 when a message is delivered again')
  else walk.ok('settle', 'what a listener has failed comes again')
  const count = walk.seen.length
  const more = await walk.until(() => walk.seen.length > count, walk.quietMs)
  if (more && again) walk.error('settle', 'a delivery was settled with "done": true, and the message came again')
  await progress(walk)
  await consumer.close()
}

async function progress(walk: Walk): Promise<void> {
  if (!walk.hello.capabilities.commits) return
  if (walk.assigned.length === 0)
    walk.error('assigned', 'hello says "commits", and no "assigned" was pushed when a consumer took up its queues')
  const told = (): boolean => walk.committed.size > 0
  if (await walk.until(told, walk.quietMs)) walk.ok('committed', 'progress is told')
  else
    walk.warn(
      'committed',
      'hello says "commits", and no "committed" was pushed after everything was done; is progress told only now and then?',
    )
}

/** The second group: its consumer dies at work, and the next one is given what it held. */
async function leave(walk: Walk): Promise<void> {
  const [, group] = GROUPS
  // One at a time: an adapter may deal queues out by the list of members, once and for all.
  const dying = await walk.consume('c2', group, ['c2'], () => null)
  if (!(await walk.until(() => walk.seen.some(({ consumer }) => consumer === 'c2')))) {
    walk.error('deliver', `the second group was given nothing: each group gets every message`)
  }
  dying.abort()
  const next = await walk.consume('c3', group, ['c3'], () => true)
  if (await arrives(walk, 'c3')) walk.ok('unsubscribe', 'what a dead consumer held is given to the next one')
  await next.close()
  const { length } = walk.ear.lines
  await walk.send(0)
  const late = await walk.until(() => walk.ear.lines.slice(length).some(({ message }) => message.type === 'deliver'), walk.quietMs)
  if (late) walk.error('unsubscribe', 'a message was delivered to a consumer that had left')
}

/** The shortest delay: the message comes when it is over, and not before. */
async function delay(walk: Walk): Promise<void> {
  if (!walk.hello.capabilities.delays) return
  const [, group] = GROUPS
  const consumer = await walk.consume('c4', group, ['c4'], () => true)
  const text = walk.text()
  const sentMs = performance.now()
  const result = await walk.send(0, text, 1)
  if (result.type !== 'ok')
    walk.error('delay', `a send with "delayMs" was answered "${result.type}", with the status ${JSON.stringify(result.status)}`)
  const came = await walk.until(() => walk.times('c4', text) > 0, walk.answerMs + DELAYS[0] / ms(1))
  const afterMs = performance.now() - sentMs
  if (!came) walk.error('delay', `a message that was delayed by ${DELAYS[0] / ms(1)} ms never came`)
  else if (afterMs < DELAYS[0] / ms(1))
    walk.error('delay', `a message that was delayed by ${DELAYS[0] / ms(1)} ms came after ${afterMs.toFixed()} ms`)
  else walk.ok('delay', 'what is delayed comes when its time is over')
  await consumer.close()
}

async function read(walk: Walk): Promise<void> {
  const { target, topic, sent } = walk
  if (target.read === undefined) return
  const held: Reading[] = []
  for (let queue = 0; queue < topic.queues; queue++) held.push(await target.read(TOPIC, queue))
  const texts = held.flatMap(({ messages }) => messages.map(({ payload }) => Buffer.from(payload).toString()))
  const lost = sent.filter(({ text }) => !texts.includes(text))
  if (lost.length > 0)
    walk.error('read', `${lost.length} of ${sent.length} acknowledged messages are not there: reading must not take anything away`)
  for (const [queue, reading] of held.entries()) {
    const offsets = reading.messages.map(({ offset }) => offset)
    if (offsets.some((offset, k) => k > 0 && offset <= (offsets[k - 1] ?? -1)))
      walk.error('read', `the offsets of queue ${queue} do not rise: ${offsets.join(', ')}`)
    for (const { offset, payload } of reading.messages) {
      const acked = sent.find(({ text }) => text === Buffer.from(payload).toString())
      if (acked !== undefined && acked.offset >= 0 && acked.offset !== offset)
        walk.error('read', `a message acknowledged at ${acked.offset} is read at ${offset}`)
    }
  }
  if (lost.length === 0) walk.ok('read', `what was acknowledged is there: ${texts.length} messages`)
}

/** One that is committed, one that is rolled back, and where the broker asks back, one that is left open. */
async function transact(walk: Walk): Promise<void> {
  const { producer, hello } = walk
  const { transactions } = hello.capabilities
  if (transactions === 'none' || producer?.begin === undefined || producer.end === undefined) return
  const consumer = await walk.consume('c4', GROUPS[0], ['c4'], () => true)
  const texts = new Map([...(['commit', 'rollback', 'unknown'] as const)].map((outcome) => [outcome, walk.text()]))
  for (const [outcome, text] of texts) {
    const half = await producer.begin({ topic: TOPIC, queue: 0, payload: Buffer.from(text), mode: 'sync' })
    if (half.result.type !== 'ok') walk.error('begin', `it was answered "${half.result.type}": ${half.result.status}`)
    else await producer.end(half, outcome)
  }
  const came = (outcome: 'commit' | 'rollback' | 'unknown'): boolean => walk.times('c4', texts.get(outcome) ?? '') > 0
  if (!(await walk.until(() => came('commit')))) walk.error('end', 'a message was committed and never came')
  await walk.until(() => came('rollback'), walk.quietMs)
  if (came('rollback')) walk.error('end', 'a message was rolled back and came')
  else walk.ok('end', 'what is committed comes, what is rolled back does not')
  if (transactions === 'checked') {
    const asked = (): boolean => walk.ear.lines.some(({ message }) => message.type === 'check')
    if (await walk.until(asked)) walk.ok('check', 'the broker asks back for what was left open')
    else
      walk.warn(
        'check',
        `no "check" was pushed within ${walk.answerMs / 1000} s for a transaction that was left open; does the broker wait longer?`,
      )
  }
  await consumer.close()
}

const sample = (kind: FaultKind, on: string, peer: string): Fault => {
  const moment = { atUs: 0, salt: 0 }
  const window = { on, ...moment, forUs: FAULT_US }
  switch (kind) {
    case 'powerLoss':
      return { kind, ...window, keep: 'none' }
    case 'bitCorruption':
      return { kind, on, ...moment }
    case 'clockOffset':
    case 'clockJump':
      return { kind, on, ...moment, byUs: FAULT_US }
    case 'clockDrift':
      return { kind, ...window, ppm: 1000 }
    case 'netLoss':
    case 'netDelay':
    case 'netDuplicate':
    case 'netReorder':
      return { kind, ...window, peer, permille: 1000 }
    case 'cut':
      return { kind, ...window, peer, oneWay: false }
    default:
      return { kind, ...window }
  }
}

/** Its end is when the broker answers, and a consumer that was there before goes on. */
async function goesOn(walk: Walk, kind: FaultKind, during: SendResult): Promise<void> {
  const text = walk.text()
  const after = await walk.send(0, text)
  if (after.type !== 'ok') {
    walk.error(kind, `after its end a send was answered "${after.type}" (${after.status}): answer "end" once the broker is up again`)
    return
  }
  if (await walk.until(() => walk.times('c5', text) > 0, RECONNECTS * walk.answerMs))
    walk.ok(kind, `it strikes (a send was answered "${during.type}"), it ends, and deliveries go on`)
  else
    walk.error(kind, 'what was sent after its end never came to a consumer that was there before: it must go on, or "subscribe" work again')
}

/** Each kind that it offers, once: it must strike, end, and leave a broker that answers and delivers. */
async function faults(walk: Walk): Promise<void> {
  const { target, hello } = walk
  const [on = 'b1'] = hello.brokers
  if (target.faults.kinds.size === 0) return
  const consumer = await walk.consume('c5', GROUPS[1], ['c5'], () => true)
  for (const kind of target.faults.kinds) {
    const fault = sample(kind, on, 'p1')
    let struck = false
    await target.faults.begin(fault, () => (struck = true))
    const during = await walk.send(0)
    await pause(FAULT_US / 1000)
    await target.faults.end(fault)
    if (struck) await goesOn(walk, kind, during)
    else walk.warn(kind, 'it did not strike: "begin" was not answered "ok"')
  }
  await consumer.close()
}

async function leaves(walk: Walk): Promise<void> {
  const { adapter } = walk.target
  const answer = await adapter.request('tearDown', { topics: [TOPIC], groups: [...GROUPS] })
  if (answer.type === 'ok' || answer.type === 'unsupported') walk.ok('tearDown', answer.type)
  else walk.warn('tearDown', `it was answered "${answer.type}": ${statusOf(answer)}`)
  if (await adapter.close()) walk.ok('end of stdin', 'it ends')
  else walk.warn('end of stdin', 'it did not end within 2 s, and was killed')
}

export const STEPS: readonly ((walk: Walk) => Promise<void>)[] = [
  walkHello,
  probe,
  setUp,
  send,
  consume,
  leave,
  delay,
  read,
  transact,
  faults,
  leaves,
]
