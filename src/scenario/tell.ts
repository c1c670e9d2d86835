/** A history as a transcript: one line an event, with simulated time, short enough to be read. */
import type { Event } from '../history/event.ts'
import type { Plan } from '../plan/plan.ts'
import { showMs } from '../plan/units.ts'
import { folded, type Told } from './fold.ts'
import { Messages } from './messages.ts'
import { Narrator } from './narrator.ts'

/** A longer transcript is cut: its beginning, its end, and the turns in between stay. */
const LINES_MAX = 100
const EDGE = 30

const show = ({ t, who, what }: Told): string => `${(t === null ? '' : showMs(t)).padStart(11)}  ${who.padEnd(9)} ${what}`.trimEnd()

const gap = (events: number): string => `${''.padStart(11)}  … ${events} ${events === 1 ? 'event' : 'events'} …`

function cut(lines: readonly Told[]): string[] {
  // Each of them may need a line before it that says how many are left out.
  let turns = (LINES_MAX - 2 * EDGE) / 2
  const out: string[] = []
  let hidden = 0
  lines.forEach((line, index) => {
    const edge = index < EDGE || index >= lines.length - EDGE
    if (!edge && !(line.turn && turns-- > 0)) {
      hidden++
      return
    }
    if (hidden > 0) out.push(gap(hidden))
    hidden = 0
    out.push(show(line))
  })
  return out
}

export function tell(events: readonly Event[], plan: Plan): string[] {
  const messages = new Messages(events, plan)
  const narrator = new Narrator(messages, plan)
  const told = events.flatMap((event): Told[] => {
    const line = narrator.tell(event)
    return line === null ? [] : [{ ...line, t: event.t }]
  })
  const lines = folded(told, messages)
  return lines.length <= LINES_MAX ? lines.map(show) : cut(lines)
}
