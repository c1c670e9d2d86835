/**
 * A broker that keeps its promises through a kill: every message is appended to a log and forced before the answer. It is also the
 * shape of most adapters in TypeScript or JavaScript.
 *
 *   npx mqproof conform stdio:"npx tsx log.ts" --faults processKill
 *
 * The process is the broker (`embedded`), so mqproof kills it and starts it again. MQPROOF_DATA names the directory that survives.
 */
import { closeSync, existsSync, fdatasyncSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

type Fields = Record<string, unknown>
interface Message {
  readonly topic: string
  readonly queue: number
  readonly offset: number
  readonly payload: string
  readonly attempt: number
}
interface Group {
  readonly topics: readonly string[]
  readonly todo: Message[]
}
interface Consumer {
  readonly group: string
  readonly unsettled: Map<number, Message>
}

const PREFETCH = 16
const topics = new Map<string, Message[][]>()
const groups = new Map<string, Group>()
const consumers = new Map<string, Consumer>()
let deliveries = 0

/** What the log says is what is true: the same function applies a record when it is written and when it is read again. */
function apply(record: Fields): void {
  const topic = String(record['topic'])
  const group = String(record['group'])
  switch (record['is']) {
    case 'topic':
      if (!topics.has(topic))
        topics.set(
          topic,
          Array.from({ length: Number(record['queues']) }, () => []),
        )
      return
    case 'group':
      if (!groups.has(group)) groups.set(group, { topics: record['topics'] as string[], todo: [] })
      return
    case 'message': {
      const message = {
        topic,
        queue: Number(record['queue']),
        offset: Number(record['offset']),
        payload: String(record['payload']),
        attempt: 0,
      }
      topics.get(topic)?.[message.queue]?.push(message)
      for (const one of groups.values()) if (one.topics.includes(topic)) one.todo.push(message)
      return
    }
    case 'done': {
      const todo = groups.get(group)?.todo ?? []
      const at = todo.findIndex((one) => one.topic === topic && one.queue === record['queue'] && one.offset === record['offset'])
      if (at >= 0) todo.splice(at, 1)
    }
  }
}

const file = join(process.env['MQPROOF_DATA'] ?? '.', 'log.jsonl')
/** A kill may cut the last record short. It was not forced, so nobody was told of it: it is left out, and the log goes on after it. */
function recover(): void {
  for (const line of existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []) {
    try {
      apply(JSON.parse(line) as Fields)
    } catch {
      process.stderr.write(`left out: ${line.slice(0, 40)}\n`)
    }
  }
}
recover()
const log = openSync(file, 'a')
writeSync(log, '\n')

function store(record: Fields, force: boolean): void {
  writeSync(log, `${JSON.stringify(record)}\n`)
  if (force) fdatasyncSync(log)
}

/** What an unfinished consumer held is delivered again, before everything else. */
const giveBack = (group: string, messages: Iterable<Message>): void => {
  groups.get(group)?.todo.unshift(...messages)
}

const handlers: Record<string, (request: Fields) => Fields> = {
  hello: () => ({ protocol: 1, system: 'log-ts', version: '1.0', embedded: true, capabilities: { queues: 8, offsets: true, read: true } }),
  createTopic({ topic, queues }) {
    const record = { is: 'topic', topic, queues }
    store(record, true)
    apply(record)
    return {}
  },
  createGroup({ group, topics: names }) {
    const record = { is: 'group', group, topics: names }
    store(record, true)
    apply(record)
    return {}
  },
  send({ topic, queue, payload }) {
    const queues = topics.get(String(topic)) ?? []
    const to = typeof queue === 'number' ? queue : 0
    const messages = queues[to]
    if (messages === undefined) throw new Error(`there is no queue ${to} of ${String(topic)}`)
    const record = { is: 'message', topic, queue: to, offset: messages.length, payload }
    store(record, true) // first on stable storage, then in sight, then acknowledged
    apply(record)
    return { queue: to, offset: record.offset }
  },
  subscribe({ consumer, group }) {
    const name = String(consumer)
    if (!consumers.has(name)) consumers.set(name, { group: String(group), unsettled: new Map() })
    return {}
  },
  settle({ consumer, delivery, done }) {
    const { group, unsettled } = consumers.get(String(consumer)) ?? { group: '', unsettled: new Map<number, Message>() }
    const message = unsettled.get(Number(delivery))
    unsettled.delete(Number(delivery))
    if (message === undefined) return {}
    // Not forced: at worst the group sees the message again. That is what "at least once" leaves us free to do.
    if (done === true) store({ is: 'done', group, topic: message.topic, queue: message.queue, offset: message.offset }, false)
    else giveBack(group, [{ ...message, attempt: message.attempt + 1 }])
    return {}
  },
  unsubscribe({ consumer }) {
    const gone = consumers.get(String(consumer))
    consumers.delete(String(consumer))
    if (gone !== undefined) giveBack(gone.group, gone.unsettled.values())
    return {}
  },
  read: ({ topic, queue }) => ({
    messages: (topics.get(String(topic))?.[Number(queue)] ?? []).map(({ offset, payload }) => ({ offset, payload })),
  }),
}

const say = (message: Fields): boolean => process.stdout.write(`${JSON.stringify(message)}\n`)

function deliver(): void {
  for (const [name, { group, unsettled }] of consumers) {
    const todo = groups.get(group)?.todo ?? []
    while (todo.length > 0 && unsettled.size < PREFETCH) {
      const message = todo.shift() as Message
      unsettled.set(++deliveries, message)
      say({ type: 'deliver', delivery: deliveries, consumer: name, ...message })
    }
  }
}

const requests = createInterface({ input: process.stdin })
requests.on('line', (line) => {
  const request = JSON.parse(line) as Fields & { id: number; type: string }
  try {
    const handler = handlers[request.type]
    say(handler === undefined ? { id: request.id, type: 'unsupported' } : { id: request.id, type: 'ok', ...handler(request) })
  } catch (error) {
    // Nothing was stored, so "fail" is right. Where you can't be sure, say "info".
    say({ id: request.id, type: 'fail', status: String(error) })
  }
  deliver()
})
requests.on('close', () => {
  closeSync(log)
  process.exit(0)
})
