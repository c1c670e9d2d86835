/** No tag is taken for any tag. */
import { mutant } from './mutant.ts'

export const untaggedIsEverybodys = mutant({
  id: 'untagged-is-everybodys',
  title: 'broker and client take a message without a tag for one that everybody wants',
  breaks: 'FLT-1',
  bug: "RMQ-135: a null tag is dropped where tags are named; compare POP's flag that was lost (no. 74)",
  rules: {
    matchesCode: (wanted, tagsCode) => tagsCode === 0 || wanted.includes(tagsCode),
    takesTag: (wanted, tag) => tag === '' || wanted.includes(tag),
  },
  preset: 'tags',
})
