/** Recovery builds queue entries again, and not the keys that it has thrown away with the index. */
import { mutant } from './mutant.ts'

export const keysNotRebuilt = mutant({
  id: 'keys-not-rebuilt',
  title: 'after a crash the key index begins empty',
  breaks: 'QRY-1',
  bug: 'compare nos. 18 and 26: abnormal recovery omits the dispatch',
  rules: { rebuildsKeys: () => false },
  preset: 'queries',
})
