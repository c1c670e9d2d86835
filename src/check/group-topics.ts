/** RocketMQ delivers what is tried again, or was given up, from topics of the group's own: copies of messages that lie elsewhere too. */
export const isGroupTopic = (topic: string): boolean => topic.startsWith('%RETRY%') || topic.startsWith('%DLQ%')
