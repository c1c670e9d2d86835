/**
 * Which groups give back to the broker what their listeners fail on, and so have a retry topic and dead letters (RMQ-113, RMQ-116); and the topics that
 * are a group's own, those of groups that pop among them (RMQ-111).
 *
 * Simplified: where no listener of a plan can fail, no group has these topics. They would stay empty, and would be asked for all the same.
 */
import { deadLetterTopic, popRetryTopic, retryTopic, type GroupTopic } from '../../plan/group-topics.ts'
import { isPop, sendsBack } from '../../plan/groups.ts'
import type { Group } from '../../plan/plan.ts'
import type { Setting } from '../../sim/system.ts'
import type { RocketmqConfig } from './config.ts'

type Circumstances = Pick<Setting<RocketmqConfig>, 'config' | 'script'>

export const isReturning = ({ config, script }: Circumstances, group: Group): boolean =>
  config.retry === 'send-back' && sendsBack(group) && (script.failsMost > 0 || canFailByItself(group))

/** It asks a database, or sends messages on: either can go wrong, as often as it is tried. */
export const canFailByItself = ({ receiver, forward }: Group): boolean => receiver !== undefined || forward !== undefined

export const returningGroups = (setting: Setting<RocketmqConfig>): readonly Group[] =>
  setting.cluster.groups.filter((group) => isReturning(setting, group))

export const groupTopics = (setting: Setting<RocketmqConfig>): GroupTopic[] => [
  ...returningGroups(setting).flatMap(({ name: group }): GroupTopic[] => [
    { group, topic: retryTopic(group), holds: 'retries' },
    { group, topic: deadLetterTopic(group), holds: 'dead letters' },
  ]),
  ...setting.cluster.groups
    .filter(isPop)
    .flatMap(({ name: group, topics }) =>
      topics.map((topic): GroupTopic => ({ group, topic: popRetryTopic(group, topic), holds: 'retries' })),
    ),
]
