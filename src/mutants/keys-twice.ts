/** Recovery builds keys again without looking whether the index still has them. */
import { mutant } from './mutant.ts'

export const keysTwice = mutant({
  id: 'keys-twice',
  title: 'after a crash messages are in the key index twice',
  breaks: 'QRY-1',
  bug: 'compare no. 14: entries are built again that are there already',
  rules: { dropsKeyIndex: () => false, takesKeys: () => true },
  preset: 'queries',
})
