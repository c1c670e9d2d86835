/** Deduplicates by the place of the record: what is stored a second time is new. */
import { mutant } from './mutant.ts'

export const offsetIdAsKey = mutant({
  id: 'offset-id-as-key',
  title: 'a receiver goes by the offsetMsgId instead of a key',
  breaks: 'IDM-1',
  bug: 'as IDM-2 demands a violation of: the offsetMsgId as a business key',
  rules: { keyOf: (_by, { at }) => `at ${at}` },
  preset: 'receivers',
})
