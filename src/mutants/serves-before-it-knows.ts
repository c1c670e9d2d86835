/** A controller that has come to lead decides before it knows which of the entries in its log are decided. */
import { mutant } from './mutant.ts'

export const servesBeforeItKnows = mutant({
  id: 'serves-before-it-knows',
  title: 'a controller that comes to lead serves at once',
  breaks: 'HA-2',
  bug: 'the violation that HA-2 demands: who elects by what was decided before the last election gives out its epoch again (RMQ-072; Raft §8)',
  rules: { mayServe: () => true },
  preset: 'controller-successions',
})
