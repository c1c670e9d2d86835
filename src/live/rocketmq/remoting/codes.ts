/** The numbers of RocketMQ's remoting protocol that this driver speaks, with their names (RML-015, RML-016). */

export const REQUEST = {
  pullMessage: 11,
  queryConsumerOffset: 14,
  updateConsumerOffset: 15,
  createTopic: 17,
  updateBrokerConfig: 25,
  brokerRuntimeInfo: 28,
  maxOffset: 30,
  minOffset: 31,
  heartbeat: 34,
  sendBack: 36,
  endTransaction: 37,
  /** From the broker to a producer. */
  checkTransaction: 39,
  lockBatch: 41,
  unlockBatch: 42,
  checkClientConfig: 46,
  routeOfTopic: 105,
  createGroup: 200,
  deleteGroup: 207,
  deleteTopic: 215,
  sendMessageV2: 310,
  topicConfig: 351,
  haStatus: 907,
  popMessage: 200_050,
  ackMessage: 200_051,
  changeInvisibleTime: 200_053,
} as const

const RESPONSES = {
  0: 'SEND_OK',
  1: 'SYSTEM_ERROR',
  2: 'SYSTEM_BUSY',
  10: 'FLUSH_DISK_TIMEOUT',
  11: 'SLAVE_NOT_AVAILABLE',
  12: 'FLUSH_SLAVE_TIMEOUT',
  13: 'MESSAGE_ILLEGAL',
  14: 'SERVICE_NOT_AVAILABLE',
  16: 'NO_PERMISSION',
  17: 'TOPIC_NOT_EXIST',
  19: 'PULL_NOT_FOUND',
  20: 'PULL_RETRY_IMMEDIATELY',
  21: 'PULL_OFFSET_MOVED',
  22: 'QUERY_NOT_FOUND',
  23: 'SUBSCRIPTION_PARSE_FAILED',
  209: 'POLLING_FULL',
  210: 'POLLING_TIMEOUT',
} as const

export type ResponseName = (typeof RESPONSES)[keyof typeof RESPONSES]

/** A code's name, or the code itself for those that no driver of ours has to tell apart. */
export const responseName = (code: number): ResponseName | `CODE_${number}` => RESPONSES[code as keyof typeof RESPONSES] ?? `CODE_${code}`
