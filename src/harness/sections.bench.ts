/** What is measured, section by section. */
import { execFileSync } from 'node:child_process'
import { runChecks } from '../check/run-checkers.ts'
import { registry, runReference } from '../cli/registry.ts'
import { presetOf } from '../generate/presets.ts'
import type { Event } from '../history/event.ts'
import { mix } from '../plan/hash.ts'
import { Plan } from '../plan/plan.ts'
import { hours, seconds, showMs } from '../plan/units.ts'
import { short } from '../report/numbers.ts'
import { Agenda, Entry } from '../sim/agenda.ts'
import { VERSION } from '../version.ts'
import { campaigns } from './campaign.bench.ts'
import { drawer } from './drawing.ts'
import type { Outcome } from './executor.ts'
import { ASYNC, LARGE, loadPlan, shortPlan, SYNC } from './load.bench.ts'
import { median, rate, round, timed, type Line } from './measure.bench.ts'
import { judgeHistory, violated, type Judged } from './run-plan.ts'

const subject = registry.subjectOf('rocketmq')

interface Run {
  readonly outcome: Outcome
  readonly events: readonly Event[]
  readonly judged: Judged
}

/** `promisedOnly`: what a campaign judges, in place of everything. */
function runAndJudge(plan: Plan, promisedOnly = false): Run {
  const events: Event[] = []
  const outcome = runReference(plan, (event) => events.push(event))
  return { outcome, events, judged: judgeHistory(subject.contract, outcome.header, events, outcome.drain, { promisedOnly }) }
}

const stepsOf = ({ outcome }: Run): number => outcome.steps
const detailOf = ({ outcome, events, judged }: Run): Line['detail'] => ({
  steps: outcome.steps,
  events: events.length,
  simulatedMs: showMs(outcome.simulatedUs),
  drained: String(outcome.drain.drained),
  violated: violated(judged)
    .map(({ id }) => id)
    .join(' '),
})

/** Heap, entries and keys as in a world, and nothing that handles them: an upper limit for any simulation on this machine. */
function bareLoop(steps: number): number {
  const agenda = new Agenda()
  for (let k = 0; k < 64; k++) agenda.push(new Entry(k, mix(k, 1), k, 'timer', 0, 0, 0, '', 0, 0, null))
  let sum = 0
  for (let k = 0; k < steps; k++) {
    const entry = agenda.pop()
    if (entry === undefined) break
    sum ^= entry.key
    const key = mix(entry.key, k)
    agenda.push(new Entry(entry.time + 1 + (key & 1023), mix(key, 1), key, 'timer', 0, 0, 0, '', 0, 0, null))
  }
  return sum
}

const LOOP = 3_000_000
const loop = (): Line[] => [rate({ id: 'loop', what: 'a bare event loop', unit: 'steps', body: () => bareLoop(LOOP), count: () => LOOP })]

const THOUSAND = { perSecond: 1000, durationUs: seconds(30), faults: false }
const thousand = (config: typeof SYNC): Plan => loadPlan({ ...THOUSAND, config })

/** What the child process of `cold` does: its first run, in steps a second by the clock and by the processor. */
export function coldRun(): [number, number] {
  const { value, wallMs, cpuMs } = timed(() => runAndJudge(thousand(SYNC)))
  return [(1000 * stepsOf(value)) / wallMs, (1000 * stepsOf(value)) / cpuMs]
}

function cold(program: string): Line {
  const rates = Array.from({ length: 3 }, () => {
    const said = execFileSync(process.execPath, [...process.execArgv, program, 'cold'], { encoding: 'utf8' })
    return JSON.parse(said) as [wall: number, cpu: number]
  })
  const what = 'the first of these in a process'
  const [perSecond, perCpuSecond] = [round(median(rates.map(([wall]) => wall))), round(median(rates.map(([, cpu]) => cpu)))]
  return { id: 'steps-cold', what, unit: 'steps', perSecond, perCpuSecond, detail: {} }
}

function steps(program: string): Line[] {
  const [sync, async] = [thousand(SYNC), thousand(ASYNC)]
  const all = { unit: 'steps', warmUps: 3, count: stepsOf, detail: detailOf }
  return [
    rate({ id: 'steps-sync', what: '1,000 msg/s, SYNC_FLUSH hardened, history and all checks', ...all, body: () => runAndJudge(sync) }),
    cold(program),
    rate({
      id: 'steps-async',
      what: '1,000 msg/s, ASYNC_FLUSH as shipped, history and all checks',
      ...all,
      body: () => runAndJudge(async),
    }),
    rate({
      id: 'steps-alone',
      what: '1,000 msg/s, SYNC_FLUSH hardened, neither history nor checks',
      unit: 'steps',
      warmUps: 3,
      body: () => runReference(sync, () => undefined),
      count: (outcome) => outcome.steps,
    }),
  ]
}

