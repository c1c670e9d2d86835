/** Draws a queue for each send, as some notes have it: then one queue may get three messages before another has any. */
import { mutant } from './mutant.ts'

export const randomQueues = mutant({
  id: 'random-queues',
  title: 'a producer draws the queue of each send at random',
  breaks: 'RTE-5',
  bug: 'selection taken for random, as C-123 describes it; RMQ-084 has a counter',
  rules: { nextTurn: (_turn, send) => send >>> 0 },
  preset: 'latency-tolerance',
})
