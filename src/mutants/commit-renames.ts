/** The real message of a transaction is a new message to its consumers: what the producer was told names the half. */
import { mutant } from './mutant.ts'

export const commitRenames = mutant({
  id: 'commit-renames',
  title: 'a committed message gets a new msgId',
  breaks: 'IDM-2',
  bug: "alibaba/rocketmq #352: the consumer's msgId is not the one that the producer got",
  rules: { msgIdOfCommitted: ({ offset }) => `half-${offset}` },
  preset: 'transactions',
})
