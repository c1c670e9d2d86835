/** Names on the command line turned into what the harness takes. */
import type { GuaranteeId } from '../check/checker.ts'
import { checkers } from '../check/catalogue.ts'
import { presets } from '../generate/presets.ts'
import type { Preset } from '../generate/shapes.ts'
import { cellsCalled, LOSS_CELLS, type LossCell } from '../harness/loss-cells.ts'
import { selectGuarantees } from './guarantee-pages.ts'
import { unknownName } from './suggest.ts'

const KNOWN: readonly GuaranteeId[] = checkers.map((checker) => checker.id)

/** `--only`: ids and families, in the order of the catalogue; everything when absent. */
export function onlyOf(names: readonly string[] | undefined): readonly GuaranteeId[] | undefined {
  if (names === undefined) return undefined
  const chosen = selectGuarantees(names, KNOWN)
  return KNOWN.filter((id) => chosen.includes(id))
}

/** What `controls --only` asks for: guarantees, and cells of the loss matrix, which are many and proven where they are named. */
export function controlsOf(names: readonly string[] | undefined): {
  readonly only: readonly GuaranteeId[] | undefined
  readonly cells: readonly LossCell[]
} {
  if (names === undefined) return { only: undefined, cells: [] }
  const asked = new Set(names.flatMap(cellsCalled))
  const others = names.filter((name) => name.toUpperCase() === 'DUR' || cellsCalled(name).length === 0)
  return { only: others.length === 0 ? [] : onlyOf(others), cells: LOSS_CELLS.filter((cell) => asked.has(cell)) }
}

export function presetNamed(name: string): Preset {
  const found = presets.find((preset) => preset.name === name)
  if (found === undefined)
    throw unknownName(
      'preset',
      name,
      presets.map((preset) => preset.name),
      'mqproof list presets',
    )
  return found
}
