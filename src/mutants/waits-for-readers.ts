/** A file stays until every group has read it, however old it is. */
import { mutant } from './mutant.ts'

export const waitsForReaders = mutant({
  id: 'waits-for-readers',
  title: 'a file stays until every group has read it',
  breaks: 'RET-2',
  bug: 'what notes say of retention: only files that no consumer needs are deleted (C-319, X-05)',
  rules: { mayGo: (isUnread) => !isUnread() },
  preset: 'retention',
})
