/** A group begins where the furthest group is, as if what others have finished were finished for all. */
import { mutant } from './mutant.ts'

export const startsWhereOthersAre = mutant({
  id: 'starts-where-others-are',
  title: 'a group is told the furthest progress of any group as its own',
  breaks: 'GRP-1',
  bug: 'the demanded violation of the catalogue: a start that depends on another group (C-145)',
  rules: { offsetOfGroup: (_, furthest) => furthest() },
  preset: 'start-positions',
})
