/** One line of a transcript, and what it says of several messages at once: a load is told like one message, not a thousand times. */
import type { Place } from '../history/event.ts'
import { listed } from './describe.ts'
import type { Messages } from './messages.ts'

/** What a line says of something that moves on, such as a group's progress: only the latest counts. */
export interface Latest {
  readonly head: string
  readonly subject: string
  readonly text: string
}

/** What a line says of one of many like messages. */
export interface Part {
  readonly head: string
  readonly place: Place | null
  readonly message: number | null
  readonly tail: string
}

export interface Telling {
  readonly who: string
  readonly what: string
  /** A turn of the story: kept when a long run is cut short. */
  readonly turn: boolean
  /** Lines of one sort, close together, may be told as one. */
  readonly fold?: { readonly sort: string } & ({ readonly part: Part } | { readonly latest: Latest })
}

export const placeOf = (place: Place): string => `${place.topic}:${place.queue}@${place.offset}`
export const queueOf = (place: Pick<Place, 'topic' | 'queue'>): string => `${place.topic}:${place.queue}`

/** "T:0@0..19 and T:1@0..4"; offsets with gaps between them are counted. */
function placesOf(places: readonly Place[]): string {
  const queues = new Map<string, { min: number; max: number; offsets: Set<number> }>()
  for (const place of places) {
    const known = queues.get(queueOf(place)) ?? { min: place.offset, max: place.offset, offsets: new Set() }
    queues.set(queueOf(place), {
      min: Math.min(known.min, place.offset),
      max: Math.max(known.max, place.offset),
      offsets: known.offsets.add(place.offset),
    })
  }
  const sorted = [...queues].sort(([x], [y]) => (x < y ? -1 : 1))
  return listed(
    sorted.map(([queue, { min, max, offsets }]) => {
      if (min === max) return `${queue}@${min}`
      return offsets.size === max - min + 1 ? `${queue}@${min}..${max}` : `${queue} (${offsets.size} of @${min}..${max})`
    }),
  )
}

export function partsText(parts: readonly Part[], messages: Messages): string {
  const places = parts.flatMap((part) => (part.place === null ? [] : [part.place]))
  const named = parts.flatMap((part) => (part.message === null ? [] : [part.message])).sort((x, y) => x - y)
  const words = [parts[0]?.head ?? '', placesOf(places), messages.names(named)].filter((word) => word !== '')
  return `${words.join(' ')}${parts[0]?.tail ?? ''}`
}

export function latestText(lines: readonly Latest[]): string {
  const texts = new Map(lines.map(({ subject, text }) => [subject, text]))
  const sorted = [...texts].sort(([x], [y]) => (x < y ? -1 : 1))
  return `${lines[0]?.head ?? ''} ${listed(sorted.map(([, text]) => text))}`
}

/** A line about the latest state of something. */
export const latest = (who: string, line: Latest): Telling => ({
  who,
  what: latestText([line]),
  turn: false,
  fold: { sort: `${who}\n${line.head}`, latest: line },
})

/** A line about one message. */
export function about(messages: Messages, who: string, part: Part, message: number, turn = false): Telling {
  const line = { who, what: partsText([part], messages), turn }
  return messages.isNameless(message) ? { ...line, fold: { sort: `${who}\n${part.head}\n${part.tail}`, part } } : line
}
