/** What RabbitMQ's documentation promises, sentence by sentence, so that a report can set it against what was seen. */
import type { Claim } from '../target.ts'
import type { RabbitmqLiveConfig } from './config.ts'

const CONFIRMS = 'documentation, "Consumer Acknowledgements and Publisher Confirms"'
const QUORUM = 'documentation, "Quorum Queues"'
const STREAMS = 'documentation, "Streams"'

/** RAB-008: for classic v2, and for every classic queue since 3.13, the sentence is not true to the platter. */
function durability({ queueType, persistent }: RabbitmqLiveConfig): Claim {
  const promised = { guarantee: 'DUR-1', promised: true } as const
  if (queueType === 'quorum') {
    return {
      ...promised,
      except: ['diskLoss'],
      source: `${QUORUM}: a quorum of members has written and flushed it before it is confirmed (RAB-011)`,
    }
  }
  if (queueType === 'stream') {
    return {
      ...promised,
      except: ['powerLoss', 'diskLoss'],
      source: `${STREAMS}: data is not flushed explicitly; a confirm means replicated (RAB-010)`,
    }
  }
  if (persistent) {
    return {
      ...promised,
      except: ['diskLoss'],
      source: `${CONFIRMS}: for persistent messages on durable queues an ack means "persisted to disk" (RAB-008)`,
    }
  }
  return {
    ...promised,
    except: ['processKill', 'gracefulRestart', 'powerLoss', 'diskLoss'],
    source: `${CONFIRMS}: surviving a restart takes a durable queue and a persistent message (RAB-006)`,
  }
}

export function claimsOf(config: RabbitmqLiveConfig): Claim[] {
  const { except } = durability(config)
  return [
    durability(config),
    {
      guarantee: 'ALO-1',
      promised: true,
      except,
      source: `${CONFIRMS}: unacknowledged deliveries are requeued when their channel closes (RAB-022)`,
    },
    {
      guarantee: 'ALO-5',
      promised: false,
      except: [],
      source: 'documentation, "Reliability Guide": consumers must be prepared for redeliveries (RAB-055, RAB-057)',
    },
    {
      guarantee: 'ORD-1',
      promised: true,
      except: [],
      source: 'documentation, "Broker Semantics": the queue holds publication order, even across requeues (RAB-040)',
    },
  ]
}