/** What a step costs in a larger cluster: to be compared with `steps-sync`. */
function size(): Line[] {
  const plan = loadPlan({ ...THOUSAND, config: SYNC, cluster: LARGE })
  const what = 'the same with 3 brokers of 8 queues, 4 producers, 12 consumers'
  return [rate({ id: 'steps-large', what, unit: 'steps', warmUps: 3, body: () => runAndJudge(plan), count: stepsOf, detail: detailOf })]
}

const SHORT_RUNS = 500
function shortRuns(): number {
  let total = 0
  for (let seed = 1; seed <= SHORT_RUNS; seed++) total += stepsOf(runAndJudge(shortPlan(seed), true))
  return total
}
const shorts = (): Line[] => [
  rate({
    id: 'short',
    what: '20 operations and 3 faults: drawn, run and checked, as a campaign does',
    unit: 'runs',
    warmUps: 4,
    body: shortRuns,
    count: () => SHORT_RUNS,
    detail: (total) => ({ stepsPerRun: Math.round(total / SHORT_RUNS) }),
  }),
]

const time = (): Line[] =>
  [100, 1000].map((perSecond) => {
    const plan = loadPlan({ perSecond, durationUs: seconds(60), config: SYNC, faults: true })
    const what = `${perSecond} msg/s for a minute, a fault every 4 s, history and all checks`
    const count = ({ outcome }: Run): number => outcome.simulatedUs / seconds(1)
    return rate({ id: `time-${perSecond}`, what, unit: 'simulated seconds', body: () => runAndJudge(plan), count, detail: detailOf })
  })

function checkersOver(id: string, durationUs: number): Line {
  const { outcome, events } = runAndJudge(loadPlan({ perSecond: 1000, durationUs, config: SYNC, faults: true }))
  return rate({
    id,
    what: `all checkers in one pass over ${short(events.length)} events in memory`,
    unit: 'events',
    body: () => runChecks(outcome.header, events, outcome.drain),
    count: () => events.length,
    detail: () => ({ events: events.length }),
  })
}
/** Two sizes, so that what is not linear shows. */
const checkers = (): Line[] => [checkersOver('checkers-quarter', seconds(27)), checkersOver('checkers', seconds(108))]

/** A thousand messages in an hour, in files of 64 KiB, and one message eighty hours later: by then those files have had their three days, and are gone. */
function retention(): Line[] {
  const message = { client: 'p1', topic: 'T', bytes: 512 } as const
  const plan = Plan.parse({
    ...loadPlan({
      perSecond: 100,
      durationUs: seconds(1),
      config: { preset: 'rocketmq-5.5', parameters: { segmentBytes: 65_536 } },
      faults: false,
    }),
    workload: [
      { do: 'load', ...message, atUs: seconds(1), salt: 1, workers: 1, durationUs: hours(1), everyUs: hours(1) / 1000 },
      { do: 'send', ...message, atUs: hours(80), salt: 2, mode: 'sync' },
    ],
  })
  const body = (): Run => runAndJudge(plan)
  const detail = (run: Run): Line['detail'] => ({
    ...detailOf(run),
    files: run.events.reduce((sum, event) => sum + (event.type === 'white' && event.f === 'cleaned' ? event.v.files.length : 0), 0),
  })
  return [
    rate({ id: 'retention', what: '80 hours of retention with 1,000 messages', unit: 'runs', warmUps: 2, body, count: () => 1, detail }),
  ]
}

const RUNS_MAX = 2_000

/** The first campaign of the kill matrix, without the shrinking: the run that found the bug, or null. */
function hunt({ id, guarantee, preset }: (typeof registry.mutants)[number]): number | null {
  const draw = drawer(subject, { preset: presetOf(preset), seed: '1/1', version: VERSION, mutant: id })
  for (let run = 1; run <= RUNS_MAX; run++) if (violated(runAndJudge(draw(run)).judged).some((one) => one.id === guarantee)) return run
  return null
}

function mutants(): Line[] {
  const hunts = registry.mutants.map((mutant) => ({ id: mutant.id, ...timed(() => hunt(mutant)) }))
  const killed = hunts.flatMap(({ value }) => (value === null ? [] : [value]))
  const perKill = (times: readonly number[]): number => round(1000 / median(times))
  const each = hunts.map(({ id, value, wallMs }) => [id, `${value === null ? 'never' : `run ${value}`}, ${Math.round(wallMs)} ms`] as const)
  return [
    {
      id: 'mutants',
      what: `planted bugs found (${killed.length} of ${hunts.length}), the median of them`,
      unit: 'kills',
      perSecond: perKill(hunts.map(({ wallMs }) => wallMs)),
      perCpuSecond: perKill(hunts.map(({ cpuMs }) => cpuMs)),
      detail: {
        medianRuns: median(killed),
        slowestMs: Math.round(Math.max(...hunts.map(({ wallMs }) => wallMs))),
        ...Object.fromEntries(each),
      },
    },
  ]
}

/** `program`: the file to start for what needs a process of its own. */
type Section = (program: string) => Line[] | Promise<Line[]>
export const SECTIONS: Readonly<Record<string, Section>> = {
  loop,
  steps,
  size,
  short: shorts,
  campaign: campaigns,
  time,
  checkers,
  retention,
  mutants,
}
