/**
 * Which strategy the members of a group go by, and what they were told beforehand. Names say where a process lives: `east-c1` and `east-b1` are in the
 * room east, and a name without a dash is in none. RocketMQ writes a broker's room with "@", which no name of a plan can hold.
 */
import type { Group, Strategy } from '../../../../plan/plan.ts'
import { averagely } from './averagely.ts'
import { byCircle } from './by-circle.ts'
import { byConfig } from './by-config.ts'
import { byConsistentHash } from './consistent-hash.ts'
import { byMachineRoom } from './machine-room.ts'
import { nearby } from './machine-room-nearby.ts'
import type { Allocate, MessageQueue } from './strategy.ts'

function roomIn(name: string): string {
  const dash = name.indexOf('-')
  return dash <= 0 ? '' : name.slice(0, dash)
}
/** A client id is a name, "@" and what tells its processes apart. */
const roomOfMember = (clientId: string): string => roomIn(clientId.slice(0, clientId.indexOf('@')))

const withRoom = (queue: MessageQueue): MessageQueue =>
  roomIn(queue.broker) === '' ? queue : { ...queue, broker: queue.broker.replace('-', '@') }

/** The group's rooms are those of its consumers. */
function machineRoom({ consumers }: Group): Allocate {
  const allocate = byMachineRoom(new Set(consumers.map(roomIn).filter((room) => room !== '')))
  return (member, queues, members) => {
    const named = new Map(queues.map((queue) => [withRoom(queue), queue]))
    return allocate(member, [...named.keys()], members).flatMap((queue) => named.get(queue) ?? [])
  }
}

/** The first consumer of the group was told to take the queues 0, the second the queues 1, and so on. */
const told =
  (index: number): Allocate =>
  (member, queues, members) =>
    byConfig(new Map([[member, queues.filter(({ queue }) => queue === index)]]))(member, queues, members)

type Made = (group: Group, consumer: string) => Allocate
const STRATEGIES: Readonly<Record<Strategy, Made>> = {
  AVG: () => averagely,
  AVG_BY_CIRCLE: () => byCircle,
  CONSISTENT_HASH: () => byConsistentHash,
  CONFIG: ({ consumers }, consumer) => told(consumers.indexOf(consumer)),
  MACHINE_ROOM: machineRoom,
  MACHINE_ROOM_NEARBY: () => nearby(averagely, { ofBroker: roomIn, ofMember: roomOfMember }),
}

export const allocateOf = (group: Group, consumer: string): Allocate => STRATEGIES[group.allocate ?? 'AVG'](group, consumer)
