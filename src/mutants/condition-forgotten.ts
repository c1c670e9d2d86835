/** The update says what the new state is, and forgets to say from which one. */
import { mutant } from './mutant.ts'

export const conditionForgotten = mutant({
  id: 'condition-forgotten',
  title: 'the update that pays does not ask whether the order is unpaid',
  breaks: 'IDM-1',
  bug: 'as IDM-1 demands a violation of: check-then-act without atomicity',
  rules: { mayUpdate: () => true },
  preset: 'receivers',
})
