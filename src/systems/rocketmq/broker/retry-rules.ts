/** What a broker decides of messages that come back: see rules.ts for why it is here. */
import { deadLetterTopic, retryTopic } from '../../../plan/group-topics.ts'

export const retryRules = {
  /** RMQ-113: on what has come again so often, the group is given up. */
  isDeadLetter: (failures: number, retriesMax: number): boolean => failures >= retriesMax,

  /** RMQ-113, RMQ-115: the first retry waits by level 3, each further one by the next level. */
  levelOfRetry: (failures: number): number => 3 + failures,

  /** RMQ-113: the copy counts one failure more than the message that came back. */
  failuresOfCopy: (failures: number): number => failures + 1,

  /** RMQ-113: only the group that has failed is given the copy, wherever the message lay. */
  topicOfRetry: (group: string, _original: string): string => retryTopic(group),

  /** RMQ-113: where a dead letter is stored; null: nowhere. */
  topicOfDeadLetter: (group: string): string | null => deadLetterTopic(group),

  /** RMQ-113: the copy has the id of the message. */
  msgIdOfRetry: (msgId: string, _failures: number): string => msgId,

  /** RMQ-113: what could not be stored was not taken back. */
  isTakenBack: (stored: boolean): boolean => stored,
} as const
