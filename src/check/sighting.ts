/** Where a message was seen at a place: where its broker put it, where a consumer was given it, and where the auditor found it. */
import type { ConsumeInvoke, Pull, SendOk } from '../history/event.ts'

export type Sighting = SendOk | ConsumeInvoke | Pull
export const messageOf = (event: Sighting): number => (event.f === 'send' ? event.op : event.v.message)
