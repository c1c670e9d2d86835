/** How the sends of one target are counted: by its producer alone, and through the runner with the history kept. */
import type { Event } from '../../history/event.ts'
import type { Group, Plan } from '../../plan/plan.ts'
import { ms, seconds, type Us } from '../../plan/units.ts'
import { writePayload } from '../payload.ts'
import { LiveExecutor } from '../runner/executor.ts'
import type { Outgoing, Target } from '../target.ts'
import { livePlan } from '../testing/live-plan.ts'
import { meter, type Usage } from './processor.bench.ts'

export interface Offer {
  /** Sends under way at once: each worker waits for its answer. */
  readonly workers: number
  readonly bytes: number
}

export interface Rate {
  readonly sendsPerSecond: number
  /** What groups have finished in the same time. */
  readonly consumedPerSecond: number
  /** Processor time for each send of that time, of this process and of the broker. */
  readonly ownCpuUs: number
  readonly brokerCpuUs: number
  /** Processors that were busy with something else. */
  readonly othersBusy: number
  /** Why the round did not drain, or what the broker said instead of yes. */
  readonly note: string
}

const QUEUES_MAX = 4
const queuesFor = ({ hello }: Target): number => Math.min(QUEUES_MAX, hello.capabilities.queuesMax)

/** What is hot is compiled by then, in a broker on a virtual machine of its own as in this process. */
const WARM_UP = seconds(4)
const MEASURED = seconds(5)
/** How exactly the processor's use is taken from the measured time alone. */
const EDGE_MS = 20
/** More than any broker here can do: a worker has its next send ready whenever it gets an answer. */
const OFFERED_PER_SECOND = 100_000

/** Counts what happens, and what it costs, between two moments. */
class Window {
  sends = 0
  consumed = 0
  private from: (() => Usage) | null = null
  private usage: Usage | null = null

  /** Called with each event, whose time is told by whoever knows it. */
  at(nowUs: Us): boolean {
    if (nowUs >= WARM_UP && this.from === null) this.from = meter()
    if (nowUs >= WARM_UP + MEASURED) this.usage ??= this.from?.() ?? null
    return this.from !== null && this.usage === null
  }

  rate(note: string): Rate {
    const usage = this.usage ?? this.from?.() ?? meter()()
    const { ownMs, brokersMs, othersMs, wallMs } = usage
    return {
      sendsPerSecond: (1000 * this.sends) / wallMs,
      consumedPerSecond: (1000 * this.consumed) / wallMs,
      ownCpuUs: (1000 * ownMs) / this.sends,
      brokerCpuUs: (1000 * brokersMs) / this.sends,
      othersBusy: othersMs / wallMs,
      note,
    }
  }
}

/** What a driver does when nobody keeps a history: workers that send, and count the answers. */
export async function driverAlone(target: Target, { workers, bytes }: Offer): Promise<Rate> {
  const name = `mqspeed${Date.now().toString(36)}`
  const topics = [{ topic: name, queues: queuesFor(target) }]
  // A broker that routes to the queues of groups refuses what nobody wants.
  const groups = [{ group: `${name}-g`, topics: [name] }]
  await target.setUp(topics, groups)
  const producer = await target.openProducer('p1', { check: () => 'unknown' })
  const payload = writePayload('speed', { op: 1, digest: 1, bytes, text: '' })
  const message: Outgoing = { topic: name, queue: null, payload, mode: 'sync' }
  const window = new Window()
  let note = ''
  const startMs = performance.now()
  let over = false
  const work = async (): Promise<void> => {
    while (!over) {
      const result = await producer.send(message)
      if (result.type !== 'ok') note = result.status
      const nowUs = ms(performance.now() - startMs)
      if (window.at(nowUs)) window.sends++
      over = nowUs > WARM_UP + MEASURED
    }
  }
  await Promise.all(Array.from({ length: workers }, work))
  await producer.close()
  await target.tearDown(topics, groups)
  return window.rate(note)
}

function loadPlan(target: Target, groups: Group[], { workers, bytes }: Offer): Plan {
  const everyUs = Math.floor((workers * seconds(1)) / OFFERED_PER_SECOND)
  const durationUs = WARM_UP + MEASURED + ms(EDGE_MS)
  const plan = livePlan({
    cluster: { groups, topics: [{ name: 'T', queues: queuesFor(target) }] },
    workload: [{ do: 'load', client: 'p1', atUs: 0, salt: 1, topic: 'T', bytes, workers, durationUs, everyUs }],
  })
  return { ...plan, system: target.hello.system }
}

const GROUP: Group = { name: 'g', topics: ['T'], consumers: ['c1', 'c2'] }

export async function throughRunner(target: Target, withGroup: boolean, offer: Offer): Promise<Rate> {
  const events: Event[] = []
  const window = new Window()
  const executor = new LiveExecutor(target, { version: '0', token: `speed${Date.now().toString(36)}` })
  const plan = loadPlan(target, withGroup ? [GROUP] : [], offer)
  const { drain } = await executor.run(plan, (event) => {
    events.push(event)
    if (!window.at(event.t) || event.type !== 'ok') return
    if (event.f === 'send') window.sends++
    else if (event.f === 'consume') window.consumed++
  })
  return window.rate(drain.drained ? '' : drain.reason)
}
