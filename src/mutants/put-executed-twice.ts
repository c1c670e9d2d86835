/** One request is put twice: two records, two deliveries, with no fault anywhere. */
import { mutant } from './mutant.ts'

export const putExecutedTwice = mutant({
  id: 'put-executed-twice',
  title: 'every send is appended twice',
  breaks: 'ALO-5',
  bug: '#4466, cd24a24424 (no. 25)',
  rules: { appendsOf: () => 2 },
  preset: 'faultless',
})
