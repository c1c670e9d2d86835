/** RMQ-051: `deleteWhen`, the hours of the day at which files that have had their time are deleted. The day is that of UTC. */
import { z } from 'zod'
import { hours, type Us } from '../../plan/units.ts'

export const DeleteWhen = z.string().regex(/^([01]\d|2[0-3])(;([01]\d|2[0-3]))*$/, 'hours of the day, such as "04" or "04;16"')

export const hoursOf = (deleteWhen: string): number[] => deleteWhen.split(';').map(Number)

const HOUR = hours(1)
const HOURS_A_DAY = 24
const hourOf = (wallUs: Us): number => Math.floor(wallUs / HOUR) % HOURS_A_DAY

export const isDeleteTime = (wallUs: Us, deleteHours: readonly number[]): boolean => deleteHours.includes(hourOf(wallUs))

/** The first moment, from `wallUs` on, in one of these hours. */
export function nextDeleteTime(wallUs: Us, deleteHours: readonly number[]): Us {
  for (let k = 0; k < HOURS_A_DAY; k++) {
    const at = k === 0 ? wallUs : (Math.floor(wallUs / HOUR) + k) * HOUR
    if (isDeleteTime(at, deleteHours)) return at
  }
  throw new Error('a configuration names at least one hour')
}
