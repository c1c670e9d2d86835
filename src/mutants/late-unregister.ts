/** The old connection of a broker closes late, and the NameServer drops the new registration with it. */
import { mutant } from './mutant.ts'

export const lateUnregister = mutant({
  id: 'late-unregister',
  title: 'drops a broker that has registered again when its old connection closes',
  breaks: 'RTE-1',
  bug: '#45 (#5374)',
  rules: { isClosed: () => true },
  preset: 'cluster',
})
