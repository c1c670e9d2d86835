/** The strategies against a table that was computed apart, by another program from RocketMQ's own description, and against what RBL-1 says of each. */
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { averagely } from './averagely.ts'
import { byCircle } from './by-circle.ts'
import { byConfig } from './by-config.ts'
import { byConsistentHash, ringOf } from './consistent-hash.ts'
import { byMachineRoom, roomOf } from './machine-room.ts'
import { nearby } from './machine-room-nearby.ts'
import { md5 } from './md5.ts'
import { sortMembers, sortQueues, type Allocate, type MessageQueue } from './strategy.ts'

/** Four brokers, three of them in rooms, dealt out to so many queues. */
const BROKERS = ['r0@b0', 'r1@b1', 'r3@b3', 'b4'] as const
const queuesOf = (count: number): MessageQueue[] =>
  sortQueues(Array.from({ length: count }, (_, k) => ({ topic: 'T', broker: BROKERS[k % 4] as string, queue: Math.floor(k / 4) })))
const membersOf = (count: number): string[] => Array.from({ length: count }, (_, k) => `c${String(k).padStart(2, '0')}`)

const rooms = { ofBroker: (broker: string) => broker.split('@')[0] ?? '', ofMember: (member: string) => `r${Number(member.slice(1)) % 3}` }
const balanced: readonly (readonly [string, Allocate])[] = [
  ['AVG', averagely],
  ['AVG_BY_CIRCLE', byCircle],
]
const covering: readonly (readonly [string, Allocate])[] = [...balanced, ['CONSISTENT_HASH', byConsistentHash]]
const strategies: readonly (readonly [string, Allocate, table: string])[] = [
  ['AVG', averagely, 'dc86f6b17bede814c12c95af270b7f327bd37f18257f080ae39309ab42bc8ea8'],
  ['AVG_BY_CIRCLE', byCircle, 'be17b191237d1f7b4e018456c54edd258f846a0a8c2303c8ffe70e4b3aeb207a'],
  ['MACHINE_ROOM', byMachineRoom(new Set(['r0', 'r3'])), 'e8e9b72f704fc0b0a9b55e6649bb53bc60642767d45345d9e5a34335d267f099'],
  ['MACHINE_ROOM_NEARBY', nearby(averagely, rooms), '8f6c40846237289320f21d9cc038999438b3f1d43f11c85baf6e2787736896fd'],
  ['CONSISTENT_HASH', byConsistentHash, '7bbb8a67c2b3579b6068d7357dae3b828c7be12d4ff6c2327709f0c64384f27b'],
]

const show = (share: readonly MessageQueue[]): string => share.map(({ broker, queue }) => `${broker}/${queue}`).join(' ')

/** "queues members index: broker/queue ...", for each member of every cluster of up to 64 queues and 32 members. */
function table(allocate: Allocate): string[] {
  const lines: string[] = []
  const groups = Array.from({ length: 32 }, (_, k) => membersOf(k + 1))
  for (let q = 1; q <= 64; q++) {
    const queues = queuesOf(q)
    for (const members of groups) {
      const n = members.length
      members.forEach((member, i) => lines.push(`${q} ${n} ${i}: ${show(allocate(member, queues, members))}`))
    }
  }
  return lines
}

describe('each strategy', () => {
  it.each(strategies)('%s gives every member what the table says', (_, allocate, known) => {
    const lines = table(allocate)
    expect(createHash('sha256').update(lines.join('\n')).digest('hex'), lines.filter((line) => /^(5|10) 3 /.test(line)).join('\n')).toBe(
      known,
    )
  })

  it.each(strategies)('%s gives nothing to who is not a member', (_, allocate) => {
    expect(allocate('stranger', queuesOf(8), membersOf(3))).toEqual([])
  })
})

