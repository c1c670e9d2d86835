/** The table has a column for the key, and nobody made it unique: every insert succeeds. */
import { mutant } from './mutant.ts'

export const uniqueIndexForgotten = mutant({
  id: 'unique-index-forgotten',
  title: 'the table of handled keys has no unique index',
  breaks: 'IDM-1',
  bug: 'as IDM-1 demands a violation of: a key that is recorded without a unique index',
  rules: { refusesInsert: () => false },
  preset: 'receivers',
})
