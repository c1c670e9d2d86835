/** The answer about the stored offset is read as zero: everything since the beginning is delivered again. */
import { mutant } from './mutant.ts'

export const storedOffsetIgnored = mutant({
  id: 'stored-offset-ignored',
  title: 'a consumer starts at the beginning although the broker knows its progress',
  breaks: 'ALO-3',
  bug: '#2705/#2708, da589b1975 (no. 49); #3503 (no. 69)',
  rules: { startOffset: () => 0 },
  preset: 'default',
})
