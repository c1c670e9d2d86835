/**
 * `npm run bench`: how fast the pipe is, on the compiled code, and as ratios to a bare event loop on the same machine in the same minute.
 * `--json` prints one document; names of sections (`loop steps short time checkers mutants`) limit what is measured.
 */
import { execFileSync } from 'node:child_process'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { runChecks } from '../check/run-checkers.ts'
import { registry, runReference } from '../cli/registry.ts'
import { presetOf } from '../generate/presets.ts'
import type { Event } from '../history/event.ts'
import { mix } from '../plan/hash.ts'
import type { Plan } from '../plan/plan.ts'
import { seconds, showMs } from '../plan/units.ts'
import { coloursFor } from '../report/colours.ts'
import { short } from '../report/numbers.ts'
import { drawTable } from '../report/table.ts'
import { Agenda, Entry } from '../sim/agenda.ts'
import { VERSION } from '../version.ts'
import { drawer } from './campaign.ts'
import type { Outcome } from './executor.ts'
import { ASYNC, loadPlan, shortPlan, SYNC } from './load.bench.ts'
import { median, rate, round, timed, type Line } from './measure.bench.ts'
import { judgeHistory, violated, type Judged } from './run-plan.ts'

const { contract } = registry.subjectOf('rocketmq')

interface Run { readonly outcome: Outcome; readonly events: readonly Event[]; readonly judged: Judged }

function runAndJudge(plan: Plan): Run {
  const events: Event[] = []
  const outcome = runReference(plan, (event) => events.push(event))
  return { outcome, events, judged: judgeHistory(contract, outcome.header, events, outcome.drain) }
}

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
const loop = (): Line[] => [rate({ id: 'loop', what: 'a bare event loop', unit: 'steps' }, 5, () => bareLoop(LOOP), () => LOOP)]

const thousand = (config: typeof SYNC): Plan => loadPlan({ perSecond: 1000, durationUs: seconds(20), config, faults: false })
const detailOf = ({ outcome, events, judged }: Run): Line['detail'] => ({
  steps: outcome.steps, events: events.length, simulatedMs: showMs(outcome.simulatedUs), drained: String(outcome.drain.drained), violated: violated(judged).map(({ id }) => id).join(' '),
})

/** The first run of a process, in a process of its own. */
function cold(): Line {
  const rates = Array.from({ length: 3 }, () => JSON.parse(execFileSync(process.execPath, ['--expose-gc', fileURLToPath(import.meta.url), 'cold'], { encoding: 'utf8' })) as [number, number])
  return { id: 'steps-cold', what: 'the same, the first run of a process', unit: 'steps', perSecond: round(median(rates.map(([wall]) => wall))), perCpuSecond: round(median(rates.map(([, cpu]) => cpu))), detail: {} }
}

function coldRun(): [number, number] {
  const { value, wallMs, cpuMs } = timed(() => runAndJudge(thousand(SYNC)))
  return [(1000 * value.outcome.steps) / wallMs, (1000 * value.outcome.steps) / cpuMs]
}

const steps = (): Line[] => [
  rate({ id: 'steps-sync', what: '1,000 msg/s, SYNC_FLUSH hardened, history and all checks', unit: 'steps' }, 5, () => runAndJudge(thousand(SYNC)), (run) => run.outcome.steps, detailOf),
  rate({ id: 'steps-async', what: '1,000 msg/s, ASYNC_FLUSH as shipped, history and all checks', unit: 'steps' }, 5, () => runAndJudge(thousand(ASYNC)), (run) => run.outcome.steps, detailOf),
  rate({ id: 'steps-bare', what: '1,000 msg/s, SYNC_FLUSH hardened, nobody listens', unit: 'steps' }, 5, () => runReference(thousand(SYNC), () => undefined), (outcome) => outcome.steps),
  cold(),
]

const SHORT_RUNS = 500
function shortRuns(): { steps: number } {
  let total = 0
  for (let seed = 1; seed <= SHORT_RUNS; seed++) total += runAndJudge(shortPlan(seed)).outcome.steps
  return { steps: total }
}
const shorts = (): Line[] => [
  rate({ id: 'short', what: '20 operations, 3 faults: drawn, run, checked', unit: 'runs' }, 5, shortRuns, () => SHORT_RUNS, (run) => ({ stepsPerRun: Math.round(run.steps / SHORT_RUNS) })),
]

