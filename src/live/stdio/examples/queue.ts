/**
 * A queue in memory as an adapter, in TypeScript: the same broker as queue.py, for those who would rather start from this.
 *
 *   npx mqproof conform stdio:"npx tsx queue.ts" --check-adapter
 *
 * Requests come in on stdin, one JSON object a line, each with an `id`; each is answered once, on stdout, under that `id`. Deliveries
 * go out unasked. Whatever else you want to print goes to stderr. For a real broker, put its client library where the maps are.
 */
import { createInterface } from 'node:readline'

type Fields = Record<string, unknown>
interface Message {
  readonly topic: string
  readonly queue: number
  readonly offset: number
  readonly payload: string
  readonly attempt: number
}
interface Consumer {
  readonly group: string
  readonly unsettled: Map<number, Message>
}

/** Unsettled deliveries that a consumer may have. */
const PREFETCH = 16
const topics = new Map<string, Message[][]>()
/** What each group has yet to finish, in order. */
const groups = new Map<string, { readonly topics: readonly string[]; readonly todo: Message[] }>()
const consumers = new Map<string, Consumer>()
let deliveries = 0

/** Something that a request names and that is not there: certainly nothing was done, which is what "fail" means. */
class Missing extends Error {}
function known<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Missing(`there is no ${what}`)
  return value
}
const queueOf = (topic: unknown, queue: number): Message[] =>
  known(topics.get(String(topic))?.[queue], `queue ${queue} of ${String(topic)}`)

// A queue in memory does not outlive its process. It says so, and is not blamed for what it never promised.
const lost = { except: ['processKill', 'gracefulRestart'], source: 'queue.ts keeps everything in memory' }

const handlers: Record<string, (request: Fields) => Fields | undefined> = {
  hello: () => ({
    protocol: 1,
    system: 'queue-ts',
    version: '1.0',
    embedded: true, // this process is the broker: mqproof kills it, pauses it and starts it again
    capabilities: { queues: 8, offsets: true, read: true },
    claims: ['ORD-1', 'ORD-2', 'ALO-1', 'DUR-1', 'DUR-2'].map((guarantee) => ({ guarantee, ...lost })),
  }),
  createTopic({ topic, queues }) {
    const empty = Array.from({ length: Number(queues) }, (): Message[] => [])
    if (!topics.has(String(topic))) topics.set(String(topic), empty) // twice is harmless: a topic that exists stays as it is
    return undefined
  },
  createGroup({ group, topics: names }) {
    if (!groups.has(String(group))) groups.set(String(group), { topics: names as string[], todo: [] }) // from now on it misses nothing
    return undefined
  },
  send({ topic, queue, payload }) {
    const number = typeof queue === 'number' ? queue : 0 // null: the choice is ours
    const messages = queueOf(topic, number)
    const message = { topic: String(topic), queue: number, offset: messages.length, payload: String(payload), attempt: 0 }
    messages.push(message)
    for (const group of groups.values()) if (group.topics.includes(message.topic)) group.todo.push(message)
    return { queue: number, offset: message.offset }
  },
  subscribe({ consumer, group }) {
    if (!consumers.has(String(consumer))) consumers.set(String(consumer), { group: String(group), unsettled: new Map() })
    return undefined
  },
  settle({ consumer, delivery, done }) {
    const { group, unsettled } = known(consumers.get(String(consumer)), `consumer ${String(consumer)}`)
    const message = known(unsettled.get(Number(delivery)), `delivery ${String(delivery)}`)
    unsettled.delete(Number(delivery))
    // The listener failed: deliver it again.
    if (done !== true) groups.get(group)?.todo.unshift({ ...message, attempt: message.attempt + 1 })
    return undefined
  },
  unsubscribe({ consumer }) {
    const gone = known(consumers.get(String(consumer)), `consumer ${String(consumer)}`)
    consumers.delete(String(consumer))
    // What it has not settled goes to others, or to itself when it comes back.
    groups.get(gone.group)?.todo.unshift(...gone.unsettled.values())
    return undefined
  },
  read: ({ topic, queue }) => ({ messages: queueOf(topic, Number(queue)).map(({ offset, payload }) => ({ offset, payload })) }),
}

const say = (message: Fields): boolean => process.stdout.write(`${JSON.stringify(message)}\n`)

function deliver(): void {
  for (const [consumer, { group, unsettled }] of consumers) {
    const todo = groups.get(group)?.todo ?? []
    while (unsettled.size < PREFETCH) {
      const message = todo.shift()
      if (message === undefined) break
      unsettled.set(++deliveries, message)
      say({ type: 'deliver', delivery: deliveries, consumer, ...message })
    }
  }
}

function answer(request: Fields): Fields {
  const handler = handlers[String(request['type'])]
  if (handler === undefined) return { type: 'unsupported' }
  try {
    return { type: 'ok', ...handler(request) }
  } catch (error) {
    if (error instanceof Missing) return { type: 'fail', status: error.message }
    throw error
  }
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const request = JSON.parse(line) as Fields
  say({ id: request['id'], ...answer(request) })
  deliver()
})