const cluster = fc.record({
  queues: fc.integer({ min: 1, max: 64 }).map(queuesOf),
  members: fc.integer({ min: 1, max: 32 }).map(membersOf),
})
const sharesOf = (allocate: Allocate, queues: readonly MessageQueue[], members: readonly string[]): string[][] =>
  members.map((member) => allocate(member, queues, members).map((queue) => show([queue])))

describe('RBL-1', () => {
  it('C-175: AVG deals 6 queues to 2 members as 3 and 3, to 3 as 2 each, and 3 to 3 as 1 each', () => {
    const sizes = (queues: number, members: number): number[] =>
      sharesOf(averagely, queuesOf(queues), membersOf(members)).map((one) => one.length)
    expect([sizes(6, 2), sizes(6, 3), sizes(3, 3)]).toEqual([
      [3, 3],
      [2, 2, 2],
      [1, 1, 1],
    ])
  })

  it('C-177: as many members work as there are queues, and the others idle', () => {
    const idle = sharesOf(averagely, queuesOf(3), membersOf(5)).filter((one) => one.length === 0)
    expect(idle).toHaveLength(2)
  })

  it.each(covering)('%s: every queue has one owner', (_, allocate) => {
    fc.assert(
      fc.property(cluster, ({ queues, members }) => {
        expect(sharesOf(allocate, queues, members).flat().toSorted()).toEqual(queues.map((queue) => show([queue])).toSorted())
      }),
    )
  })

  it.each(balanced)('%s: shares differ by one at most, and surplus members get none', (_, allocate) => {
    fc.assert(
      fc.property(cluster, ({ queues, members }) => {
        const sizes = sharesOf(allocate, queues, members).map((share) => share.length)
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
        expect(sizes.filter((size) => size > 0)).toHaveLength(Math.min(queues.length, members.length))
      }),
    )
  })

  it('CONSISTENT_HASH moves only the queues of the member that leaves', () => {
    fc.assert(
      fc.property(cluster, fc.nat(), ({ queues, members }, luck) => {
        const leaver = members[luck % members.length] ?? ''
        const rest = members.filter((member) => member !== leaver)
        for (const member of rest) {
          expect(byConsistentHash(member, queues, rest)).toEqual(expect.arrayContaining([...byConsistentHash(member, queues, members)]))
        }
      }),
    )
  })

  it('is not kept by rooms: queues of a room that nobody named belong to nobody', () => {
    const [queues, members] = [queuesOf(8), membersOf(2)]
    const covered = sharesOf(byMachineRoom(new Set(['r0'])), queues, members).flat()
    expect(covered).toEqual(['r0@b0/0', 'r0@b0/1'])
    expect(['r0@b0', 'b4', 'a@b@c', 'r0@'].map(roomOf)).toEqual(['r0', null, null, null])
  })

  it('is not kept by CONFIG: a queue may be told to two, or to nobody', () => {
    const [first, second] = queuesOf(2)
    if (first === undefined || second === undefined) throw new Error('two queues')
    const told = byConfig(new Map([['c00', [first]]]).set('c01', [first]))
    expect(sharesOf(told, [first, second], membersOf(3)).map((share) => share.length)).toEqual([1, 1, 0])
  })
})

describe('what strategies stand on', () => {
  it('MD5 is that of everybody else', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        expect(md5(text)).toBe(createHash('md5').update(text).digest().readUInt32BE(0))
      }),
    )
  })

  it('queues are sorted by topic, broker and number; members as text', () => {
    const place = (topic: string, broker: string, queue: number): MessageQueue => ({ topic, broker, queue })
    const sorted = [place('A', 'b', 9), place('A', 'b', 10), place('A', 'c', 0), place('B', 'a', 0)]
    expect(sortQueues(sorted.toReversed())).toEqual(sorted)
    expect(sortMembers(['c2', 'c10', 'c1'])).toEqual(['c1', 'c10', 'c2'])
  })

  it('a ring has ten points a member', () => {
    expect(ringOf(membersOf(5), 10)).toHaveLength(50)
  })
})
