/** What a RocketMQ with this configuration says of itself: who speaks to it, what can be asked of it, and what it is judged by. */
import { delayLevelsOf } from '../../plan/delay-levels.ts'
import type { Hello, TargetCapabilities } from '../target.ts'
import { claimsOf } from './claims.ts'
import { BROKER, checksOf, contractConfig, retriesOf, type RocketmqLiveConfig } from './config.ts'
import { SDK_NAME, SDK_VERSION } from './recipe.ts'

/** RMQ-024: maxMessageSize, less what mqproof and RocketMQ put around a body. */
const BYTES_MAX = (4 << 20) - 4096

const REMOTING: TargetCapabilities = {
  modes: ['sync', 'async', 'oneway'],
  offsets: true,
  read: true,
  commits: true,
  transactions: 'checked',
  orderly: true,
  locks: true,
  pop: true,
  tags: true,
  queuesMax: 64,
  bytesMax: BYTES_MAX,
}
/** The library shows no offsets (RML-025) and takes no queue. What a queue holds is about the broker, and read over remoting. */
const SDK: TargetCapabilities = {
  ...REMOTING,
  modes: ['sync', 'async'],
  offsets: false,
  commits: false,
  locks: false,
  pop: false,
  tags: false,
  queuesMax: 1,
}

export const helloOf = (config: RocketmqLiveConfig, version: string): Hello => ({
  system: 'rocketmq',
  contract: 'rocketmq',
  version,
  client: config.client === 'sdk' ? `${SDK_NAME} ${SDK_VERSION}, without retries` : 'mqproof remoting',
  brokers: [BROKER],
  capabilities:
    config.client === 'sdk'
      ? SDK
      : {
          ...REMOTING,
          selectors: config.enablePropertyFilter,
          sendBack: config.retry === 'send-back',
          delayLevels: delayLevelsOf(config.delayLevels),
          timers: config.timers,
        },
  claims: claimsOf(config),
  config: contractConfig(config),
  ...(config.client === 'sdk' ? {} : { checks: checksOf(config) }),
  ...(config.client === 'sdk' || config.retry === 'local' ? {} : { retries: retriesOf(config) }),
})
