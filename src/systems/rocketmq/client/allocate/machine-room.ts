/** MACHINE_ROOM: only queues of brokers named "room@name" in the configured rooms are shared out; the others belong to nobody (RMQ-102). */
import type { Allocate } from './strategy.ts'

/** "room@name" → "room"; null for a name that does not have exactly these two parts. */
export function roomOf(broker: string): string | null {
  const [room, name, more] = broker.split('@')
  return room === undefined || name === undefined || more !== undefined || name === '' ? null : room
}

export const byMachineRoom =
  (rooms: ReadonlySet<string>): Allocate =>
  (member, queues, members) => {
    const index = members.indexOf(member)
    if (index < 0) return []
    const ours = queues.filter(({ broker }) => rooms.has(roomOf(broker) ?? ''))
    const size = Math.floor(ours.length / members.length)
    // Slices of equal size first; what is left over is dealt out from the end.
    const leftOver = ours[index + size * members.length]
    return [...ours.slice(index * size, (index + 1) * size), ...(leftOver === undefined ? [] : [leftOver])]
  }
