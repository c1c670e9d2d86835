/** The NameServer never looks for brokers that have gone silent: a dead master stays in every route for ever. */
import { mutant } from './mutant.ts'

export const scanNeverScheduled = mutant({
  id: 'scan-never-scheduled',
  title: 'keeps brokers in the table of a NameServer however long they are silent',
  breaks: 'RTE-1',
  bug: '#46 (#9717)',
  rules: { hasExpired: () => false },
  preset: 'cluster',
})
