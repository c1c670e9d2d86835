/**
 * `npm run bench:live`: how many sends a second go through the live runner, with the history kept, against each broker that is here; beside
 * them the driver without a runner, and the runner with a target that answers at once. `npm run -s bench:live -- --json` prints one document;
 * names of targets or of their configurations (`rocketmq`, `quorum`, `rabbitmq/stream`) limit what is measured, `--workers=N` says how many
 * sends are under way at once.
 */
import { cpus } from 'node:os'
import { registry } from '../../cli/registry.ts'
import { coloursFor } from '../../report/colours.ts'
import { short } from '../../report/numbers.ts'
import { drawTable, type Column } from '../../report/table.ts'
import { VERSION } from '../../version.ts'
import type { TargetFactory } from '../factory.ts'
import { messageOf } from '../../plan/message-of.ts'
import type { Target } from '../target.ts'
import { FakeTarget } from '../testing/fake-target.ts'
import { driverAlone, throughRunner, type Offer, type Rate } from './rates.bench.ts'

interface Line extends Rate {
  readonly target: string
  readonly config: string
  readonly what: string
}

/** Something that was not measured. */
interface Missing {
  readonly target: string
  readonly reason: string
}

const MESSAGE_BYTES = 100
const WORKERS = 128

const COLUMNS: readonly Column[] = [
  { title: 'target' },
  { title: 'configuration' },
  { title: 'what' },
  { title: 'sends/s', align: 'right' },
  { title: 'consumed/s', align: 'right' },
  { title: 'CPU µs a send', align: 'right' },
  { title: 'the broker', align: 'right' },
  { title: 'CPUs of others', align: 'right' },
  { title: '' },
]

const progress = (text: string): void => void process.stderr.write(`${text}\n`)

async function measure(target: Target, id: string, config: string, offer: Offer): Promise<Line[]> {
  const steps: readonly [string, () => Promise<Rate>][] = [
    ['the driver alone', () => driverAlone(target, offer)],
    ['the runner', () => throughRunner(target, false, offer)],
    ['the runner, with a group', () => throughRunner(target, true, offer)],
  ]
  const lines: Line[] = []
  for (const [what, step] of steps) {
    const line = { target: id, config, what, ...(await step()) }
    progress(`${id}/${config}: ${what}: ${short(line.sendsPerSecond)} sends/s`)
    lines.push(line)
  }
  return lines
}

async function measureBroker(factory: TargetFactory, config: string, offer: Offer): Promise<Line[]> {
  const machine = await registry.openMachine(process.cwd())
  try {
    const target = await factory.open(factory.config.parse(factory.configs[config]), { machine, faults: new Set() })
    try {
      return await measure(target, factory.id, config, offer)
    } finally {
      await target.close()
    }
  } finally {
    await machine.close()
  }
}

const FAKE = { id: 'fake', config: 'in this process' }
const NAMES: ReadonlySet<string> = new Set([
  FAKE.id,
  ...registry.targets.flatMap(({ id, configs }) => [id, ...Object.keys(configs).flatMap((config) => [config, `${id}/${config}`])]),
])

async function measureAll(names: readonly string[], offer: Offer): Promise<{ lines: Line[]; missing: Missing[] }> {
  const wanted = (id: string, config: string): boolean =>
    names.length === 0 || [id, config, `${id}/${config}`].some((name) => names.includes(name))
  const lines: Line[] = []
  const missing: Missing[] = []
  if (wanted(FAKE.id, FAKE.config)) lines.push(...(await measure(new FakeTarget(), FAKE.id, FAKE.config, offer)))
  for (const factory of registry.targets) {
    const configs = Object.keys(factory.configs).filter((config) => wanted(factory.id, config))
    const reason = configs.length === 0 ? null : await factory.missing()
    if (reason !== null) missing.push({ target: factory.id, reason })
    for (const config of reason === null ? configs : []) {
      try {
        lines.push(...(await measureBroker(factory, config, offer)))
      } catch (error) {
        missing.push({ target: `${factory.id}/${config}`, reason: messageOf(error) })
      }
    }
  }
  return { lines, missing }
}

const tableOf = (lines: readonly Line[]): string =>
  drawTable(
    COLUMNS,
    lines.map((line) => [
      line.target,
      line.config,
      line.what,
      short(line.sendsPerSecond),
      line.consumedPerSecond === 0 ? '' : short(line.consumedPerSecond),
      line.ownCpuUs.toFixed(0),
      line.brokerCpuUs === 0 ? '' : line.brokerCpuUs.toFixed(0),
      line.othersBusy.toFixed(1),
      line.note,
    ]),
    process.stdout.columns ?? 140,
    coloursFor(false),
  )

async function main(args: readonly string[]): Promise<string> {
  const workers = Number(args.find((arg) => arg.startsWith('--workers='))?.slice('--workers='.length) ?? WORKERS)
  const names = args.filter((arg) => !arg.startsWith('--'))
  const unknown = names.find((name) => !NAMES.has(name))
  if (unknown !== undefined || !Number.isInteger(workers) || workers < 1) {
    process.exitCode = 2
    return unknown === undefined ? '--workers=N: give a whole number' : `nothing is called "${unknown}": there are ${[...NAMES].join(', ')}`
  }
  const offer = { workers, bytes: MESSAGE_BYTES }
  const { lines, missing } = await measureAll(names, offer)
  const machine = { node: process.versions.node, cpu: cpus()[0]?.model ?? '', cpus: cpus().length }
  if (args.includes('--json')) return JSON.stringify({ mqproof: VERSION, machine, offer, lines, missing }, null, 2)
  return [tableOf(lines), ...missing.map(({ target, reason }) => `  ${target} was not measured: ${reason}`)].join('\n')
}

process.stdout.write(`${await main(process.argv.slice(2))}\n`)
