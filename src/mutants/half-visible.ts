/** A half message goes straight to the topic that it is meant for: consumers see it before its transaction has ended. */
import { mutant } from './mutant.ts'

export const halfVisible = mutant({
  id: 'half-visible',
  title: 'a half message is stored in its real topic',
  breaks: 'TXN-1',
  bug: '#1626, 3d778ef625 (no. 81), turned round',
  rules: { storesHalfInternally: () => false },
  preset: 'transactions',
})
