/** A controller that is cut off from the others elects itself, and decides by itself. */
import { mutant } from './mutant.ts'

export const oneControllerIsEnough = mutant({
  id: 'one-controller-is-enough',
  title: 'a controller needs nobody else to lead, and to decide',
  breaks: 'HA-2',
  bug: 'the violation that HA-2 demands: controllers that are cut off from each other elect masters on either side (RMQ-072; Raft §5.2)',
  rules: { isMajority: (count) => count >= 1 },
  preset: 'controller-quorum',
})
