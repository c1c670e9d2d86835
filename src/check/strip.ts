/** What is left of a reference history for a checker that may only look at what clients saw: the view that a foreign broker gives. */
import type { ClientEvent, Event, FaultEvent, Header, History, Kind, PhaseEvent } from '../history/event.ts'

const isOpen = (event: Event): event is ClientEvent | FaultEvent | PhaseEvent => event.type !== 'white'
const isOpenKind = (kind: Kind): boolean => !kind.startsWith('white:')

export const strip = (events: readonly Event[]): Event[] => events.filter(isOpen)
export const stripHeader = (header: Header): Header => ({ ...header, records: header.records.filter(isOpenKind) })
export const stripHistory = ({ header, events }: History): History => ({ header: stripHeader(header), events: strip(events) })
