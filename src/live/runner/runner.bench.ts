/**
 * How fast the live runner is by itself: 64 workers against a target that answers at once, with the history kept. Run it compiled:
 * `npx tsc -p tsconfig.bench.json && node .mqproof/bench/live/runner/runner.bench.js`.
 */
import type { Event } from '../../history/event.ts'
import type { Group, Plan } from '../../plan/plan.ts'
import { seconds } from '../../plan/units.ts'
import { FakeTarget } from '../testing/fake-target.ts'
import { livePlan } from '../testing/live-plan.ts'
import { LiveExecutor } from './executor.ts'

const WORKERS = 64
const DURATION = seconds(3)
/** More than it can do. */
const OFFERED_PER_SECOND = 400_000
const MESSAGE_BYTES = 100

function planWith(groups: Group[]): Plan {
  const everyUs = Math.floor((WORKERS * seconds(1)) / OFFERED_PER_SECOND)
  return livePlan({
    cluster: { groups },
    workload: [
      { do: 'load', client: 'p1', atUs: 0, salt: 1, topic: 'T', bytes: MESSAGE_BYTES, workers: WORKERS, durationUs: DURATION, everyUs },
    ],
  })
}

async function measure(what: string, groups: Group[]): Promise<string> {
  const events: Event[] = []
  const executor = new LiveExecutor(new FakeTarget(), { version: '0', token: 'bench' })
  const cpu = process.cpuUsage()
  const outcome = await executor.run(planWith(groups), (event) => events.push(event))
  const { user, system } = process.cpuUsage(cpu)
  const acked = events.filter((event) => event.type === 'ok' && event.f === 'send')
  const lastUs = acked[acked.length - 1]?.t ?? 0
  const perSecond = Math.round((acked.length * 1e6) / lastUs)
  const cpuUs = Math.round((user + system) / acked.length)
  return `${what}: ${perSecond} sends/s, ${cpuUs} µs of processor each, ${events.length} events, ${outcome.drain.drained ? 'drained' : outcome.drain.reason}`
}

const none = await measure('nobody listens', [])
const one = await measure('one group listens', [{ name: 'g', topics: ['T'], consumers: ['c1', 'c2'] }])
process.stdout.write(`${none}\n${one}\n`)
