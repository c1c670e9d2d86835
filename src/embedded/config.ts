/**
 * What the reference can be asked to be: any configuration of the model, and a planted bug. Rounds last seconds, so what RocketMQ does
 * every half minute is done every second or two unless the user says otherwise; no promise depends on that.
 */
import { z } from 'zod'
import { mutants } from '../mutants/index.ts'
import { seconds } from '../plan/units.ts'
import { Config, ConfigInput, type RocketmqConfig } from '../systems/rocketmq/config.ts'
import type { ParameterName } from '../systems/rocketmq/parameters.ts'
import { rules, type Rules } from '../systems/rocketmq/rules.ts'

const BRISK: Partial<Record<ParameterName, number>> = {
  pullTimeoutUs: seconds(5),
  pullHoldUs: seconds(3),
  pullErrorDelayUs: seconds(1),
  localRetryUs: seconds(1),
  offsetPersistUs: seconds(1),
  offsetFirstPersistUs: seconds(1),
  offsetFlushUs: seconds(1),
  routePollUs: seconds(1),
  heartbeatUs: seconds(1),
  transactionTimeoutUs: seconds(1),
  transactionCheckIntervalUs: seconds(2),
  transactionOpBatchUs: seconds(1),
}

export const ReferenceConfig = z.strictObject({
  ...ConfigInput.shape,
  /** Unlike a RocketMQ as shipped: what promises most is tested most. */
  flushDiskType: ConfigInput.shape.flushDiskType.unwrap().default('SYNC_FLUSH'),
  /** Groups come and go with their rounds, and have no topics of their own that a message could come back from. */
  retry: ConfigInput.shape.retry.unwrap().default('local'),
  mutant: z.enum(mutants.map(({ id }) => id)).optional(),
})
export type ReferenceConfig = z.infer<typeof ReferenceConfig>

/** The first is the default. */
export const CONFIGS: Readonly<Record<string, z.input<typeof ReferenceConfig>>> = {
  sync: { flushDiskType: 'SYNC_FLUSH' },
  async: { flushDiskType: 'ASYNC_FLUSH' },
  'hardened-sync': { flushDiskType: 'SYNC_FLUSH', preset: 'hardened' },
  'hardened-async': { flushDiskType: 'ASYNC_FLUSH', preset: 'hardened' },
}

/** The model's configuration, by which the contract decides; it knows nothing of planted bugs. */
export function modelOf({ mutant: _, ...input }: ReferenceConfig): RocketmqConfig {
  return Config.parse({ ...input, parameters: { ...BRISK, ...input.parameters } })
}

export const rulesOf = ({ mutant }: ReferenceConfig): Rules => ({ ...rules, ...mutants.find(({ id }) => id === mutant)?.rules })
