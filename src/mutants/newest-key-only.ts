/** The slot of a hash is written over, and the entry before it is forgotten: of each key the newest message alone is found. */
import { mutant } from './mutant.ts'

export const newestKeyOnly = mutant({
  id: 'newest-key-only',
  title: 'entries of the key index do not lead on to the ones before them',
  breaks: 'QRY-1',
  bug: 'compare no. 6: an index whose entries do not fit each other',
  rules: { leadsOn: () => false },
  preset: 'queries',
})
