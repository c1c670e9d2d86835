/** One progress for each queue, whoever told it: a group that comes back goes on where another one stands. */
import { mutant } from './mutant.ts'

export const progressWithoutGroup = mutant({
  id: 'progress-without-group',
  title: 'the broker keeps one progress for a queue, whichever group it is of',
  breaks: 'GRP-1',
  bug: 'the demanded violation of the catalogue: offsets that depend on another group (C-145)',
  rules: { groupOfOffset: () => 'all' },
  preset: 'start-positions',
})
