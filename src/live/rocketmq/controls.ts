/**
 * The control table of facts/rocketmq-live.md, section 8, run again: rows that must break, and rows that must hold.
 */
import type { ControlSheet } from '../control.ts'
import { BREAKS } from './controls/breaks.ts'
import { CONTROLLERS } from './controls/controllers.ts'
import { DELAYS } from './controls/delays.ts'
import { GROUPS } from './controls/groups.ts'
import { HOLDS } from './controls/holds.ts'
import { LIBRARY } from './controls/library.ts'
import { REPLICAS } from './controls/replicas.ts'
import { SELECTORS_ROW } from './controls/selectors.ts'

export const ROCKETMQ_CONTROLS: ControlSheet = {
  controls: [...BREAKS, ...HOLDS, ...DELAYS, ...GROUPS, SELECTORS_ROW, ...REPLICAS, ...CONTROLLERS, ...LIBRARY],
  pending: [],
}
