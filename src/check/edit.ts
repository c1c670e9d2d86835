/** The smallest edits of a history: what a sabotage is made of. Events keep their own numbers; checkers count for themselves. */
import type { Event } from '../history/event.ts'

/** The event at `index`, of the kind that the caller has seen there. */
export function eventAt<E extends Event>(events: readonly Event[], index: number, is: (event: Event) => event is E): E {
  const event = events[index]
  if (event === undefined || !is(event)) throw new Error(`the event at ${index} is not the one that was judged`)
  return event
}

export const replaced = (events: readonly Event[], index: number, event: Event): Event[] =>
  events.map((old, at) => (at === index ? event : old))

export const without = (events: readonly Event[], gone: (event: Event) => boolean): Event[] => events.filter((event) => !gone(event))

export const withNext = (events: readonly Event[], index: number, event: Event): Event[] => [
  ...events.slice(0, index + 1),
  event,
  ...events.slice(index + 1),
]

/** The event at `from` comes earlier, at `to`. */
export function moved(events: readonly Event[], from: number, to: number): Event[] {
  const edited = [...events]
  edited.splice(to, 0, ...edited.splice(from, 1))
  return edited
}
