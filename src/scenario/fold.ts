/** Folds what many like messages do, close together in time, into one line for each sort of event. */
import { showMs, type Us } from '../plan/units.ts'
import type { Messages } from './messages.ts'
import { latestText, partsText, type Latest, type Part, type Telling } from './telling.ts'

/** `t` is null where a line speaks of a stretch of time. */
export interface Told extends Telling {
  readonly t: Us | null
}

/** Lines further apart are not one stretch. */
const APART: Us = 500_000
/** Two of a sort are told as two. */
const MANY = 3
/** A shorter stretch needs no end. */
const INSTANT: Us = 1000

const timeOf = (line: Told | undefined): Us => line?.t ?? 0

function foldStretch(stretch: readonly Told[], messages: Messages): readonly Told[] {
  const sorts = new Map<string, Told[]>()
  for (const line of stretch) {
    const sort = line.fold?.sort ?? ''
    const known = sorts.get(sort)
    if (known === undefined) sorts.set(sort, [line])
    else known.push(line)
  }
  const groups = [...sorts.values()]
  if (!groups.some((lines) => lines.length >= MANY)) return stretch
  const lines = groups.flatMap((group) => oneOf(group, messages)).sort((x, y) => timeOf(x) - timeOf(y))
  const endUs = timeOf(stretch[stretch.length - 1])
  if (endUs - timeOf(stretch[0]) < INSTANT) return lines
  return [...lines, { t: null, who: '', what: `… until ${showMs(endUs)} …`, turn: true }]
}

/** All of one sort: what all of them say, from the first on, or what the last of them say. */
function oneOf(lines: readonly Told[], messages: Messages): Told[] {
  const parts = lines.flatMap(({ fold }): Part[] => (fold !== undefined && 'part' in fold ? [fold.part] : []))
  const states = lines.flatMap(({ fold }): Latest[] => (fold !== undefined && 'latest' in fold ? [fold.latest] : []))
  const line = parts.length > 0 ? lines[0] : lines[lines.length - 1]
  return line === undefined ? [] : [{ ...line, what: parts.length > 0 ? partsText(parts, messages) : latestText(states), turn: true }]
}

export function folded(lines: readonly Told[], messages: Messages): Told[] {
  const out: Told[] = []
  let stretch: Told[] = []
  const flush = (): void => {
    out.push(...foldStretch(stretch, messages))
    stretch = []
  }
  for (const line of lines) {
    const before = stretch[stretch.length - 1]
    if (line.fold === undefined || (before !== undefined && timeOf(line) - timeOf(before) >= APART)) flush()
    if (line.fold === undefined) out.push(line)
    else stretch.push(line)
  }
  flush()
  return out
}
