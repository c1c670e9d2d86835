/** A controller that leads nobody any more, and does not know it, goes on telling a master that it has been heard. */
import { mutant } from './mutant.ts'

export const vouchesWhenDeposed = mutant({
  id: 'vouches-when-deposed',
  title: 'a controller that has lost sight of the others goes on, and answers heartbeats without having made sure that it still leads',
  breaks: 'HA-2',
  bug: 'no. 39, #7017, one room further: master and controller are cut off together, and one keeps the other in office (RMQ-072; Raft §8)',
  rules: { givesUp: () => false, mayVouch: () => true },
  preset: 'controller-successions',
})