const simulatedSeconds = ({ outcome }: Run): number => outcome.simulatedUs / 1_000_000
const time = (): Line[] =>
  [100, 1000].map((perSecond) => {
    const plan = loadPlan({ perSecond, durationUs: seconds(60), config: SYNC, faults: true })
    return rate({ id: `time-${perSecond}`, what: `${perSecond} msg/s with faults for a minute, all checks`, unit: 'simulated seconds' }, 5, () => runAndJudge(plan), simulatedSeconds, detailOf)
  })

function checkersLine(id: string, durationUs: number): Line {
  const { outcome, events } = runAndJudge(loadPlan({ perSecond: 1000, durationUs, config: SYNC, faults: true }))
  const what = `all checkers in one pass over ${short(events.length)} events in memory`
  return rate({ id, what, unit: 'events' }, 5, () => runChecks(outcome.header, events, outcome.drain), () => events.length, () => ({ events: events.length }))
}
const checkers = (): Line[] => [checkersLine('checkers-quarter', seconds(25)), checkersLine('checkers', seconds(110))]

interface Hunt { readonly mutant: string; readonly runs: number | null; readonly wallMs: number; readonly cpuMs: number }

/** The first campaign of the kill matrix, without the shrinking. */
function hunt({ id, guarantee, preset }: (typeof registry.mutants)[number]): Hunt {
  const { value, wallMs, cpuMs } = timed(() => {
    const draw = drawer(registry.subjectOf('rocketmq'), { preset: presetOf(preset), seed: '1/1', version: VERSION, mutant: id })
    for (let run = 1; run <= 2000; run++) if (violated(runAndJudge(draw(run)).judged).some((one) => one.id === guarantee)) return run
    return null
  })
  return { mutant: id, runs: value, wallMs: Math.round(wallMs), cpuMs: Math.round(cpuMs) }
}

function mutants(): Line[] {
  const hunts = registry.mutants.map(hunt)
  const killed = hunts.flatMap(({ runs }) => (runs === null ? [] : [runs]))
  const [wall, cpu] = [median(hunts.map((one) => one.wallMs)), median(hunts.map((one) => one.cpuMs))]
  const slowest = hunts.reduce((x, y) => (y.wallMs > x.wallMs ? y : x))
  const each = Object.fromEntries(hunts.map(({ mutant, runs, wallMs }) => [mutant, `${runs ?? 'never'} runs, ${wallMs} ms`]))
  const detail = { mutants: hunts.length, killed: killed.length, medianRuns: median(killed), medianMs: wall, slowestMs: slowest.wallMs, slowest: slowest.mutant, ...each }
  return [{ id: 'mutants', what: 'planted bugs found, the median of the first campaign', unit: 'kills', perSecond: round(1000 / Math.max(1, wall)), perCpuSecond: round(1000 / Math.max(1, cpu)), detail }]
}

const SECTIONS: Readonly<Record<string, () => Line[]>> = { loop, steps, short: shorts, time, checkers, mutants }

function report(lines: readonly Line[]): string {
  const bare = lines.find(({ id }) => id === 'loop')?.perSecond
  const columns = [{ title: 'what' }, { title: 'per second', align: 'right' as const }, { title: 'per CPU second', align: 'right' as const }, { title: 'of the loop', align: 'right' as const }, { title: 'of' }]
  const rows = lines.map(({ what, perSecond, perCpuSecond, unit }) => {
    const share = bare !== undefined && unit === 'steps' ? `${round((100 * perSecond) / bare)} %` : ''
    return [what, short(perSecond), short(perCpuSecond), share, unit]
  })
  const told = lines.filter(({ id }) => id === 'mutants').flatMap(({ detail }) => Object.entries(detail).map(([name, value]) => `  ${name}: ${value}`))
  return [drawTable(columns, rows, process.stdout.columns ?? 140, coloursFor(false)), ...told].join('\n')
}

function main(args: readonly string[]): string {
  if (args.includes('cold')) return JSON.stringify(coldRun())
  const asked = args.filter((arg) => arg !== '--json')
  const unknown = asked.find((name) => SECTIONS[name] === undefined)
  if (unknown !== undefined) return `there is no section "${unknown}": there are ${Object.keys(SECTIONS).join(', ')}`
  const lines = Object.entries(SECTIONS).flatMap(([name, measure]) => (asked.length === 0 || asked.includes(name) ? measure() : []))
  const machine = { node: process.versions.node, cpu: cpus()[0]?.model ?? '', cpus: cpus().length }
  return args.includes('--json') ? JSON.stringify({ mqproof: VERSION, machine, lines }, null, 2) : report(lines)
}

process.stdout.write(`${main(process.argv.slice(2))}\n`)
