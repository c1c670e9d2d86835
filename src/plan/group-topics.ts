/**
 * The topics that belong to a group, by RocketMQ's names: where it is given again what it failed on, and where what it failed on too often lies
 * (RMQ-113). Two places for one message there are no duplicate, since the message is on its way.
 */
const RETRY_PREFIX = '%RETRY%'
const DEAD_LETTER_PREFIX = '%DLQ%'

export const retryTopic = (group: string): string => `${RETRY_PREFIX}${group}`
export const deadLetterTopic = (group: string): string => `${DEAD_LETTER_PREFIX}${group}`
/** RMQ-111, RML-028: what was popped and not acknowledged has a retry topic for each topic that it came from; a newer form of the name has a plus. */
export const popRetryTopic = (group: string, topic: string, joint: '_' | '+' = '_'): string => `${retryTopic(group)}${joint}${topic}`

/** Of a topic that `retryTopic` has named. */
export const groupOfRetry = (topic: string): string => topic.slice(RETRY_PREFIX.length)

/** Of a topic that `deadLetterTopic` has named; nobody's for any other. */
export const groupOfDeadLetters = (topic: string): string =>
  topic.startsWith(DEAD_LETTER_PREFIX) ? topic.slice(DEAD_LETTER_PREFIX.length) : ''

export const isRetryTopic = (topic: string): boolean => topic.startsWith(RETRY_PREFIX)

/** A topic of a group's own: what lies there has failed before, or has failed too often. */
export interface GroupTopic {
  readonly group: string
  readonly topic: string
  readonly holds: 'retries' | 'dead letters'
}
