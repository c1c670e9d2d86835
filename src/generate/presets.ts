/** The generator presets by name. */
import type { FaultKind } from '../plan/faults.ts'
import { InputError } from '../plan/input-error.ts'
import { seconds } from '../plan/units.ts'
import type { Weighted } from './draw.ts'
import { AS_SHIPPED, BETWEEN_PHASES, COMBINATIONS, HARDENED, onlyFlush, usual, type Config, type Preset, type Shape } from './shapes.ts'

const transactions: Shape = {
  ...usual,
  items: [[75, 'transaction'], [25, 'send']],
  operations: [[40, [1, 3]], [50, [2, 6]], [10, [6, 12]]],
  spanUs: [seconds(1), seconds(40)],
  combinations: [...BETWEEN_PHASES, ...COMBINATIONS],
  combinedPermille: 600,
}

const manyFaults: Shape = {
  ...usual,
  faultlessPermille: 0,
  bursts: [[20, 1], [40, 2], [40, 3]],
  strays: [[30, 1], [40, 3], [30, 6]],
}

const soak: Shape = {
  ...usual,
  items: [[80, 'load'], [20, 'send']],
  operations: [[60, [1, 2]], [40, [2, 4]]],
  spanUs: [seconds(10), seconds(60)],
  bursts: [[40, 1], [40, 2], [20, 3]],
  strays: [[40, 1], [40, 3], [20, 5]],
}

const faultless: Shape = { ...usual, faultlessPermille: 1000 }

const hard: Shape = { ...usual, configs: HARDENED }
const only = (flush: string): Weighted<Shape> => [[1, { ...usual, configs: onlyFlush(AS_SHIPPED, flush) }], [1, { ...hard, configs: onlyFlush(HARDENED, flush) }]]
const both = (shape: Shape): Weighted<Shape> => [[1, shape], [1, { ...shape, configs: HARDENED }]]

export const presets: readonly Preset[] = [
  {
    name: 'default',
    title: 'a mixture of all the others, but for soak',
    shapes: [[45, usual], [30, hard], [8, transactions], [7, { ...transactions, configs: HARDENED }], [5, manyFaults], [5, { ...manyFaults, configs: HARDENED }]],
  },
  { name: 'rocketmq-5.5', title: 'RocketMQ as shipped, SYNC_FLUSH and ASYNC_FLUSH, all faults', shapes: [[85, usual], [15, transactions]] },
  { name: 'hardened', title: 'every known deviation repaired, all faults', shapes: [[85, hard], [15, { ...transactions, configs: HARDENED }]] },
  { name: 'sync', title: 'SYNC_FLUSH, as shipped and hardened', shapes: only('SYNC_FLUSH') },
  { name: 'async', title: 'ASYNC_FLUSH, as shipped and hardened', shapes: only('ASYNC_FLUSH') },
  { name: 'faultless', title: 'no faults at all: what must hold on a good day', shapes: both(faultless) },
  { name: 'transactions', title: 'mostly transactional messages, with time for check-backs', shapes: both(transactions) },
  { name: 'many-faults', title: 'several bursts and strays in every run', shapes: both(manyFaults) },
  { name: 'soak', title: 'bulk load for up to a minute, with faults all along', shapes: both(soak) },
]

/** @throws InputError for a name that is not in the list. */
export function presetOf(name: string): Preset {
  const found = presets.find((preset) => preset.name === name)
  if (found === undefined) throw new InputError(`unknown preset "${name}": there are ${presets.map((preset) => preset.name).join(', ')}`)
  return found
}

/** What a control narrows a preset to: one configuration, or some kinds of faults. */
export interface Narrowing { readonly config?: Config | undefined; readonly kinds?: readonly FaultKind[] | undefined }

function narrowShape(shape: Shape, { config, kinds }: Narrowing): Shape {
  const configs: Shape['configs'] = config === undefined ? shape.configs : [[1, config]]
  if (kinds === undefined) return { ...shape, configs }
  const combinations = shape.combinations.filter(([, parts]) => parts.every((part) => kinds.includes(part.kind)))
  return {
    ...shape,
    configs,
    // Equal weights: who names kinds wants them all to happen.
    kinds: kinds.map((kind) => [1, kind] as const),
    combinations,
    combinedPermille: combinations.length === 0 ? 0 : shape.combinedPermille,
    faultlessPermille: kinds.length === 0 ? 1000 : Math.min(shape.faultlessPermille, 50),
  }
}

export const narrow = (preset: Preset, narrowing: Narrowing): Preset => ({
  ...preset,
  shapes: preset.shapes.map(([weight, shape]) => [weight, narrowShape(shape, narrowing)] as const),
})
