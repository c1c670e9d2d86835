/**
 * How the queues of a topic are shared out in a group (RMQ-101, RMQ-102). Each member computes its own share, alone, from what it believes the
 * queues and the members to be; nobody agrees on anything. So a strategy is a pure function, and two members with the same view must not overlap.
 */

export interface MessageQueue {
  readonly topic: string
  readonly broker: string
  readonly queue: number
}

/** The share of `member`. Both lists are sorted, as every member sorts them; who is not in the list of members gets nothing. */
export type Allocate = (member: string, queues: readonly MessageQueue[], members: readonly string[]) => readonly MessageQueue[]

const byText = (x: string, y: string): number => (x < y ? -1 : x > y ? 1 : 0)

/** The order in which members put queues before they share them out. */
export const sortQueues = (queues: readonly MessageQueue[]): MessageQueue[] =>
  queues.toSorted((x, y) => byText(x.topic, y.topic) || byText(x.broker, y.broker) || x.queue - y.queue)
export const sortMembers = (members: readonly string[]): string[] => members.toSorted(byText)
