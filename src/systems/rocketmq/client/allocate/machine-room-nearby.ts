/** MACHINE_ROOM_NEARBY: queues stay in their own room while a member lives there; rooms without one are shared by all (RMQ-102). */
import type { Allocate, MessageQueue } from './strategy.ts'

export interface Rooms {
  ofBroker(broker: string): string
  ofMember(member: string): string
}

const byRoom = <T>(all: readonly T[], roomOf: (one: T) => string): ReadonlyMap<string, readonly T[]> => {
  const rooms = new Map<string, T[]>()
  for (const one of all) rooms.set(roomOf(one), [...(rooms.get(roomOf(one)) ?? []), one])
  return rooms
}

export const nearby =
  (inner: Allocate, rooms: Rooms): Allocate =>
  (member, queues, members) => {
    if (!members.includes(member)) return []
    const own = rooms.ofMember(member)
    const membersByRoom = byRoom(members, rooms.ofMember)
    const queuesByRoom = byRoom<MessageQueue>(queues, ({ broker }) => rooms.ofBroker(broker))
    const here = inner(member, queuesByRoom.get(own) ?? [], membersByRoom.get(own) ?? [])
    const deserted = [...queuesByRoom.keys()].filter((room) => !membersByRoom.has(room)).toSorted((x, y) => (x < y ? -1 : 1))
    return [...here, ...deserted.flatMap((room) => inner(member, queuesByRoom.get(room) ?? [], members))]
  }
