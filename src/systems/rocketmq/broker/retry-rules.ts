/** What a broker decides of messages that come back: see rules.ts for why it is here. */
import { levelOfRetry } from '../../../plan/delay-levels.ts'
import { deadLetterTopic, retryTopic } from '../../../plan/group-topics.ts'

export const retryRules = {
  /** RMQ-113: on what has come again so often, the group is given up. */
  isDeadLetter: (reconsumeTimes: number, max: number): boolean => reconsumeTimes >= max,

  /** RMQ-116: what an orderly group sends back has been given to it often enough. */
  isBuriedInOrder: (hasLiveLock: boolean): boolean => hasLiveLock,

  /** RMQ-113, RMQ-115: the first retry waits by level 3, each further one by the next level. */
  levelOfRetry,

  /** RMQ-100, RMQ-113: a level that the client asks for goes before the one that the count gives. */
  levelOfReturned: (asked: number, byCount: number): number => (asked > 0 ? asked : byCount),

  /** RMQ-113: the copy counts one failure more than the message that came back. */
  reconsumeTimesOfCopy: (reconsumeTimes: number): number => reconsumeTimes + 1,

  /** RMQ-113: only the group that has failed is given the copy, wherever the message lay. */
  topicOfRetry: (group: string, _original: string): string => retryTopic(group),

  /** RMQ-113: where a dead letter is stored; null: nowhere. */
  topicOfDeadLetter: (group: string): string | null => deadLetterTopic(group),

  /** RMQ-113: the copy has the id of the message. */
  msgIdOfRetry: (msgId: string, _reconsumeTimes: number): string => msgId,

  /** RMQ-113: what could not be stored was not taken back. */
  isTakenBack: (stored: boolean): boolean => stored,
} as const
