/** Periodic work keeps its phase: its turns lie on a grid of the steady clock, and one is armed only while there is work. */
import type { Us } from '../../../plan/units.ts'

/** How long until the next point of the grid. */
export const toGrid = (uptime: Us, interval: Us): Us => interval - (uptime % interval)
