/** A mistake in a selector is found when messages are missed. */
import { mutant } from './mutant.ts'

export const nonsenseAccepted = mutant({
  id: 'nonsense-accepted',
  title: "the broker takes a selector that it can't parse, and gives the group nothing",
  breaks: 'FLT-2',
  bug: 'the statement of the catalogue: invalid expressions are rejected at subscribe time (RMQ-137)',
  rules: { refusesSelector: (_mistake, enabled) => (enabled ? '' : 'off') },
  preset: 'selectors',
})
