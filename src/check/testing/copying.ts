/** Histories of a broker with a slave, told by hand. */
import type { Header } from '../../history/event.ts'
import { digestOf, HEADER, SIZE, Story } from './histories.ts'

export const COPIED: Header = { ...HEADER, slaves: [{ name: 'b1s', of: 'b1' }] }

export class Copying extends Story {
  /** The slave takes a record; `nth`: where in the log. */
  copied(message: number, offset: number, nth = offset): this {
    const v = { topic: 'T', queue: '0', offset, message, at: nth * SIZE, size: SIZE }
    return this.add({ p: 'b1s', type: 'white', f: 'copied', v })
  }

  /** The master takes note of the group's progress. */
  knows(offset: number): this {
    return this.add({ p: 'b1', type: 'white', f: 'storedOffset', v: { group: 'g', topic: 'T', queue: '0', offset, durable: false } })
  }

  /** The group's consumer turns to another process. */
  turns(broker: 'b1' | 'b1s', offset: number): this {
    return this.add({ p: 'c1', type: 'info', f: 'redirect', op: 8, v: { group: 'g', topic: 'T', queue: '0', offset, broker } })
  }

  /** What the slave holds in the end. */
  holds(messages: readonly number[]): this {
    const where = { slave: 'b1s', topic: 'T', queue: '0' }
    messages.forEach((message, offset) => {
      this.add({ p: 'auditor', type: 'ok', f: 'replicaPull', op: 9, v: { ...where, offset, message, digest: digestOf(message) } })
    })
    return this.add({ p: 'auditor', type: 'ok', f: 'replicaAudit', op: 9, v: { ...where, min: 0, max: messages.length } })
  }

  /** Sent, stored, copied and acknowledged. */
  whole(message: number, offset: number, nth = offset): this {
    return this.invoke(message).append(message, offset, { nth }).copied(message, offset, nth).ack(message, offset, { nth })
  }
}
