/** What a pop consumer remembers: one call to each broker of each topic, and the messages that it has taken and not dealt with (RMQ-110, RMQ-147). */
import type { Us } from '../../../plan/units.ts'
import type { NodeId } from '../../../sim/system.ts'
import type { QueueName } from '../../../plan/queues.ts'
import type { PoppedMessage } from '../pop-messages.ts'

/** A message that was taken: a value. */
export class Popped {
  readonly call: number
  readonly broker: NodeId
  /** How histories call the queue that it lay in. */
  readonly queue: QueueName
  readonly message: PoppedMessage
  /** By this client's own time: when somebody else may have it. */
  readonly visibleAt: Us
  constructor(call: number, broker: NodeId, queue: QueueName, message: PoppedMessage, visibleAt: Us) {
    this.call = call
    this.broker = broker
    this.queue = queue
    this.message = message
    this.visibleAt = visibleAt
  }
}

/** The calls to one broker for one topic follow each other. */
export interface PopCall {
  readonly topic: string
  readonly broker: NodeId
  /** resting: until the next call; popping: one is out; blocked: too much is in hand. */
  phase: 'resting' | 'popping' | 'blocked'
  /** The request that is out, or -1. */
  request: number
  deadline: Us
  /** Taken, and not dealt with. */
  inHand: number
}

export interface PopClient {
  calls: PopCall[]
  /** Waiting for a free listener thread, in order. */
  ready: Popped[]
  /** Of an orderly group: what follows the message of its queue that is being worked on. */
  behind: Popped[]
}

export const newPopClient = (): PopClient => ({ calls: [], ready: [], behind: [] })

export const forkPopClient = (pop: PopClient): PopClient => ({
  calls: pop.calls.map((call) => ({ ...call })),
  ready: pop.ready.slice(),
  behind: pop.behind.slice(),
})
