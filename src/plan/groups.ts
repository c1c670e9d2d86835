/** How the consumers of a group share its work, as its plan and its history say: one reading of what they leave out. */
import type { Group } from './plan.ts'

type Consuming = Pick<Group, 'mode' | 'listener'>

export const isBroadcasting = ({ mode }: Consuming): boolean => mode === 'broadcasting'
/** An instance of a broadcasting group keeps no order: it has no lock of a queue to keep it by. */
export const isOrderly = (group: Consuming): boolean => group.listener === 'orderly' && !isBroadcasting(group)
