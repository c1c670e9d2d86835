/** A master that has lost the connection to its slaves waits for nobody. */
import { mutant } from './mutant.ts'

export const nobodyThereNobodyAwaited = mutant({
  id: 'nobody-there-nobody-awaited',
  title: 'slaves that are not connected are not waited for',
  breaks: 'DUR-5',
  bug: '#6662, 7903c70412 (no. 30): what is confirmed goes on while a member is not connected',
  rules: { hasEnoughCopies: (copies, needed, _slaves, connected) => copies >= Math.min(needed, connected) },
  preset: 'sync-replicated',
})
