/** What RocketMQ's documentation promises, sentence by sentence: conform sets what was observed beside it. */
import type { Claim } from '../target.ts'
import type { RocketmqLiveConfig } from './config.ts'

const STORE = 'RocketMQ, docs/en/Design_Store.md, "Message Disk Flush"'
const FEATURES = 'RocketMQ, docs/en/Feature.md'
const PRACTICE = 'RocketMQ, docs/en/Operations_Consumer.md'

const SYNC_FLUSH: readonly Claim[] = [
  {
    guarantee: 'DUR-1',
    promised: true,
    except: ['diskLoss'],
    source: `${FEATURES}, "Message Reliability": crashes and power failures lose nothing, "depending on whether the flush disk type is synchronous"`,
  },
  {
    guarantee: 'DUR-4',
    promised: true,
    except: [],
    source: `${STORE}: "the Broker will return a successful ACK response to the Producer after the message is truly persisted to disk"`,
  },
]

const ASYNC_FLUSH: readonly Claim[] = [
  {
    guarantee: 'DUR-1',
    promised: true,
    except: ['powerLoss', 'forceFails', 'diskLoss'],
    source: `${STORE}: "as long as the message is written to the PageCache, the successful ACK can be returned to the Producer"`,
  },
  {
    guarantee: 'DUR-4',
    promised: false,
    except: [],
    source: `${STORE}: "as long as the message is written to the PageCache, the successful ACK can be returned to the Producer"`,
  },
]

const IN_ANY_CASE: readonly Claim[] = [
  {
    guarantee: 'ALO-1',
    promised: true,
    except: ['diskLoss'],
    source: `${FEATURES}, "At Least Once": "every message will be delivered at least once"`,
  },
  {
    guarantee: 'ALO-2',
    promised: true,
    except: [],
    source: `${FEATURES}, "At Least Once": a consumer "does not send an ack back to the server until it has consumed it"`,
  },
  {
    guarantee: 'ALO-5',
    promised: false,
    except: [],
    source: `${PRACTICE}, "Consumption process idempotent": whoever is "very sensitive to consumption repetition" has to remove duplicates`,
  },
]

/** Nothing is claimed about durability where the proxy stands between: it turns some statuses of the broker into errors (RML-062). */
const durability = ({ client, flushDiskType }: RocketmqLiveConfig): readonly Claim[] =>
  client === 'sdk' ? [] : flushDiskType === 'SYNC_FLUSH' ? SYNC_FLUSH : ASYNC_FLUSH

export const claimsOf = (config: RocketmqLiveConfig): readonly Claim[] => [...durability(config), ...IN_ANY_CASE]
