/** A broker registers when something has changed, and not otherwise: a NameServer that was restarted never hears of it. */
import { mutant } from './mutant.ts'

export const registersChangesOnly = mutant({
  id: 'registers-changes-only',
  title: 'registers at its start and when a topic changes, but not every 30 s',
  breaks: 'RTE-1',
  bug: 'compare forceRegister (RMQ-004)',
  rules: { registersUnchanged: () => false },
  preset: 'cluster',
})
