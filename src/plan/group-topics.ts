/**
 * The topics that belong to a group, by RocketMQ's names: where it is given again what it failed on, and where what it failed on too often lies
 * (RMQ-113). Two places for one message there are no duplicate, since the message is on its way.
 */
const RETRY_PREFIX = '%RETRY%'
const DEAD_LETTER_PREFIX = '%DLQ%'

export const retryTopic = (group: string): string => `${RETRY_PREFIX}${group}`
export const deadLetterTopic = (group: string): string => `${DEAD_LETTER_PREFIX}${group}`

/** Of a topic that `retryTopic` has named. */
export const groupOfRetry = (topic: string): string => topic.slice(RETRY_PREFIX.length)

export const isRetryTopic = (topic: string): boolean => topic.startsWith(RETRY_PREFIX)
export const isDeadLetterTopic = (topic: string): boolean => topic.startsWith(DEAD_LETTER_PREFIX)
export const isGroupTopic = (topic: string): boolean => isRetryTopic(topic) || isDeadLetterTopic(topic)
